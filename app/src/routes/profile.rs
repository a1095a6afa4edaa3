//! One's own profile.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Deserializer, Serialize};

use crate::auth::SignedIn;
use crate::error::AppError;
use crate::extract;
use crate::models::User;
use crate::schema::users;
use crate::state::{AppState, now};
use crate::validate::{MAX_TEXT, TONES, Validation};

/// What a user sees of oneself: everything but the password's hash.
#[derive(Debug, Serialize)]
pub(super) struct Profile {
    id: i32,
    email: String,
    username: String,
    full_name: Option<String>,
    github_username: Option<String>,
    bio: Option<String>,
    email_notifications_enabled: bool,
    default_tone: String,
    language: String,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            username: user.username,
            full_name: user.full_name,
            github_username: user.github_username,
            bio: user.bio,
            email_notifications_enabled: user.email_notifications_enabled,
            default_tone: user.default_tone,
            language: user.language,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// 200.
pub(super) async fn read(signed_in: SignedIn) -> Json<Profile> {
    Json(signed_in.user.into())
}

/// What is left out stays; `"bio": null` clears it.
#[derive(Debug, Deserialize, AsChangeset)]
#[diesel(table_name = users)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    #[serde(default, deserialize_with = "null_clears")]
    bio: Option<Option<String>>,
    email_notifications_enabled: Option<bool>,
    default_tone: Option<String>,
    language: Option<String>,
    #[serde(skip)]
    updated_at: Option<NaiveDateTime>,
}

/// 200 with the new profile.
pub(super) async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    extract::Json(mut update): extract::Json<Update>,
) -> Result<Json<Profile>, AppError> {
    let mut validation = Validation::default();
    if let Some(Some(bio)) = &update.bio {
        validation.optional_text("bio", bio, MAX_TEXT);
    }
    if let Some(tone) = &update.default_tone {
        validation.one_of("default_tone", tone, TONES);
    }
    if let Some(language) = &update.language {
        validation.language("language", language);
    }
    validation.finish()?;
    update.updated_at = Some(now());
    let id = signed_in.user.id;
    let user: User = state
        .run(move |connection| Ok(diesel::update(users::table.find(id)).set(update).get_result(connection)?))
        .await?;
    Ok(Json(user.into()))
}

/// Tells `null` (`Some(None)`) from a field that is not there (`None`).
fn null_clears<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
