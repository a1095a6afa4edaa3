//! Rows of Diesel's table, changed without running a revision.

use std::time::Duration;

use diesel_schema_core::Dialect;

use super::applied::{CREATE, versions};
use super::history::{self, Direction, Ended, Row, State};
use super::job::{Outcome, quoted};
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
    /// Changes them, in one transaction and inside the lock, all or none.
    pub(super) fn write(&mut self, change: &RowChange<'_>) -> Result<Outcome, UpgradeError> {
        if self.open_history()? == Outcome::Busy {
            return Ok(Outcome::Busy);
        }
        let set = self.set;
        let removed = change.remove.iter().map(|id| (*id, Direction::Unstamp));
        let all = removed.chain(change.add.iter().map(|id| (*id, Direction::Stamp)));
        let row = |(revision, direction)| {
            let checksum = set.get(revision).map(|revision| revision.checksum);
            Row { revision, direction, checksum, elapsed: Some(Duration::ZERO), ended: Ended::Well }
        };
        let history: Vec<Row<'_>> = if self.history == State::On { all.map(row).collect() } else { Vec::new() };
        let connection = &mut *self.connection;
        if set.dialect != Dialect::Sqlite {
            return on_postgres(connection, change, &history);
        }
        let settings = sqlite::Settings::take(connection)
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

fn on_postgres(
    connection: &mut dyn SqlConnection,
    change: &RowChange<'_>,
    history: &[Row<'_>],
) -> Result<Outcome, UpgradeError> {
    let before: Vec<&str> = change.before.iter().map(String::as_str).collect();
    let mut unchanged = format!("(SELECT count(*) FROM {TABLE}) = {}", before.len());
    if !before.is_empty() {
        let known = format!("SELECT count(*) FROM {TABLE} WHERE version IN ({})", quoted(&before));
        unchanged = format!("{unchanged} AND ({known}) = {}", before.len());
    }
    let mut all = vec!["BEGIN".to_owned(), postgres::try_lock()];
    all.extend(change.create_table.then(|| CREATE.to_owned()));
    all.push(format!("SELECT {}", postgres::require(&unchanged, postgres::GONE)));
    all.extend(statements(&change.remove, &change.add));
    all.push(unfinished::forget(&[&change.remove[..], &change.add[..]].concat()));
    all.extend((!history.is_empty()).then(|| history::write_postgres(history)));
    all.push("COMMIT".to_owned());
    match connection.batch(&all.join(";\n")) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => {
            // Where the connection is gone, so is the transaction.
            let _ = connection.batch("ROLLBACK");
            if postgres::says(&error, postgres::HELD) {
                Ok(Outcome::Busy)
            } else if postgres::says(&error, postgres::GONE) {
                Ok(Outcome::Elsewhere)
            } else {
                Err(UpgradeError::query(DOING, &error))
            }
        }
    }
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
        history::write_sqlite(connection, history);
    }
    connection.batch("COMMIT").map_err(failed)?;
    Ok(Outcome::Done)
}
