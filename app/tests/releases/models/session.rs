//! Who is signed in.

use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

use super::User;

/// One sign-in of a user.
#[model(table = "sessions")]
#[derive(Debug, Clone)]
pub struct Session {
    /// SHA-256 of the token, in hexadecimal: whoever reads the database can't sign in with it.
    #[primary_key]
    #[sql_type(Varchar)]
    pub token_hash: String,
    /// Who is signed in.
    #[references(User, on_delete = cascade)]
    #[index]
    pub user_id: i32,
    /// Since when, in UTC, where that is known.
    pub created_at: Option<NaiveDateTime>,
    /// Until when, in UTC.
    #[index]
    pub expires_at: NaiveDateTime,
}
