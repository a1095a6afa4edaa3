//! Where a role makes what a revision gives no schema.
//!
//! `"$user"` stands in front of the search path, so that a role which has a schema of its own name makes tables there that
//! the others do not see. Some do so on purpose: it is told, and not refused.

use diesel_schema_core::Dialect;

use super::TABLE;
use crate::connection::SqlConnection;

/// Warns where new tables would not stand beside Diesel's own one.
pub(super) fn look(connection: &mut dyn SqlConnection) {
    if connection.dialect() != Dialect::Postgres {
        return;
    }
    let sql = format!(
        "SELECT n.nspname::text, current_schema()::text, current_setting('search_path') FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid = to_regclass('{TABLE}') AND n.nspname IS DISTINCT FROM current_schema()"
    );
    // What can't be read is no reason to stop.
    let Ok(rows) = connection.rows(&sql) else { return };
    if let Some([Some(table), schema, path]) = rows.first().map(Vec::as_slice) {
        tracing::warn!(
            "{TABLE} is in the schema {table}, and what a revision makes without naming a schema comes into {}: the \
             search_path is {}; let it begin with {table} (ALTER ROLE .. SET search_path, or `options` in the URL)",
            schema.as_deref().unwrap_or("none at all"),
            path.as_deref().unwrap_or_default()
        );
    }
}
