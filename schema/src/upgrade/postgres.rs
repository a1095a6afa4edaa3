//! A revision on PostgreSQL: one message where it runs in a transaction, a statement a message where it does not.
//!
//! Nobody ever waits inside a lock: a waiter in `pg_advisory_lock` holds a snapshot, which `CREATE INDEX CONCURRENTLY`
//! waits for. The lock is a try-lock of the transaction, which holds behind a pooler and goes with the process.

use diesel::result::Error;

use super::applied::CREATE;
use super::job::{Job, Outcome, quoted};
use super::language::named;
use super::session_lock::SessionLock;
use super::settings::{restore, save, touched};
use super::step::Act;
use super::{More, TABLE, UpgradeError, history, outside};
use crate::connection::SqlConnection;

/// Whoever upgrades a database holds this advisory lock: `diesel-s`, as bytes.
pub(super) const KEY: i64 = 0x6469_6573_656c_2d73;

/// Ends up in an error message, whatever the server's language.
pub(super) const HELD: &str = "diesel_schema: another process is upgrading";
pub(super) const GONE: &str = "diesel_schema: another process has changed the row";

/// An expression that fails, with `say` in the message, unless `condition` holds.
pub(super) fn require(condition: &str, say: &str) -> String {
    where_it_holds(condition, "''", say)
}

/// `value`, or a failure with `say` in the message: there is no setting of that name, which the server finds out when it
/// looks, and not while it plans.
fn where_it_holds(condition: &str, value: &str, say: &str) -> String {
    format!("CASE WHEN {condition} THEN {value} ELSE current_setting('{say}') END")
}

pub(super) fn try_lock() -> String {
    try_lock_of(KEY)
}

pub(super) fn try_lock_of(key: i64) -> String {
    format!("SELECT {}", require(&format!("pg_try_advisory_xact_lock({key})"), HELD))
}

/// Begins a transaction that only holds a lock, for however long. From PostgreSQL 17 on a transaction's whole time may be
/// limited, too.
pub(super) const IDLE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0; \
     SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('server_version_num')::int >= 170000";

pub(super) fn says(error: &Error, text: &str) -> bool {
    matches!(error, Error::DatabaseError(_, info) if info.message().contains(text))
}

/// Whether the error is one that a condition of ours made.
pub(super) fn is_ours(error: &Error) -> bool {
    says(error, HELD) || says(error, GONE)
}

/// Runs it.
pub(super) fn run(connection: &mut dyn SqlConnection, more: &More<'_>, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    if job.run_in_transaction {
        in_transaction(connection, job)
    } else if let Some(mut guard) = more() {
        let guard = guard.as_sql_connection();
        guarded(connection, guard, more, job)
    } else {
        alone(connection, more, job)
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

/// The lock, and the row first: a process that was faster is found before anything else is done, and a `SET search_path`
/// in the file can't lead it astray.
fn lock_and_row(job: &Job<'_>) -> String {
    if job.up && !job.create_table && job.condition.is_none() {
        // Nothing is looked at but the table's key, which is no matter of a snapshot; one statement instead of two is a
        // fiftieth of a small revision.
        let id = where_it_holds(&format!("pg_try_advisory_xact_lock({KEY})"), &quoted(&[job.id]), HELD);
        return format!("INSERT INTO {TABLE} (version) VALUES ({id});");
    }
    let create = if job.create_table { format!("{CREATE};") } else { String::new() };
    let guard = job.condition.as_ref().map(|condition| format!("SELECT {};", require(condition, GONE)));
    format!("{};{create}{}{};", try_lock(), guard.unwrap_or_default(), row(job))
}

fn in_transaction(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let statements = job.statements();
    job.no_transaction_of_its_own(&statements)?;
    // Diesel has to know of a transaction in which the application's code runs.
    let begin = if job.step.is_some() { "" } else { "BEGIN;" };
    let before = format!("{begin}{}", lock_and_row(job));
    // What is ours is set after the settings are saved: it would be set back otherwise, for good.
    let local = job.timeouts.set_local();
    let touched = touched(&statements);
    let (before, after) = if touched {
        (format!("{before}{};{local}\n", save(true)), format!("{};", restore()))
    } else {
        (format!("{before}{local}\n"), String::new())
    };
    let end = |connection: &mut dyn SqlConnection, error: Error, before: &str| {
        if says(&error, HELD) {
            Ok(Outcome::Busy)
        } else if says(&error, GONE) || job.is_elsewhere(connection, &error) {
            Ok(Outcome::Elsewhere)
        } else {
            let at = place(&error).and_then(|at| at.checked_sub(before.chars().count()));
            Err(job.failed(&error, at.map(|_| 0), at))
        }
    };
    if job.step.is_some() {
        let after = after + &history::beside(job).map(|sql| format!("{sql};")).unwrap_or_default();
        let outcome = with_step(connection, job, &before, &after, &end);
        if !matches!(outcome, Ok(Outcome::Done)) {
            // Where the connection is gone, so is the transaction.
            let _ = job.step(connection, Act::Rollback);
        }
        return outcome;
    }
    let after = after + &history::at_the_end(job, touched);
    let sent = connection.batch(&format!("{before}{}\n;{after}COMMIT", job.sql));
    match sent.or_else(|error| history::left_out(connection, job, &error).unwrap_or(Err(error))) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => {
            let _ = connection.batch("ROLLBACK");
            let error = if is_ours(&error) { error } else { named(connection, error, &before[begin.len()..], job.sql) };
            end(connection, error, &before)
        }
    }
}

/// What an error means of a message that began with a text.
type Failed<'a> = dyn Fn(&mut dyn SqlConnection, Error, &str) -> Result<Outcome, UpgradeError> + 'a;

/// As one message, but with the code after the SQL, or on the way down before it.
fn with_step(
    connection: &mut dyn SqlConnection,
    job: &Job<'_>,
    before: &str,
    after: &str,
    end: &Failed<'_>,
) -> Result<Outcome, UpgradeError> {
    job.step(connection, Act::Begin)?;
    if let Err(error) = connection.batch(before) {
        return end(connection, error, before);
    }
    if !job.up {
        job.step(connection, Act::Run)?;
    }
    if let Err(error) = connection.batch(&format!("{}\n;SELECT 1", job.sql)) {
        return end(connection, error, "");
    }
    if job.up {
        job.step(connection, Act::Run)?;
    }
    if !after.is_empty() {
        connection.batch(after).or_else(|error| end(connection, error, after).map(|_| ()))?;
    }
    job.step(connection, Act::Commit)?;
    Ok(Outcome::Done)
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
    more: &More<'_>,
    job: &Job<'_>,
) -> Result<Outcome, UpgradeError> {
    let outcome = match guard.batch(&format!("{IDLE};{}", try_lock())) {
        Ok(()) => outside::run(connection, more, job),
        Err(error) if says(&error, HELD) => Ok(Outcome::Busy),
        Err(error) => Err(UpgradeError::query("taking the lock", &error)),
    };
    // It frees the lock; a connection that broke has freed it already.
    let _ = guard.batch("ROLLBACK");
    outcome
}

/// With a lock of the session, where there is no second connection.
fn alone(connection: &mut dyn SqlConnection, more: &More<'_>, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let Some(lock) = SessionLock::take(connection, KEY)? else { return Ok(Outcome::Busy) };
    let outcome = outside::run(connection, more, job);
    lock.release(connection);
    outcome
}
