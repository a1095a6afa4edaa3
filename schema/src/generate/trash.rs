//! What `--keep-data` moved aside, and the end of it.

use diesel_schema_core::Dialect;

use super::error::Error;
use crate::connection::{SqlConnection, one_line};
use crate::dialect::TRASH;
use crate::schema::Name;

/// A copy of what a revision dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trash {
    /// The revision.
    pub revision: String,
    /// The table or column that it dropped, cut where PostgreSQL has no room for more: `users.bio`.
    pub what: String,
    /// The table that the copy is in.
    pub table: Name,
    /// How many rows it holds.
    pub rows: u64,
}

/// Every copy that a database holds, by revision and name.
///
/// # Errors
/// A query fails.
pub fn trash(connection: &mut dyn SqlConnection) -> Result<Vec<Trash>, Error> {
    let dialect = connection.dialect();
    let failed = |error: diesel::result::Error| Error::Query {
        dialect,
        doing: "looking for what was kept",
        message: one_line(error),
    };
    let tables = match dialect {
        Dialect::Sqlite => {
            format!("SELECT NULL, name FROM sqlite_master WHERE type = 'table' AND name GLOB '{TRASH}*' ORDER BY 2")
        }
        _ => format!(
            "SELECT nullif(n.nspname, 'public')::text, c.relname::text FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'r' AND starts_with(c.relname::text, '{TRASH}') ORDER BY 2, 1"
        ),
    };
    let mut found = Vec::new();
    for row in connection.rows(&tables).map_err(failed)? {
        let [namespace, Some(name)] = <[Option<String>; 2]>::try_from(row).unwrap_or_default() else { continue };
        let Some((revision, what)) = name.strip_prefix(TRASH).and_then(|rest| rest.split_once('_')) else { continue };
        let (revision, what) = (revision.to_owned(), what.to_owned());
        let table = Name::qualified(namespace, name);
        let count = connection.rows(&format!("SELECT CAST(count(*) AS text) FROM {}", table.quoted()));
        let count = count.map_err(failed)?.into_iter().flatten().flatten().next();
        let rows = count.and_then(|count| count.parse().ok()).unwrap_or_default();
        found.push(Trash { revision, what, table, rows });
    }
    Ok(found)
}

/// Drops the copies, all of them or none.
///
/// # Errors
/// The server refuses it.
pub fn purge(connection: &mut dyn SqlConnection, trash: &[Trash]) -> Result<(), Error> {
    let dialect = connection.dialect();
    let drops: String = trash.iter().map(|it| format!("DROP TABLE {};\n", it.table.quoted())).collect();
    connection.batch(&format!("BEGIN;\n{drops}COMMIT")).map_err(|error| {
        let _ = connection.batch("ROLLBACK");
        Error::Query { dialect, doing: "dropping what was kept", message: one_line(error) }
    })
}
