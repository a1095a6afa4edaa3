//! What a revision's file sets on its PostgreSQL connection ends with the file.
//!
//! A `SET search_path` or `SET lock_timeout` would otherwise reach the next revision, and then whatever the application
//! does with that connection of its pool.

use diesel_schema_core::sql::split::Statement;

/// Remembers the session's own settings: for as long as the transaction lasts where `local`, else until they are
/// remembered again. `pg_settings` leaves `role` out.
pub(super) fn save(local: bool) -> String {
    format!(
        "SELECT set_config('diesel_schema.role', current_setting('role'), {local}), \
         set_config('diesel_schema.settings', (SELECT coalesce(json_object_agg(name, current_setting(name)), '{{}}')::text \
         FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'diesel\\_schema.%'), {local})"
    )
}

/// Sets what was changed back to what it was, or to what the session began with.
pub(super) const RESTORE: &str = "SELECT set_config('role', current_setting('diesel_schema.role'), false); \
     WITH saved AS (SELECT key, value FROM json_each_text(current_setting('diesel_schema.settings')::json)), \
     wanted AS (SELECT key, value FROM saved UNION ALL SELECT name, reset_val FROM pg_settings \
     WHERE source = 'session' AND name NOT LIKE 'diesel\\_schema.%' AND name NOT IN (SELECT key FROM saved)) \
     SELECT set_config(key, value, false) FROM wanted WHERE current_setting(key) IS DISTINCT FROM value";

/// Whether one of the statements may set something.
pub(super) fn touched(statements: &[Statement<'_>]) -> bool {
    statements.iter().any(|statement| {
        let text = statement.sql.to_ascii_lowercase();
        text.contains("set_config") || text.split_whitespace().any(|word| word == "set" || word == "reset")
    })
}
