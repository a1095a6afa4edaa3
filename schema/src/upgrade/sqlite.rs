//! A revision on SQLite: a statement at a time, since there is no message to save.
//!
//! `BEGIN IMMEDIATE` is the lock. A file that is not to run in our transaction has its own (the rebuild of a table
//! needs `PRAGMA foreign_keys = OFF` before it): its row goes in just before that file's last COMMIT.

use diesel::QueryResult;
use diesel::result::Error;
use diesel_schema_core::sql::split::Statement;

use super::UpgradeError;
use super::applied::{CREATE, fits, holds};
use super::history::{self, Ended};
use super::job::{Control, Job, Outcome, control, words};
use super::step::Act;
use crate::connection::SqlConnection;

/// How long a statement waits inside SQLite; the runner's own polling does the rest.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// No transaction takes it back.
const LEGACY: &str = "legacy_alter_table";

/// Runs it.
pub(super) fn run(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let settings = Settings::take(connection, job.sql)
        .map_err(|error| UpgradeError::query("reading SQLite's settings", &error))?;
    let outcome = if job.run_in_transaction { in_transaction(connection, job) } else { enveloped(connection, job) };
    if !matches!(outcome, Ok(Outcome::Done)) {
        if job.step.is_some() {
            // So that Diesel's own count of transactions agrees: it ends what it began, where that is not there any more.
            let _ = connection.batch("BEGIN");
            let _ = job.step(connection, Act::Rollback);
        }
        // Nothing to roll back is an error that means nothing here.
        let _ = connection.batch("ROLLBACK");
    }
    settings.restore(connection);
    outcome
}

