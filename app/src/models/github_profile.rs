//! GitHub profiles that recommendations are written from.

use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

use super::User;

/// What a user has collected about one account on GitHub.
#[model(table = "github_profiles")]
#[unique(user_id, github_username)]
#[derive(Debug, Clone)]
pub struct GithubProfile {
    /// Numbered by the database.
    #[primary_key]
    pub id: i32,
    /// Who collected it.
    #[references(User, on_delete = cascade)]
    pub user_id: i32,
    /// The account.
    #[index]
    #[sql_type(Varchar)]
    pub github_username: String,
    /// A JSON object, as text: SQLite has no type for it.
    pub profile_data: String,
    /// When it was first stored, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub created_at: NaiveDateTime,
    /// When it was last stored, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub updated_at: NaiveDateTime,
}
