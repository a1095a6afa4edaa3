//! What passes by itself, on a server that speaks another language than English.
//!
//! Diesel gives an error's message and keeps its SQLSTATE to itself, but for some kinds; `lc_messages` is the
//! superuser's. PL/pgSQL has the SQLSTATE: what failed is run once more in a block that catches the two faults which
//! pass (55P03, a lock that was not had in time, and 40P01, a deadlock), and is rolled back whatever comes of it. That
//! is done only where the words tell nothing, and only of what a transaction undoes.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

use super::postgres::{HELD, says};
use super::settings::literal;
use super::transient::is_transient;
use crate::connection::SqlConnection;

const LOCK: &str = "diesel_schema: 55P03";
const DEADLOCK: &str = "diesel_schema: 40P01";

/// What is known of an error beside the server's own words, in those that `transient` knows.
struct Named {
    message: String,
    said: Box<dyn DatabaseErrorInformation + Send + Sync>,
}

impl DatabaseErrorInformation for Named {
    fn message(&self) -> &str {
        &self.message
    }

    fn details(&self) -> Option<&str> {
        self.said.details()
    }

    fn hint(&self) -> Option<&str> {
        self.said.hint()
    }

    fn table_name(&self) -> Option<&str> {
        self.said.table_name()
    }

    fn column_name(&self) -> Option<&str> {
        self.said.column_name()
    }

    fn constraint_name(&self) -> Option<&str> {
        self.said.constraint_name()
    }

    fn statement_position(&self) -> Option<i32> {
        self.said.statement_position()
    }
}

/// Whether the server's messages are the English ones.
fn is_english(connection: &mut dyn SqlConnection) -> bool {
    let rows = connection.rows("SELECT current_setting('lc_messages')").unwrap_or_default();
    let name = rows.into_iter().flatten().flatten().next().unwrap_or_default();
    let language = name.split(['_', '.', '@', '-']).next().unwrap_or_default();
    ["C", "POSIX", "en", "English"].contains(&language)
}

/// The error of `before` and `sql`, which is rolled back; where it is one that passes in a language that is not known,
/// its message says so in English too.
pub(super) fn named(connection: &mut dyn SqlConnection, error: Error, before: &str, sql: &str) -> Error {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, _) = &error else { return error };
    if is_transient(&error) || is_english(connection) {
        return error;
    }
    let caught = format!(
        "BEGIN EXECUTE {}; EXCEPTION WHEN lock_not_available THEN RAISE EXCEPTION '{LOCK}'; \
         WHEN deadlock_detected THEN RAISE EXCEPTION '{DEADLOCK}'; END",
        literal(sql)
    );
    let again = connection.batch(&format!("BEGIN;{before}DO {}", literal(&caught)));
    let _ = connection.batch("ROLLBACK");
    let what = match again {
        // Whatever it was, it is over; or another process has gone on meanwhile.
        Ok(()) => "it passed",
        Err(again) if says(&again, LOCK) => "lock timeout",
        Err(again) if says(&again, DEADLOCK) => "deadlock detected",
        Err(again) if says(&again, HELD) => "it passed",
        Err(_) => return error,
    };
    let Error::DatabaseError(kind, said) = error else { return error };
    Error::DatabaseError(kind, Box::new(Named { message: format!("{} ({what})", said.message()), said }))
}
