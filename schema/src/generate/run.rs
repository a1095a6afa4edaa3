//! Runs a revision's file on a scratch, as the upgrade would.

use super::error::one_line;
use crate::connection::SqlConnection;

/// Runs a file; with `in_transaction`, inside one that is rolled back where it fails.
///
/// # Errors
/// What the server says, on one line.
pub(super) fn script(connection: &mut dyn SqlConnection, sql: &str, in_transaction: bool) -> Result<(), String> {
    if !in_transaction {
        return connection.batch(sql).map_err(|error| {
            // A file with a transaction of its own leaves it open where it fails.
            let _ = connection.batch("ROLLBACK");
            one_line(&error)
        });
    }
    let run = connection.batch("BEGIN").and_then(|()| connection.batch(sql)).and_then(|()| connection.batch("COMMIT"));
    run.map_err(|error| {
        let _ = connection.batch("ROLLBACK");
        one_line(&error)
    })
}
