//! Who is signed in.

use chrono::NaiveDateTime;
use diesel::prelude::*;

/// One sign-in of a user.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = super::schema::sessions, primary_key(token_hash))]
pub struct Session {
    /// SHA-256 of the token, in hexadecimal: whoever reads the database can't sign in with it.
    pub token_hash: String,
    /// Who is signed in.
    pub user_id: i32,
    /// Since when, in UTC.
    pub created_at: NaiveDateTime,
    /// Until when, in UTC.
    pub expires_at: NaiveDateTime,
}
