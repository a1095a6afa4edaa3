//! Runs a revision's file on a scratch, as the upgrade would.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split;

use super::error::Error;
use crate::connection::{SqlConnection, one_line};
use crate::upgrade;

/// Makes a scratch what a database is on which an upgrade has begun.
///
/// # Errors
/// The server refuses.
pub(super) fn begin(connection: &mut dyn SqlConnection) -> Result<(), Error> {
    let dialect = connection.dialect();
    let failed = |error| Error::Query { dialect, doing: "preparing a scratch", message: one_line(error) };
    upgrade::make_table(connection).map_err(failed)
}

/// Runs a file: with `in_transaction` as one message, inside a transaction that is rolled back where it fails; else a
/// statement a message, because what can't run in a transaction can't share a message either.
///
/// What the file does to the connection's settings ends with it: the next file may run on another connection.
///
/// # Errors
/// What the server says, on one line.
pub(super) fn script(connection: &mut dyn SqlConnection, sql: &str, in_transaction: bool) -> Result<(), String> {
    let dialect = connection.dialect();
    let run = if in_transaction {
        // The newline ends a comment that the file may end with.
        connection.batch(&format!("BEGIN;{sql}\n;COMMIT"))
    } else {
        split::split(sql, dialect).iter().try_for_each(|statement| connection.batch(statement.sql))
    };
    if let Err(error) = run {
        // A file with a transaction of its own leaves it open where it fails.
        let _ = connection.batch("ROLLBACK");
        return Err(one_line(error));
    }
    if dialect == Dialect::Postgres {
        // Diesel sets the last two when it connects.
        let reset = "RESET SESSION AUTHORIZATION; RESET ALL; SET TIME ZONE 'UTC'; SET CLIENT_ENCODING TO 'UTF8'";
        connection.batch(reset).map_err(one_line)?;
    }
    Ok(())
}
