//! Which faults pass by themselves.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use rand::RngExt as _;

/// Whether trying the same again later may go well: the connection broke, a lock was not had, a transaction lost.
///
/// Diesel gives no SQLSTATE beyond its kinds, so the rest is told by the servers' English messages.
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
    [
        "deadlock detected",
        "lock timeout",
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
    message.contains("lock timeout")
}

/// Whether a failure to connect is for good: the server answered, and what it said will not change by waiting.
pub(crate) fn refuses(message: &str) -> bool {
    [
        "authentication failed",
        "does not exist",
        "no pg_hba.conf entry",
        "no password supplied",
        "unable to open database file",
        "Unable to open the database file",
        "file is not a database",
        "invalid connection option",
        "missing \"=\"",
        "invalid port",
        "is not permitted to log in",
        "permission denied for database",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// Half as long to one and a half times as long, so that replicas don't come back all at once.
pub(super) fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(rand::rng().random_range(0.5..1.5))
}
