//! People who sign in.

use chrono::NaiveDateTime;
use diesel::prelude::*;

/// Somebody who signs in and writes recommendations.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = super::schema::users)]
pub struct User {
    /// Numbered by the database.
    pub id: i32,
    /// Where notifications go; also signs in.
    pub email: String,
    /// The name that others see; also signs in.
    pub username: String,
    /// Argon2id, in the PHC string format.
    pub hashed_password: String,
    /// The name to sign recommendations with.
    pub full_name: Option<String>,
    /// The user's own account on GitHub.
    pub github_username: Option<String>,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// When the user registered, in UTC.
    pub created_at: NaiveDateTime,
    /// When anything here last changed, in UTC.
    pub updated_at: NaiveDateTime,
    /// A few words about oneself.
    pub bio: Option<String>,
    /// Whether mail may be sent.
    pub email_notifications_enabled: bool,
    /// The tone of new recommendations.
    pub default_tone: String,
    /// The language of new recommendations, as a tag: `en`, `pt-BR`.
    pub language: String,
}
