//! Registering, signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use crate::auth::{SignedIn, Token};
use crate::error::AppError;
use crate::extract;
use crate::models::User;
use crate::schema::{app_config, sessions, users};
use crate::state::{AppState, blocking, now};
use crate::validate::Validation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Registration {
    email: String,
    username: String,
    password: String,
    full_name: Option<String>,
    github_username: Option<String>,
}

impl Registration {
    fn validate(&self) -> Result<(), AppError> {
        let mut validation = Validation::default();
        validation.email("email", &self.email);
        validation.username("username", &self.username);
        validation.password("password", &self.password);
        if let Some(name) = &self.full_name {
            validation.text("full_name", name, 200);
        }
        if let Some(name) = &self.github_username {
            validation.github_username("github_username", name);
        }
        validation.finish()
    }
}

#[derive(Insertable)]
#[diesel(table_name = users)]
struct NewUser {
    email: String,
    username: String,
    hashed_password: String,
    full_name: Option<String>,
    github_username: Option<String>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// A new user: 201 with the profile, 409 where the address or the name is taken.
pub(super) async fn register(
    State(state): State<AppState>,
    extract::Json(registration): extract::Json<Registration>,
) -> Result<(StatusCode, Json<Profile>), AppError> {
    registration.validate()?;
    // Asked before the password is hashed, which is the dear part.
    let open = state
        .run(|connection| {
            let setting: Option<String> = app_config::table
                .filter(app_config::key.eq("registration_open"))
                .select(app_config::value)
                .first(connection)
                .optional()?;
            Ok(setting.as_deref() != Some("false"))
        })
        .await?;
    if !open {
        return Err(AppError::Forbidden("nobody can register at the moment"));
    }
    let (passwords, password) = (state.passwords.clone(), registration.password);
    let hashed_password =
        blocking(move || passwords.hash(&password).map_err(|error| AppError::Internal(error.to_string()))).await?;
    let at = now();
    let new = NewUser {
        email: registration.email.to_lowercase(),
        username: registration.username,
        hashed_password,
        full_name: registration.full_name,
        github_username: registration.github_username,
        created_at: at,
        updated_at: at,
    };
    let user: User =
        state.run(move |connection| Ok(diesel::insert_into(users::table).values(new).get_result(connection)?)).await?;
    tracing::info!(user = user.id, "registered");
    Ok((StatusCode::CREATED, Json(user.into())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// The username or the e-mail address.
    #[serde(alias = "username", alias = "email")]
    login: String,
    password: String,
}

#[derive(Serialize)]
pub(super) struct Session {
    token: String,
    expires_at: NaiveDateTime,
    user: Profile,
}

/// A new session: 200 with its token, 401 where name and password do not fit.
pub(super) async fn login(
    State(state): State<AppState>,
    extract::Json(credentials): extract::Json<Credentials>,
) -> Result<Json<Session>, AppError> {
    let mut validation = Validation::default();
    validation.text("login", &credentials.login, 254);
    validation.require("password", credentials.password.len() <= 1024, "must be at most 1024 bytes long");
    validation.finish()?;
    let login = credentials.login;
    let found = state
        .run(move |connection| {
            let email = login.to_lowercase();
            Ok(users::table
                .filter(users::username.eq(login).or(users::email.eq(email)))
                .filter(users::is_active.eq(true))
                .select(User::as_select())
                .first(connection)
                .optional()?)
        })
        .await?;
    let passwords = state.passwords.clone();
    let user = blocking(move || {
        let fits = passwords.verify(&credentials.password, found.as_ref().map(|user| user.hashed_password.as_str()));
        found.filter(|_| fits).ok_or(AppError::Unauthorized("name and password do not fit"))
    })
    .await?;
    let token = Token::new()?;
    let (hash, created_at, user_id) = (token.hash(), now(), user.id);
    let expires_at = created_at + state.session;
    state
        .run(move |connection| {
            diesel::delete(sessions::table.filter(sessions::expires_at.le(created_at))).execute(connection)?;
            diesel::insert_into(sessions::table)
                .values((
                    sessions::token_hash.eq(hash),
                    sessions::user_id.eq(user_id),
                    sessions::created_at.eq(created_at),
                    sessions::expires_at.eq(expires_at),
                ))
                .execute(connection)?;
            Ok(())
        })
        .await?;
    Ok(Json(Session { token: token.reveal().to_owned(), expires_at, user: user.into() }))
}

/// Ends the session that asks: 204.
pub(super) async fn logout(State(state): State<AppState>, signed_in: SignedIn) -> Result<StatusCode, AppError> {
    let hash = signed_in.token.hash();
    state
        .run(move |connection| {
            Ok(diesel::delete(sessions::table.filter(sessions::token_hash.eq(hash))).execute(connection)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
