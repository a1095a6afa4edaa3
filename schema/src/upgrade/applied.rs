//! Diesel's table of applied revisions.

use std::collections::HashSet;

use diesel::QueryResult;
use diesel_schema_core::Dialect;

use super::UpgradeError;
use super::job::Job;
use super::transient::is_transient;
use crate::connection::{SqlConnection, literal};

/// Its name.
pub const TABLE: &str = "__diesel_schema_migrations";

/// As Diesel creates it.
pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (\
     version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// Makes the table where there is none, as Diesel does before the first migration: a migration may name it.
///
/// # Errors
/// The server refuses.
pub fn make_table(connection: &mut dyn SqlConnection) -> QueryResult<()> {
    connection.batch(CREATE)
}

/// The ids in the table, in one round trip and without a named prepared statement; `None` where there is no table,
/// which takes a second one.
///
/// # Errors
/// The query fails.
pub fn applied(connection: &mut dyn SqlConnection) -> Result<Option<Vec<String>>, UpgradeError> {
    ask(connection).map_err(|error| UpgradeError::query("reading which revisions are applied", &error))
}

/// Whether the table holds exactly `ids`. They come as one text, which is read faster than a row for each; what is not
/// understood is a no, and [`applied`] tells the rest.
pub(super) fn are_all<'a>(
    connection: &mut dyn SqlConnection,
    ids: impl ExactSizeIterator<Item = &'a str> + Clone,
) -> bool {
    let all = match connection.dialect() {
        Dialect::Sqlite => "group_concat(version, char(10))",
        _ => "string_agg(version, chr(10))",
    };
    let Ok(rows) = connection.rows(&format!("SELECT {all} FROM {TABLE}")) else { return false };
    let Some(text) = rows.into_iter().flatten().flatten().next() else { return false };
    let rows: Vec<&str> = text.split('\n').collect();
    // Rows mostly come in the order in which they were written, and the table's key keeps them distinct.
    rows.len() == ids.len()
        && (rows.iter().copied().eq(ids.clone()) || {
            let known: HashSet<&str> = ids.collect();
            rows.iter().all(|row| known.contains(row))
        })
}

fn ask(connection: &mut dyn SqlConnection) -> QueryResult<Option<Vec<String>>> {
    versions(connection, "SELECT version FROM __diesel_schema_migrations")
}

/// Whether one revision is applied; `None` where there is no table.
pub(super) fn holds(connection: &mut dyn SqlConnection, id: &str) -> QueryResult<Option<bool>> {
    let id = literal(id);
    let found = versions(connection, &format!("SELECT version FROM {TABLE} WHERE version = {id}"))?;
    Ok(found.map(|found| !found.is_empty()))
}

/// Whether the rows are as the job needs them.
pub(super) fn fits(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<bool, UpgradeError> {
    let Some(condition) = &job.condition else { return Ok(true) };
    let found = versions(connection, &format!("SELECT 'yes' WHERE {condition}"));
    let found = found.map_err(|error| UpgradeError::query("reading which revisions are applied", &error))?;
    Ok(found.is_some_and(|rows| !rows.is_empty()))
}

pub(super) fn versions(connection: &mut dyn SqlConnection, sql: &str) -> QueryResult<Option<Vec<String>>> {
    let select = |connection: &mut dyn SqlConnection| {
        connection.rows(sql).map(|rows| rows.into_iter().flatten().flatten().collect())
    };
    match select(connection) {
        Ok(versions) => Ok(Some(versions)),
        Err(error) if is_transient(&error) => Err(error),
        // Diesel hides the error's code, and its message may be in any language.
        Err(_) if !is_there(connection, TABLE)? => Ok(None),
        // Another process may have made it since.
        Err(_) => select(connection).map(Some),
    }
}

/// Whether a table of ours is there.
pub(super) fn is_there(connection: &mut dyn SqlConnection, table: &str) -> QueryResult<bool> {
    let sql = match connection.dialect() {
        Dialect::Sqlite => format!("SELECT name FROM sqlite_master WHERE name = '{table}'"),
        _ => format!("SELECT c::text FROM to_regclass('{table}') AS c WHERE c IS NOT NULL"),
    };
    Ok(!connection.rows(&sql)?.is_empty())
}
