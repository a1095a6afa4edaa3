//! GitHub profiles that recommendations are written from.

use chrono::NaiveDateTime;
use diesel::prelude::*;

/// What a user has collected about one account on GitHub.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = super::schema::github_profiles)]
pub struct GithubProfile {
    /// Numbered by the database.
    pub id: i32,
    /// Who collected it.
    pub user_id: i32,
    /// The account.
    pub github_username: String,
    /// A JSON object, as text: SQLite has no type for it.
    pub profile_data: String,
    /// When it was first stored, in UTC.
    pub created_at: NaiveDateTime,
    /// When it was last stored, in UTC.
    pub updated_at: NaiveDateTime,
}
