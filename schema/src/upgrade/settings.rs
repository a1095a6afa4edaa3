//! What a revision's file sets on its PostgreSQL connection ends with the file.
//!
//! A `SET search_path` or `SET lock_timeout` would otherwise reach the next revision, and then whatever the application
//! does with that connection of its pool.

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::Statement;

use crate::connection::{SqlConnection, literal_for};

const OWN: &str = "coalesce(json_object_agg(name, current_setting(name)), '{}')::text \
     FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'diesel\\_schema.%'";

/// Remembers the session's own settings: for as long as the transaction lasts where `local`, else until they are
/// remembered again. `pg_settings` leaves `role` out.
pub(super) fn save(local: bool) -> String {
    format!(
        "SELECT set_config('diesel_schema.role', current_setting('role'), {local}), \
         set_config('diesel_schema.settings', (SELECT {OWN}), {local})"
    )
}

/// Sets what was changed back to what [`save`] remembers, or to what the session began with.
pub(super) fn restore() -> String {
    back("current_setting('diesel_schema.role')", "current_setting('diesel_schema.settings')")
}

fn back(role: &str, settings: &str) -> String {
    format!(
        "SELECT set_config('role', {role}, false); \
         WITH saved AS (SELECT key, value FROM json_each_text({settings}::json)), \
         wanted AS (SELECT key, value FROM saved UNION ALL SELECT name, reset_val FROM pg_settings \
         WHERE source = 'session' AND name NOT LIKE 'diesel\\_schema.%' AND name NOT IN (SELECT key FROM saved)) \
         SELECT set_config(key, value, false) FROM wanted WHERE current_setting(key) IS DISTINCT FROM value"
    )
}

/// A session's own settings, held on this side: behind a transaction pooler the next message may reach another session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    role: String,
    own: String,
}

impl Settings {
    pub(super) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Self> {
        let rows = connection.rows(&format!("SELECT current_setting('role'), (SELECT {OWN})"))?;
        let mut found = rows.into_iter().flatten().flatten();
        let (role, own) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
        Ok(Self { role: literal(&role), own: literal(&own) })
    }

    /// Sets what was changed back.
    pub(super) fn restore(&self) -> String {
        back(&self.role, &self.own)
    }

    /// `sql` as the role that the session had, in a transaction that goes on with the one that it has.
    pub(super) fn as_first_role(&self, sql: &str) -> String {
        format!(
            "SELECT set_config('diesel_schema.role', current_setting('role'), true); \
             SELECT set_config('role', {}, true); {sql}; \
             SELECT set_config('role', current_setting('diesel_schema.role'), true)",
            self.role
        )
    }
}

/// A string, whatever the session says of backslashes.
pub(super) fn literal(text: &str) -> String {
    literal_for(Dialect::Postgres, text)
}

/// Whether one of the statements may set something.
pub(super) fn touched(statements: &[Statement<'_>]) -> bool {
    statements.iter().any(|statement| {
        let text = statement.sql.to_ascii_lowercase();
        text.contains("set_config") || text.split_whitespace().any(|word| word == "set" || word == "reset")
    })
}
