//! Recommendations.

use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

use super::{GithubProfile, User};

/// A recommendation that a user writes about somebody on GitHub.
#[model(table = "recommendations")]
#[index(user_id, created_at)]
#[derive(Debug, Clone)]
pub struct Recommendation {
    /// Numbered by the database.
    #[primary_key]
    pub id: i32,
    /// Who writes it.
    #[references(User, on_delete = cascade)]
    pub user_id: i32,
    /// Whom it is about.
    #[references(GithubProfile, on_delete = cascade)]
    #[index]
    pub github_profile_id: i32,
    /// Its headline.
    #[sql_type(Varchar)]
    pub title: String,
    /// Its text.
    pub content: String,
    /// `professional`, `friendly` or `casual`.
    #[sql_type(Varchar)]
    #[default("professional")]
    pub tone: String,
    /// `draft` or `published`.
    #[sql_type(Varchar)]
    #[default("draft")]
    pub status: String,
    /// When it was begun, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub created_at: NaiveDateTime,
    /// When it was last changed, in UTC.
    #[default(sql = "CURRENT_TIMESTAMP")]
    pub updated_at: NaiveDateTime,
}
