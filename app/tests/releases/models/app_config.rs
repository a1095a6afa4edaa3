//! Settings that an operator changes while the server runs.

use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

/// One setting of the application.
#[model(table = "app_config")]
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// What is set: `registration_open`.
    #[primary_key]
    #[sql_type(Varchar)]
    pub key: String,
    /// What it is set to.
    pub value: String,
    /// When it was last changed.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub updated_at: NaiveDateTime,
}