/// What a revision may leave otherwise than it was.
pub(super) struct Settings(Vec<(&'static str, String)>);

impl Settings {
    /// Reads what `sql` may change, and has statements wait for others.
    pub(super) fn take(connection: &mut dyn SqlConnection, sql: &str) -> QueryResult<Self> {
        let mut settings = Vec::new();
        for name in ["busy_timeout", "foreign_keys", LEGACY] {
            // Rebuilds alone set it, which are few.
            if name == LEGACY && !sql.contains(LEGACY) {
                continue;
            }
            let value = connection.rows(&format!("PRAGMA {name}"))?.into_iter().flatten().flatten().next();
            settings.extend(value.map(|value| (name, value)));
        }
        connection.rows(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"))?;
        Ok(Self(settings))
    }

    pub(super) fn restore(&self, connection: &mut dyn SqlConnection) {
        for (name, value) in &self.0 {
            // Setting a connection's own number can't fail while the connection is there.
            let _ = connection.rows(&format!("PRAGMA {name} = {value}"));
        }
    }
}

pub(super) fn is_busy(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, info) if info.message().contains("database is locked"))
}

/// Takes the lock and looks again.
fn begin(connection: &mut dyn SqlConnection, sql: &str, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    match connection.batch(sql) {
        Ok(()) => {}
        Err(error) if is_busy(&error) => return Ok(Outcome::Busy),
        Err(error) => return Err(UpgradeError::query("taking the lock", &error)),
    }
    let outcome = look(connection, job)?;
    if outcome == Outcome::Done && job.create_table {
        // First, as Diesel does: a file may name it.
        connection.batch(CREATE).map_err(|error| job.failed(&error, None, None))?;
    }
    Ok(outcome)
}

fn look(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let holds = |connection: &mut dyn SqlConnection| {
        let there = holds(connection, job.id);
        there.map_err(|error| UpgradeError::query("reading which revisions are applied", &error))
    };
    let found = holds(connection).and_then(|there| Ok((there.unwrap_or_default(), fits(connection, job)?)));
    match found {
        Ok((there, fits)) => Ok(if there == job.up || !fits { Outcome::Elsewhere } else { Outcome::Done }),
        Err(error) if error.is_locked() => Ok(Outcome::Busy),
        Err(error) => Err(error),
    }
}

fn write_row(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<(), UpgradeError> {
    connection.batch(&job.row()).map_err(|error| job.failed(&error, None, None))?;
    if job.history.is_some() {
        let event = job.event(Some(job.started.elapsed()), Ended::Well);
        history::write_sqlite(connection, &[event]).map_err(|error| job.failed(&error, None, None))?;
    }
    Ok(())
}

fn in_transaction(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let statements = job.statements();
    job.no_transaction_of_its_own(&statements)?;
    wrapped(connection, job, &statements)
}

fn wrapped(
    connection: &mut dyn SqlConnection,
    job: &Job<'_>,
    statements: &[Statement<'_>],
) -> Result<Outcome, UpgradeError> {
    let step = job.step.is_some() && job.run_in_transaction;
    if step {
        // Diesel has to know of a transaction in which the application's code runs; its own takes no lock.
        job.step(connection, Act::Begin)?;
        connection.batch("COMMIT").map_err(|error| job.failed(&error, None, None))?;
    }
    let outcome = begin(connection, "BEGIN IMMEDIATE", job)?;
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    if step && !job.up {
        job.step(connection, Act::Run)?;
    }
    for statement in statements {
        execute(connection, job, statement)?;
    }
    if step && job.up {
        job.step(connection, Act::Run)?;
    }
    write_row(connection, job)?;
    if step {
        job.step(connection, Act::Commit)?;
        return Ok(Outcome::Done);
    }
    commit(connection, "COMMIT", |error| job.failed(error, None, None))
}

/// Ends the first transaction. Readers that do not go keep a rollback journal's writer out to the end, and nothing is
/// done then (<https://sqlite.org/lockingv3.html>, 5.0).
fn commit(
    connection: &mut dyn SqlConnection,
    sql: &str,
    failed: impl FnOnce(&Error) -> UpgradeError,
) -> Result<Outcome, UpgradeError> {
    match connection.batch(sql) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if is_busy(&error) => Ok(Outcome::Busy),
        Err(error) => Err(failed(&error)),
    }
}

/// A file with a transaction of its own, or with statements that can't be in one.
fn enveloped(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let statements = job.statements();
    if job.step.is_some() {
        return step_alone(connection, job, &statements);
    }
    let of = |statement: &Statement<'_>| control(statement.sql, job.dialect);
    let Some(last_commit) = statements.iter().rposition(|statement| of(statement) == Control::Commit) else {
        return without_commit(connection, job, &statements);
    };
    // A quick look, so that not even a PRAGMA is run in vain; the one that counts comes after BEGIN.
    let outcome = look(connection, job)?;
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    let (mut begun, mut committed) = (false, false);
    for (index, statement) in statements.iter().enumerate() {
        if of(statement) == Control::Begin && !begun {
            // IMMEDIATE whatever the file says: a deferred one can fail later, when another process writes first.
            begun = true;
            let outcome = begin(connection, "BEGIN IMMEDIATE", job)?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
            continue;
        }
        if index == last_commit {
            write_row(connection, job)?;
        }
        if of(statement) == Control::Commit && !std::mem::replace(&mut committed, true) {
            let outcome = commit(connection, statement.sql, |error| failed(job, statement, error))?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
            continue;
        }
        execute(connection, job, statement)?;
    }
    Ok(Outcome::Done)
}

/// Code outside a transaction, which nothing can say to be done but its row: with nothing beside it.
fn step_alone(
    connection: &mut dyn SqlConnection,
    job: &Job<'_>,
    statements: &[Statement<'_>],
) -> Result<Outcome, UpgradeError> {
    if let Some(other) = statements.iter().find(|it| words(it.sql, job.dialect, 1) != ["SELECT"]) {
        let say = "it stands beside a step in Rust outside a transaction, and would run again with it".to_owned();
        let next = "Put it into a revision of its own, or write `run_in_transaction = true`.".to_owned();
        return Err(job.failure(Some(other.offset), say, None, next, false));
    }
    let outcome = look(connection, job)?;
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    job.step(connection, Act::Run)?;
    wrapped(connection, job, statements)
}

/// What SQLite allows in a transaction is run in one; only the rest stands before and after it.
fn without_commit(
    connection: &mut dyn SqlConnection,
    job: &Job<'_>,
    statements: &[Statement<'_>],
) -> Result<Outcome, UpgradeError> {
    let outside = |statement: &Statement<'_>| {
        let first = words(statement.sql, job.dialect, 1);
        matches!(first.first().map(String::as_str), Some("PRAGMA" | "VACUUM" | "ATTACH" | "DETACH"))
    };
    let first = statements.iter().position(|statement| !outside(statement)).unwrap_or(statements.len());
    let last = statements.iter().rposition(|statement| !outside(statement)).map_or(first, |last| last + 1);
    let outcome = look(connection, job)?;
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    for statement in &statements[..first] {
        execute(connection, job, statement)?;
    }
    let outcome = wrapped(connection, job, &statements[first..last])?;
    if outcome == Outcome::Done {
        for statement in &statements[last..] {
            execute(connection, job, statement)?;
        }
    }
    Ok(outcome)
}

fn execute(connection: &mut dyn SqlConnection, job: &Job<'_>, statement: &Statement<'_>) -> Result<(), UpgradeError> {
    let first = words(statement.sql, job.dialect, 2);
    if first == ["PRAGMA", "FOREIGN_KEY_CHECK"] {
        let rows = connection.rows(statement.sql).map_err(|error| failed(job, statement, &error))?;
        let Some(row) = rows.first() else { return Ok(()) };
        let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let say = format!("row {} of {} refers to a row of {} that is not there", part(1), part(0), part(2));
        let next = format!("{}: mend the rows, or the file{}.", job.nothing(), job.again);
        return Err(job.failure(Some(statement.offset), say, None, next, false));
    }
    connection.batch(statement.sql).map_err(|error| failed(job, statement, &error))
}

/// SQLite says no position, but often the word: where that is there only once, it is the place.
fn failed(job: &Job<'_>, statement: &Statement<'_>, error: &Error) -> UpgradeError {
    let near = match error {
        Error::DatabaseError(_, info) => {
            info.message().split_once("near \"").and_then(|(_, rest)| rest.split_once("\": ")).map(|it| it.0.to_owned())
        }
        _ => None,
    };
    let tokens = diesel_schema_core::sql::split::tokens(statement.sql, job.dialect);
    let mut found = tokens.iter().filter(|token| near.as_deref() == Some(token.sql));
    let at = match (found.next(), found.next()) {
        (Some(token), None) => token.offset,
        _ => 0,
    };
    job.failed(error, Some(statement.offset + at), None)
}
