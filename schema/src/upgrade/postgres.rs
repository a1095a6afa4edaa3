//! A revision on PostgreSQL: one message where it runs in a transaction, a statement a message where it does not.
//!
//! Nobody ever waits inside a lock: a waiter in `pg_advisory_lock` holds a snapshot, which `CREATE INDEX CONCURRENTLY`
//! waits for. The lock is a try-lock of the transaction, which holds behind a pooler and goes with the process.

use diesel::QueryResult;
use diesel::result::Error;

use super::applied::{CREATE, fits, holds};
use super::job::{Control, Job, Outcome, control};
use super::settings::{RESTORE, save, touched};
use super::timeouts::Sender;
use super::{More, UpgradeError, history};
use crate::connection::SqlConnection;

/// Whoever upgrades a database holds this advisory lock: `diesel-s`, as bytes.
const KEY: i64 = 0x6469_6573_656c_2d73;

/// Ends up in an error message, whatever the server's language; the cast is only tried where the condition fails.
pub(super) const HELD: &str = "diesel_schema: another process is upgrading";
pub(super) const GONE: &str = "diesel_schema: another process has changed the row";

/// An expression that fails, with `say` in the message, unless `condition` holds. The process id keeps the planner
/// from working out the cast beforehand.
pub(super) fn require(condition: &str, say: &str) -> String {
    format!("CASE WHEN {condition} THEN 1 ELSE ('{say} ' || pg_backend_pid()::text)::int END")
}

pub(super) fn try_lock() -> String {
    format!("SELECT {}", require(&format!("pg_try_advisory_xact_lock({KEY})"), HELD))
}

pub(super) fn says(error: &Error, text: &str) -> bool {
    matches!(error, Error::DatabaseError(_, info) if info.message().contains(text))
}

/// Runs it.
pub(super) fn run(connection: &mut dyn SqlConnection, more: &More<'_>, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    if job.run_in_transaction {
        job.no_transaction_of_its_own()?;
        in_transaction(connection, job)
    } else if let Some(mut guard) = more() {
        let guard = guard.as_sql_connection();
        guarded(connection, guard, job)
    } else {
        alone(connection, job)
    }
}

pub(super) fn row(job: &Job<'_>) -> String {
    if job.up {
        job.row()
    } else {
        let gone = require("count(*) = 1", GONE);
        format!("{}WITH gone AS ({} RETURNING 1) SELECT {gone} FROM gone", job.forgotten(), job.own_row())
    }
}

fn in_transaction(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let create = if job.create_table { format!("{CREATE};") } else { String::new() };
    // The row first: a process that was faster is found before anything else is done, and a `SET search_path` in the
    // file can't lead it astray.
    let guard = job.condition.as_ref().map(|condition| format!("SELECT {};", require(condition, GONE)));
    let before = format!("BEGIN;{};{create}{}{};", try_lock(), guard.unwrap_or_default(), row(job));
    // What is ours is set after the settings are saved: it would be set back otherwise, for good.
    let local = job.timeouts.set_local();
    let (before, after) = if touched(&job.statements()) {
        (format!("{before}{};{local}\n", save(true)), format!("{RESTORE};"))
    } else {
        (format!("{before}{local}\n"), String::new())
    };
    let history = history::beside(job).map(|sql| format!("{sql};")).unwrap_or_default();
    let message = format!("{before}{}\n;{after}{history}COMMIT", job.sql);
    match connection.batch(&message) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => {
            // Where the connection is gone, so is the transaction.
            let _ = connection.batch("ROLLBACK");
            if says(&error, HELD) {
                Ok(Outcome::Busy)
            } else if Job::is_elsewhere(&error) || says(&error, GONE) {
                Ok(Outcome::Elsewhere)
            } else {
                let at = place(&error).and_then(|at| at.checked_sub(before.chars().count()));
                Err(job.failed(&error, at.map(|_| 0), at))
            }
        }
    }
}

/// What the server points at, in characters of the message from 0.
pub(super) fn place(error: &Error) -> Option<usize> {
    let Error::DatabaseError(_, info) = error else { return None };
    usize::try_from(info.statement_position()?).ok()?.checked_sub(1)
}

/// With a second connection, whose idle transaction holds the lock, without a snapshot.
fn guarded(
    connection: &mut dyn SqlConnection,
    guard: &mut dyn SqlConnection,
    job: &Job<'_>,
) -> Result<Outcome, UpgradeError> {
    let begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0";
    let outcome = match guard.batch(&format!("{begin};{}", try_lock())) {
        Ok(()) => locked(connection, job),
        Err(error) if says(&error, HELD) => Ok(Outcome::Busy),
        Err(error) => Err(UpgradeError::query("taking the lock", &error)),
    };
    // It frees the lock; a connection that broke has freed it already.
    let _ = guard.batch("ROLLBACK");
    outcome
}

/// With a lock of the session, where there is no second connection.
fn alone(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    match connection.batch(&format!("SELECT {}", require(&format!("pg_try_advisory_lock({KEY})"), HELD))) {
        Ok(()) => {}
        Err(error) if says(&error, HELD) => return Ok(Outcome::Busy),
        Err(error) => return Err(UpgradeError::query("taking the lock", &error)),
    }
    let outcome = locked(connection, job);
    let _ = connection.batch(&format!("SELECT pg_advisory_unlock({KEY})"));
    outcome
}

fn locked(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let there = holds(connection, job.id)
        .map_err(|error| UpgradeError::query("reading which revisions are applied", &error))?;
    if there.unwrap_or_default() == job.up {
        return Ok(Outcome::Elsewhere);
    }
    if !fits(connection, job)? {
        return Ok(Outcome::Elsewhere);
    }
    if there.is_none() {
        connection.batch(CREATE).map_err(|error| UpgradeError::query("creating the table of revisions", &error))?;
    }
    let statements = job.statements();
    let touched = touched(&statements);
    if touched {
        connection
            .batch(&save(false))
            .map_err(|error| UpgradeError::query("reading the connection's settings", &error))?;
    }
    let restore = |connection: &mut dyn SqlConnection| if touched { connection.batch(RESTORE) } else { Ok(()) };
    // A file that ends with its own COMMIT gets its row into that transaction.
    let ends = statements.last().is_some_and(|last| control(last.sql, job.dialect) == Control::Commit);
    let last = statements.len().saturating_sub(1);
    let mut sender = Sender::new(job);
    for (index, statement) in statements.iter().enumerate() {
        let row = if ends && index == last {
            restore(connection).and_then(|()| write_row(connection, job)).map_err(|error| (error, None))
        } else {
            Ok(())
        };
        if let Err((error, at)) = row.and_then(|()| sender.send(connection, statement.sql)) {
            let _ = connection.batch("ROLLBACK");
            // The connection is gone where this fails too.
            let _ = restore(connection);
            return Err(job.failed(&error, Some(statement.offset), at));
        }
    }
    if !ends {
        // Before the row: its table is found by the search path.
        restore(connection)
            .and_then(|()| write_row(connection, job))
            .map_err(|error| job.failed(&error, None, None))?;
    }
    Ok(Outcome::Done)
}

/// The row, and that of the history with it.
fn write_row(connection: &mut dyn SqlConnection, job: &Job<'_>) -> QueryResult<()> {
    let history = history::beside(job).map(|sql| format!(";{sql}")).unwrap_or_default();
    connection.batch(&(job.row() + &history))
}
