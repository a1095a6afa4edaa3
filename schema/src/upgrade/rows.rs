//! Rows of Diesel's table, changed without running a revision.

use std::time::Duration;

use diesel_schema_core::Dialect;

use super::applied::{CREATE, versions};
use super::history::{self, Direction, Ended, Row, State};
use super::job::{Outcome, quoted};
use super::language::named;
use super::transient::is_lock_timeout;
use super::{Runner, TABLE, UpgradeError, postgres, sqlite, unfinished};
use crate::connection::SqlConnection;

/// What to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowChange<'a> {
    /// The rows that are there before; with others nothing is done.
    pub(super) before: &'a [String],
    /// Whether the table is not there yet.
    pub(super) create_table: bool,
    pub(super) remove: Vec<&'a str>,
    pub(super) add: Vec<&'a str>,
}

const DOING: &str = "writing which revisions are applied";

/// The statements that take rows away and add rows.
pub(super) fn statements(remove: &[&str], add: &[&str]) -> Vec<String> {
    let mut statements = Vec::new();
    if !remove.is_empty() {
        statements.push(format!("DELETE FROM {TABLE} WHERE version IN ({})", quoted(remove)));
    }
    if !add.is_empty() {
        let values: Vec<String> = add.iter().map(|id| format!("({})", quoted(&[id]))).collect();
        statements.push(format!("INSERT INTO {TABLE} (version) VALUES {}", values.join(", ")));
    }
    statements
}

impl Runner<'_, '_> {
    /// Runs `sql` on PostgreSQL, in one transaction and inside the lock, and again where a lock was not had in time.
    pub(super) fn in_one_message(
        &mut self,
        what: &str,
        doing: &'static str,
        sql: &str,
    ) -> Result<Outcome, UpgradeError> {
        let before = format!("{};{}", postgres::try_lock(), self.timeouts.set_local());
        let mut attempts = self.timeouts.attempts();
        loop {
            let Err(error) = self.connection.batch(&format!("BEGIN;{before}{sql};COMMIT")) else {
                return Ok(Outcome::Done);
            };
            // Where the connection is gone, so is the transaction.
            let _ = self.connection.batch("ROLLBACK");
            if postgres::says(&error, postgres::HELD) {
                return Ok(Outcome::Busy);
            }
            if postgres::says(&error, postgres::GONE) {
                return Ok(Outcome::Elsewhere);
            }
            let mut error = UpgradeError::query(doing, &named(self.connection, error, &before, sql));
            let UpgradeError::Query { message, transient, .. } = &mut error else { return Err(error) };
            if !is_lock_timeout(message) {
                return Err(error);
            }
            if !attempts.again(what) {
                // The budget is spent.
                *transient = false;
                return Err(error);
            }
        }
    }

    /// Changes them, in one transaction and inside the lock, all or none.
    pub(super) fn write(&mut self, change: &RowChange<'_>) -> Result<Outcome, UpgradeError> {
        if self.open_history()? == Outcome::Busy {
            return Ok(Outcome::Busy);
        }
        let set = self.set;
        let removed = change.remove.iter().map(|id| (*id, Direction::Unstamp));
        // A squashed revision takes the place of what it was made of, with the files that it has now.
        let squashed = set.revisions.iter().filter(|it| it.replaces.iter().any(|id| change.remove.contains(id)));
        let kept = squashed.map(|it| it.id).filter(|id| change.before.iter().any(|row| row == id));
        let added = change.add.iter().copied().chain(kept.filter(|id| !change.remove.contains(id)));
        let all = removed.chain(added.map(|id| (id, Direction::Stamp)));
        let row = |(revision, direction)| {
            let checksum = set.get(revision).map(|revision| revision.checksum);
            Row { revision, direction, checksum, elapsed: Some(Duration::ZERO), ended: Ended::Well }
        };
        let history: Vec<Row<'_>> = if self.history == State::On { all.map(row).collect() } else { Vec::new() };
        if set.dialect != Dialect::Sqlite {
            return self.in_one_message("stamp", DOING, &on_postgres(change, &history));
        }
        let connection = &mut *self.connection;
        let settings = sqlite::Settings::take(connection, "")
            .map_err(|error| UpgradeError::query("reading SQLite's settings", &error))?;
        let outcome = on_sqlite(connection, change, &history);
        if !matches!(outcome, Ok(Outcome::Done)) {
            // Nothing to roll back is an error that means nothing here.
            let _ = connection.batch("ROLLBACK");
        }
        settings.restore(connection);
        outcome
    }
}

/// The statements that make the change, but for what every transaction begins with.
fn on_postgres(change: &RowChange<'_>, history: &[Row<'_>]) -> String {
    let before: Vec<&str> = change.before.iter().map(String::as_str).collect();
    let mut unchanged = format!("(SELECT count(*) FROM {TABLE}) = {}", before.len());
    if !before.is_empty() {
        let known = format!("SELECT count(*) FROM {TABLE} WHERE version IN ({})", quoted(&before));
        unchanged = format!("{unchanged} AND ({known}) = {}", before.len());
    }
    let mut all: Vec<String> = change.create_table.then(|| CREATE.to_owned()).into_iter().collect();
    all.push(format!("SELECT {}", postgres::require(&unchanged, postgres::GONE)));
    all.extend(statements(&change.remove, &change.add));
    all.push(unfinished::forget(&[&change.remove[..], &change.add[..]].concat()));
    all.extend((!history.is_empty()).then(|| history::write_postgres(history)));
    all.join(";\n")
}

fn on_sqlite(
    connection: &mut dyn SqlConnection,
    change: &RowChange<'_>,
    history: &[Row<'_>],
) -> Result<Outcome, UpgradeError> {
    let failed = |error: diesel::result::Error| UpgradeError::query(DOING, &error);
    match connection.batch("BEGIN IMMEDIATE") {
        Ok(()) => {}
        Err(error) if sqlite::is_busy(&error) => return Ok(Outcome::Busy),
        Err(error) => return Err(UpgradeError::query("taking the lock", &error)),
    }
    let sorted = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort();
        rows
    };
    let found = versions(connection, &format!("SELECT version FROM {TABLE}")).map_err(failed)?;
    if sorted(&found.unwrap_or_default()) != sorted(change.before) {
        return Ok(Outcome::Elsewhere);
    }
    if change.create_table {
        connection.batch(CREATE).map_err(failed)?;
    }
    for statement in statements(&change.remove, &change.add) {
        connection.batch(&statement).map_err(failed)?;
    }
    if !history.is_empty() {
        history::write_sqlite(connection, history).map_err(failed)?;
    }
    connection.batch("COMMIT").map_err(failed)?;
    Ok(Outcome::Done)
}
