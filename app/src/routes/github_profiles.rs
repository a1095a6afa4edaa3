//! GitHub profiles that the user has collected.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::auth::SignedIn;
use crate::error::AppError;
use crate::extract::{self, InPath};
use crate::models::GithubProfile;
use crate::schema::github_profiles;
use crate::state::{AppState, now};
use crate::validate::Validation;

/// Longest profile that is kept, in bytes of JSON.
const MAX_PROFILE: usize = 256 * 1024;

/// A stored profile, with its JSON as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    id: i32,
    github_username: String,
    profile_data: Value,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<GithubProfile> for Shown {
    type Error = AppError;

    fn try_from(profile: GithubProfile) -> Result<Self, AppError> {
        let profile_data = serde_json::from_str(&profile.profile_data).map_err(|error| {
            AppError::Internal(format!("github_profiles.id = {} holds no JSON: {error}", profile.id))
        })?;
        Ok(Self {
            id: profile.id,
            github_username: profile.github_username,
            profile_data,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        })
    }
}

/// 200 with all of the user's, by name.
pub(super) async fn list(State(state): State<AppState>, signed_in: SignedIn) -> Result<Json<Vec<Shown>>, AppError> {
    state
        .run(move |connection| {
            github_profiles::table
                .filter(github_profiles::user_id.eq(signed_in.user.id))
                .order(github_profiles::github_username)
                .select(GithubProfile::as_select())
                .load(connection)?
                .into_iter()
                .map(Shown::try_from)
                .collect()
        })
        .await
        .map(Json)
}

/// 200, or 404.
pub(super) async fn read(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(username): InPath<String>,
) -> Result<Json<Shown>, AppError> {
    let found: Option<GithubProfile> = state
        .run(move |connection| {
            Ok(github_profiles::table
                .filter(github_profiles::user_id.eq(signed_in.user.id))
                .filter(github_profiles::github_username.eq(username.to_lowercase()))
                .select(GithubProfile::as_select())
                .first(connection)
                .optional()?)
        })
        .await?;
    found.ok_or(AppError::NotFound("such GitHub profile"))?.try_into().map(Json)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    profile_data: Map<String, Value>,
}

/// 201 where it is new, 200 where it replaces one.
pub(super) async fn store(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(username): InPath<String>,
    extract::Json(store): extract::Json<Store>,
) -> Result<(StatusCode, Json<Shown>), AppError> {
    let profile_data = Value::Object(store.profile_data).to_string();
    let mut validation = Validation::default();
    validation.github_username("username", &username);
    validation.require("profile_data", profile_data.len() <= MAX_PROFILE, "must be at most 256 KiB of JSON");
    validation.finish()?;
    // GitHub does not tell upper from lower case.
    let (user_id, username, at) = (signed_in.user.id, username.to_lowercase(), now());
    let (status, profile) = state
        .run(move |connection| {
            let replace = |connection: &mut _| {
                let mine = github_profiles::table
                    .filter(github_profiles::user_id.eq(user_id))
                    .filter(github_profiles::github_username.eq(&username));
                diesel::update(mine)
                    .set((github_profiles::profile_data.eq(&profile_data), github_profiles::updated_at.eq(at)))
                    .get_result(connection)
                    .optional()
            };
            if let Some(replaced) = replace(connection)? {
                return Ok((StatusCode::OK, replaced));
            }
            let inserted = diesel::insert_into(github_profiles::table)
                .values((
                    github_profiles::user_id.eq(user_id),
                    github_profiles::github_username.eq(&username),
                    github_profiles::profile_data.eq(&profile_data),
                    github_profiles::created_at.eq(at),
                    github_profiles::updated_at.eq(at),
                ))
                .get_result(connection);
            match inserted {
                // Another request of the same user was faster.
                Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
                    let replaced: GithubProfile =
                        replace(connection)?.ok_or(AppError::NotFound("such GitHub profile"))?;
                    Ok((StatusCode::OK, replaced))
                }
                inserted => Ok((StatusCode::CREATED, inserted?)),
            }
        })
        .await?;
    Ok((status, Json(profile.try_into()?)))
}

/// 204, or 404. Its recommendations go with it.
pub(super) async fn delete(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(username): InPath<String>,
) -> Result<StatusCode, AppError> {
    let deleted = state
        .run(move |connection| {
            let mine = github_profiles::table
                .filter(github_profiles::user_id.eq(signed_in.user.id))
                .filter(github_profiles::github_username.eq(username.to_lowercase()));
            Ok(diesel::delete(mine).execute(connection)?)
        })
        .await?;
    if deleted == 0 { Err(AppError::NotFound("such GitHub profile")) } else { Ok(StatusCode::NO_CONTENT) }
}
