//! The user of a request, from `Authorization: Bearer <token>`.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use diesel::prelude::*;

use super::Token;
use crate::error::AppError;
use crate::models::User;
use crate::schema::{sessions, users};
use crate::state::{AppState, now};

/// Whoever is signed in; a request without anybody is answered with 401.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The token that the request brought.
    pub token: Token,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| Token::given(token.trim()))
            .ok_or(AppError::Unauthorized("sign in first: send `authorization: Bearer <token>`, which /login gives"))?;
        let hash = token.hash();
        let user = state
            .run(move |connection| {
                Ok(sessions::table
                    .inner_join(users::table)
                    .filter(sessions::token_hash.eq(hash))
                    .filter(sessions::expires_at.gt(now()))
                    .filter(users::is_active.eq(true))
                    .select(User::as_select())
                    .first(connection)
                    .optional()?)
            })
            .await?
            .ok_or(AppError::Unauthorized("this token is unknown or has expired: sign in again"))?;
        Ok(Self { user, token })
    }
}
