//! Runs a revision's file on a scratch, as the upgrade would.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split;

use super::error::one_line;
use crate::connection::SqlConnection;

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
        return Err(one_line(&error));
    }
    if dialect == Dialect::Postgres {
        connection.batch("RESET SESSION AUTHORIZATION; RESET ALL").map_err(|error| one_line(&error))?;
    }
    Ok(())
}
