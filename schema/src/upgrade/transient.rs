//! Which faults pass by themselves.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use rand::RngExt as _;

use crate::connection::MAKE_ROOM;

/// Whether trying the same again later may go well: the connection broke, a lock was not had, a transaction lost.
///
/// Diesel gives no SQLSTATE beyond its kinds, so the rest is told by the servers' English messages; `language` adds them
/// to those of a server that speaks another one. What ends a connection Diesel sees by itself.
pub(super) fn is_transient(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, SerializationFailure, UnableToSendCommand};
    match error {
        Error::DatabaseError(SerializationFailure | ClosedConnection | UnableToSendCommand, _) => true,
        Error::DatabaseError(_, info) => passes(info.message()),
        _ => false,
    }
}

/// Whether a message of the server tells a fault that passes.
pub(super) fn passes(message: &str) -> bool {
    // What takes too long does so each time.
    !message.contains("due to transaction timeout")
        && [
            "deadlock detected",
            "lock timeout",
            "could not obtain lock on",
            "(it passed)",
            "could not serialize access",
            "database is locked",
            "database table is locked",
            "database schema is locked",
            "server closed the connection",
            "no connection to the server",
            "terminating connection",
            "connection to server was lost",
            "the database system is starting up",
            "the database system is shutting down",
            "the database system is in recovery",
            "too many clients",
            "remaining connection slots",
            "server_login_retry",
            "tuple concurrently updated",
        ]
        .iter()
        .any(|part| message.contains(part))
}

/// Whether a message of the server tells that `lock_timeout` was over.
pub(super) fn is_lock_timeout(message: &str) -> bool {
    ["lock timeout", "could not obtain lock on", "(it passed)"].iter().any(|part| message.contains(part))
}

/// Whether a message of the server tells that `statement_timeout` was over.
pub(super) fn is_statement_timeout(message: &str) -> bool {
    message.contains("due to statement timeout")
}

/// What is said where `lock_timeout` was over each time.
pub(super) const LOCKED: &str = "other sessions held a lock that it needs; see which (SELECT pid, query FROM \
     pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start), end them, or raise MIGRATIONS_LOCK_BUDGET \
     (--lock-budget), the seconds for which it is tried again";

/// What helps against a fault of the database's own place, where that is what a message tells.
pub(super) fn remedy(message: &str) -> Option<&'static str> {
    let says = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    if says(&["disk is full", "No space left on device", "could not extend file"]) {
        Some(MAKE_ROOM)
    } else if says(&["readonly database", "read-only file system", "Read-only file system"]) {
        Some("make the database's file and its folder writable (rights, or the mount)")
    } else if says(&["in a read-only transaction"]) {
        Some("connect to the primary server, as a role that may write there (default_transaction_read_only = off)")
    } else if says(&["due to transaction timeout"]) {
        Some("give transactions longer (the role's or the database's transaction_timeout)")
    } else if is_statement_timeout(message) {
        Some(
            "give statements longer (MIGRATIONS_STATEMENT_TIMEOUT, --statement-timeout, or the role's statement_timeout)",
        )
    } else if says(&["affected by row-level security policy"]) {
        Some(
            "take a role that sees all rows (BYPASSRLS), or have the table's owner see them (ALTER TABLE .. NO FORCE ROW \
             LEVEL SECURITY)",
        )
    } else if says(&["no schema has been selected to create in"]) {
        Some("create a schema that the role's search_path names, or name in it one that is there")
    } else if says(&["file is not a database"]) {
        Some("name an SQLite database (--database-url, DATABASE_URL or .env)")
    } else if is_lock_timeout(message) {
        Some(LOCKED)
    } else {
        None
    }
}

/// Half as long to one and a half times as long, so that replicas don't come back all at once.
pub(super) fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(rand::rng().random_range(0.5..1.5))
}
