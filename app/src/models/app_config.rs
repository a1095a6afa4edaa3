//! Settings that an operator changes while the server runs.

use chrono::NaiveDateTime;
use diesel::prelude::*;

/// One setting of the application.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = super::schema::app_config, primary_key(key))]
pub struct AppConfig {
    /// What is set: `registration_open`.
    pub key: String,
    /// What it is set to.
    pub value: String,
    /// What it does.
    pub description: Option<String>,
    /// When it was last changed.
    pub updated_at: NaiveDateTime,
}
