//! Recommendations.

use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A recommendation that a user writes about somebody on GitHub.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = super::schema::recommendations)]
pub struct Recommendation {
    /// Numbered by the database.
    pub id: i32,
    /// Who writes it.
    pub user_id: i32,
    /// Whom it is about.
    pub github_profile_id: i32,
    /// Its headline.
    pub title: String,
    /// Its text.
    pub content: String,
    /// `professional`, `friendly` or `casual`.
    pub tone: String,
    /// `draft` or `published`.
    pub status: String,
    /// When it was begun, in UTC.
    pub created_at: NaiveDateTime,
    /// When it was last changed, in UTC.
    pub updated_at: NaiveDateTime,
}
