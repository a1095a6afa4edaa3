//! A lock of PostgreSQL's session, for those who have one connection and no more.
//!
//! Behind a pooler that gives each transaction another session, it is no lock: the next message may reach a session that
//! does not hold it, and the one that does keeps it for as long as the pooler keeps that session. Whether there is such a
//! pooler is seen only where another client is faster, so it is looked at before and after.

use diesel::QueryResult;

use super::UpgradeError;
use super::postgres::{HELD, require, says};
use crate::connection::SqlConnection;

/// It is held until [`SessionLock::release`].
#[derive(Debug)]
pub(super) struct SessionLock {
    key: i64,
    /// The process that serves the session.
    pid: String,
}

impl SessionLock {
    /// `None` where another process has it.
    pub(super) fn take(connection: &mut dyn SqlConnection, key: i64) -> Result<Option<Self>, UpgradeError> {
        let taken = require(&format!("pg_try_advisory_lock({key})"), HELD);
        let pid = match pid(connection, &format!("SELECT pg_backend_pid()::text, {taken}")) {
            Ok(pid) => pid,
            Err(error) if says(&error, HELD) => return Ok(None),
            Err(error) => return Err(UpgradeError::query("taking the lock", &error)),
        };
        let lock = Self { key, pid };
        match pid_of(connection) {
            Ok(now) if now == lock.pid => Ok(Some(lock)),
            Ok(_) => {
                lock.release(connection);
                Err(UpgradeError::SessionLost)
            }
            Err(error) => Err(UpgradeError::query("looking after the lock", &error)),
        }
    }

    /// Frees it, where the session can still be reached. A connection that broke has freed it already.
    pub(super) fn release(self, connection: &mut dyn SqlConnection) {
        let Self { key, pid } = self;
        let free =
            format!("SELECT CASE WHEN pg_backend_pid() = {pid} THEN pg_advisory_unlock({key})::text ELSE 'false' END");
        for _ in 0..TRIES {
            match connection.rows(&free) {
                Ok(rows) if rows.iter().flatten().flatten().any(|freed| freed == "true") => return,
                Ok(_) => {}
                Err(_) => return,
            }
        }
        tracing::warn!(
            pid,
            "the lock stays with a session of a pooler: end it (SELECT pg_terminate_backend({pid})), and give the upgrade \
             a pool of two connections or more, or a way around the pooler"
        );
    }
}

/// How many messages are sent to reach a session again.
const TRIES: usize = 50;

fn pid_of(connection: &mut dyn SqlConnection) -> QueryResult<String> {
    pid(connection, "SELECT pg_backend_pid()::text")
}

fn pid(connection: &mut dyn SqlConnection, sql: &str) -> QueryResult<String> {
    Ok(connection.rows(sql)?.into_iter().flatten().flatten().next().unwrap_or_default())
}
