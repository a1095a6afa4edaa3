//! People who sign in.

use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

/// Somebody who signs in and writes recommendations.
#[model(table = "users")]
#[derive(Debug, Clone)]
pub struct User {
    /// Numbered by the database.
    #[primary_key]
    pub id: i32,
    /// Where notifications go; also signs in.
    #[unique]
    #[sql_type(Varchar)]
    pub email: String,
    /// The name that others see; also signs in.
    #[unique]
    #[sql_type(Varchar)]
    pub username: String,
    /// Argon2id, in the PHC string format.
    #[sql_type(Varchar)]
    pub hashed_password: String,
    /// The name to sign recommendations with.
    #[sql_type(Varchar)]
    pub full_name: Option<String>,
    /// The user's own account on GitHub.
    #[index]
    #[sql_type(Varchar)]
    pub github_username: Option<String>,
    /// Whether the user may sign in.
    #[default(true)]
    pub is_active: bool,
    /// A number that nobody calls any more.
    #[sql_type(Varchar)]
    pub fax: Option<String>,
    /// When the user registered, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub created_at: NaiveDateTime,
    /// When anything here last changed, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub updated_at: NaiveDateTime,
    /// A few words about oneself.
    pub bio: Option<String>,
    /// Whether mail may be sent.
    #[default(true)]
    pub email_notifications_enabled: bool,
    /// The tone of new recommendations.
    #[sql_type(Varchar)]
    #[default("professional")]
    pub default_tone: String,
    /// The language of new recommendations, as a tag: `en`, `pt-BR`.
    #[sql_type(Varchar)]
    #[default("en")]
    pub language: String,
}
