//! What a database says is applied, against what the folder holds.

use std::collections::BTreeSet;
use std::path::Path;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use super::error::Error;
use super::revisions::OnDisk;
use crate::connection::{SqlConnection, one_line};

/// The ids in Diesel's own table; none where the table is not there.
///
/// # Errors
/// A query fails.
pub(super) fn applied(connection: &mut dyn SqlConnection) -> Result<BTreeSet<String>, Error> {
    let dialect = connection.dialect();
    let failed = |error: diesel::result::Error| Error::Query {
        dialect,
        doing: "reading what is applied",
        message: one_line(error),
    };
    let there = match dialect {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations'"
        }
        _ => "SELECT c::text FROM to_regclass('__diesel_schema_migrations') AS c WHERE c IS NOT NULL",
    };
    if connection.rows(there).map_err(failed)?.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows = connection.rows("SELECT version FROM __diesel_schema_migrations").map_err(failed)?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Refuses a PostgreSQL database on whose connections the names of models without a schema mean another one than `public`.
///
/// # Errors
/// They do, or the query fails.
pub(super) fn means_public(connection: &mut dyn SqlConnection, declared: &DeclaredSchema) -> Result<(), Error> {
    let dialect = connection.dialect();
    if dialect != Dialect::Postgres || declared.models.iter().all(|model| model.namespace.is_some()) {
        return Ok(());
    }
    let failed = |error| Error::Query { dialect, doing: "reading the search_path", message: one_line(error) };
    let rows = connection.rows("SELECT current_schema()::text").map_err(failed)?;
    match rows.into_iter().flatten().flatten().next() {
        Some(schema) if schema == "public" => Ok(()),
        schema => Err(Error::SearchPath(schema)),
    }
}

/// Whether the database is at head: every revision applied, and no other.
///
/// # Errors
/// It is ahead, or behind.
pub(super) fn at_head(applied: &BTreeSet<String>, revisions: &[OnDisk], folder: &Path) -> Result<(), Error> {
    let names = revisions.iter().flat_map(|revision| revision.replaces.iter().chain([&revision.id]));
    let known: BTreeSet<&str> = names.map(String::as_str).collect();
    let unknown: Vec<String> = applied.iter().filter(|id| !known.contains(id.as_str())).cloned().collect();
    if !unknown.is_empty() {
        return Err(Error::Ahead { unknown, folder: folder.to_owned() });
    }
    let pending: Vec<String> =
        revisions.iter().filter(|revision| !applied.contains(&revision.id)).map(OnDisk::name).collect();
    if pending.is_empty() { Ok(()) } else { Err(Error::Behind { pending }) }
}
