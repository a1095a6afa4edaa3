//! What is run once before anything is applied: a backup, mostly.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use diesel_schema_core::Dialect;

use super::postgres::{self, HELD, KEY, says};
use super::session_lock::SessionLock;
use super::wait::{Wait, are};
use super::{More, Options, UpgradeError, sqlite};
use crate::connection::{AsSqlConnection, SqlConnection, one_line};

/// What a hook is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending<'a> {
    /// The server's dialect.
    pub dialect: Dialect,
    /// The revisions that are about to be applied, in order.
    pub revisions: &'a [&'a str],
}

type Call = dyn Fn(&Pending<'_>) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + Sync;

/// A callback of [`Options::before_upgrade`]: it runs where something is pending, before anything is applied, and its
/// error stops the upgrade.
///
/// On PostgreSQL one process runs it, while the others wait until that one's upgrade is over, and run theirs only
/// where something is pending still. On SQLite it runs inside the write lock, once in each process that finds something
/// pending. Attempts after a fault that passes don't run it again.
///
/// ```
/// use diesel_schema::upgrade::{BeforeUpgrade, Options};
///
/// let options = Options {
///     before_upgrade: Some(BeforeUpgrade::call(|pending| {
///         println!("about to apply {}", pending.revisions.join(", "));
///         Ok(())
///     })),
///     ..Options::from_env()
/// };
/// # assert!(options.before_upgrade.is_some());
/// ```
#[derive(Clone)]
pub struct BeforeUpgrade(Arc<Call>);

impl BeforeUpgrade {
    /// The application's own.
    pub fn call(
        hook: impl Fn(&Pending<'_>) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(hook))
    }

    /// This one, and then `next` where it went well.
    #[must_use]
    pub fn and(self, next: Self) -> Self {
        Self::call(move |pending| (self.0)(pending).and_then(|()| (next.0)(pending)))
    }
}

impl fmt::Debug for BeforeUpgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BeforeUpgrade(..)")
    }
}

/// The same callback, not one that does the same.
impl PartialEq for BeforeUpgrade {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for BeforeUpgrade {}

/// What of a set is to be applied to a database that holds these rows.
type Behind<'a> = dyn Fn(Option<&[String]>) -> Result<Vec<String>, UpgradeError> + 'a;

/// Runs the hook of `options` where something is `pending`, and then `upgrade`. `ran` says whether it ran already.
pub(super) fn then<T>(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    pending: &Behind<'_>,
    options: &Options,
    ran: &mut bool,
    upgrade: impl FnOnce(&mut dyn SqlConnection) -> Result<T, UpgradeError>,
) -> Result<T, UpgradeError> {
    let Some(hook) = options.before_upgrade.as_ref().filter(|_| !*ran) else { return upgrade(connection) };
    let (wait, dialect) = (Wait::new(options.lock_deadline), connection.dialect());
    loop {
        let rows = wait.rows(connection)?;
        let behind = pending(rows.as_deref())?;
        if behind.is_empty() {
            return upgrade(connection);
        }
        let Some(mut held) = Held::take(connection, more)? else {
            let behind: Vec<&str> = behind.iter().map(String::as_str).collect();
            wait.pause(|| format!("{} still to be applied", are(&behind)))?;
            continue;
        };
        // Another process may have been faster.
        let rows = wait.rows(connection);
        let result = rows.and_then(|rows| pending(rows.as_deref())).and_then(|ids| call(hook, dialect, &ids, ran));
        if dialect == Dialect::Sqlite {
            held.release(connection);
        }
        let result = result.and_then(|()| upgrade(connection));
        held.release(connection);
        return result;
    }
}

fn call(hook: &BeforeUpgrade, dialect: Dialect, ids: &[String], ran: &mut bool) -> Result<(), UpgradeError> {
    if ids.is_empty() {
        return Ok(());
    }
    tracing::info!(pending = ids.join(", "), "running before_upgrade");
    let revisions: Vec<&str> = ids.iter().map(String::as_str).collect();
    hook.0(&Pending { dialect, revisions: &revisions }).map_err(|error| UpgradeError::Before(one_line(error)))?;
    *ran = true;
    Ok(())
}

/// The hook's lock.
enum Held {
    /// A transaction of another connection, without a snapshot.
    Elsewhere(Box<dyn AsSqlConnection>),
    /// The session's.
    Session(SessionLock),
    /// A transaction of SQLite.
    Write,
    Released,
}

/// Beside the lock of a revision, which each takes for itself.
const BEFORE: i64 = KEY + 1;

impl Held {
    /// `None` where another process has it.
    fn take(connection: &mut dyn SqlConnection, more: &More<'_>) -> Result<Option<Self>, UpgradeError> {
        let (result, held) = if connection.dialect() == Dialect::Sqlite {
            (connection.batch("BEGIN IMMEDIATE"), Self::Write)
        } else if let Some(mut guard) = more() {
            let lock = format!("{};{}", postgres::IDLE, postgres::try_lock_of(BEFORE));
            (guard.as_sql_connection().batch(&lock), Self::Elsewhere(guard))
        } else {
            return Ok(SessionLock::take(connection, BEFORE)?.map(Self::Session));
        };
        match result {
            Ok(()) => Ok(Some(held)),
            Err(error) if says(&error, HELD) || sqlite::is_busy(&error) => {
                if let Self::Elsewhere(mut guard) = held {
                    let _ = guard.as_sql_connection().batch("ROLLBACK");
                }
                Ok(None)
            }
            Err(error) => Err(UpgradeError::query("taking the lock", &error)),
        }
    }

    /// A connection that broke has released it already.
    fn release(&mut self, connection: &mut dyn SqlConnection) {
        match std::mem::replace(self, Self::Released) {
            Self::Elsewhere(mut guard) => _ = guard.as_sql_connection().batch("ROLLBACK"),
            Self::Session(lock) => lock.release(connection),
            Self::Write => _ = connection.batch("ROLLBACK"),
            Self::Released => {}
        }
    }
}
