//! The user's recommendations.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::auth::SignedIn;
use crate::database::AnyConnection;
use crate::error::AppError;
use crate::extract::{self, InPath, InQuery};
use crate::models::Recommendation;
use crate::schema::{github_profiles, recommendations};
use crate::state::{AppState, now};
use crate::validate::{MAX_TEXT, STATUSES, TONES, Validation};

/// A recommendation as its writer sees it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    id: i32,
    github_profile_id: i32,
    title: String,
    content: String,
    tone: String,
    status: String,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl From<Recommendation> for Shown {
    fn from(found: Recommendation) -> Self {
        Self {
            id: found.id,
            github_profile_id: found.github_profile_id,
            title: found.title,
            content: found.content,
            tone: found.tone,
            status: found.status,
            created_at: found.created_at,
            updated_at: found.updated_at,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// At most so many, 50 without.
    limit: Option<i64>,
    /// Only those with a smaller id: the last one of the page before.
    before: Option<i32>,
}

/// 200 with a page of them, newest first.
pub(super) async fn list(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InQuery(page): InQuery<Page>,
) -> Result<Json<Vec<Shown>>, AppError> {
    let limit = page.limit.unwrap_or(50);
    let mut validation = Validation::default();
    validation.require("limit", (1..=200).contains(&limit), "must be 1 to 200");
    validation.finish()?;
    let found: Vec<Recommendation> = state
        .run(move |connection| {
            Ok(recommendations::table
                .filter(recommendations::user_id.eq(signed_in.user.id))
                .filter(recommendations::id.lt(page.before.unwrap_or(i32::MAX)))
                .order(recommendations::id.desc())
                .limit(limit)
                .select(Recommendation::as_select())
                .load(connection)?)
        })
        .await?;
    Ok(Json(found.into_iter().map(Shown::from).collect()))
}

/// 200, or 404.
pub(super) async fn read(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(id): InPath<i32>,
) -> Result<Json<Shown>, AppError> {
    let found: Option<Recommendation> = state
        .run(move |connection| {
            Ok(recommendations::table
                .filter(recommendations::user_id.eq(signed_in.user.id))
                .filter(recommendations::id.eq(id))
                .select(Recommendation::as_select())
                .first(connection)
                .optional()?)
        })
        .await?;
    Ok(Json(found.ok_or(AppError::NotFound("such recommendation"))?.into()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    github_profile_id: i32,
    title: String,
    content: String,
    /// The user's default tone without.
    tone: Option<String>,
    /// `draft` without.
    status: Option<String>,
}

/// 201 with it and where it is.
pub(super) async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    extract::Json(create): extract::Json<Create>,
) -> Result<Response, AppError> {
    let tone = create.tone.unwrap_or(signed_in.user.default_tone);
    let status = create.status.unwrap_or_else(|| "draft".to_owned());
    let mut validation = Validation::default();
    validation.text("title", &create.title, 200);
    validation.text("content", &create.content, MAX_TEXT);
    validation.one_of("tone", &tone, TONES);
    validation.one_of("status", &status, STATUSES);
    validation.finish()?;
    let (user_id, at) = (signed_in.user.id, now());
    let created: Recommendation = state
        .run(move |connection| {
            own_profile(connection, user_id, create.github_profile_id)?;
            Ok(diesel::insert_into(recommendations::table)
                .values((
                    recommendations::user_id.eq(user_id),
                    recommendations::github_profile_id.eq(create.github_profile_id),
                    recommendations::title.eq(create.title),
                    recommendations::content.eq(create.content),
                    recommendations::tone.eq(tone),
                    recommendations::status.eq(status),
                    recommendations::created_at.eq(at),
                    recommendations::updated_at.eq(at),
                ))
                .get_result(connection)?)
        })
        .await?;
    let location = HeaderValue::try_from(format!("/recommendations/{}", created.id))
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(Shown::from(created))).into_response())
}

/// A profile of somebody else's is as good as none.
fn own_profile(connection: &mut AnyConnection, user_id: i32, id: i32) -> Result<(), AppError> {
    let found: i64 = github_profiles::table
        .filter(github_profiles::user_id.eq(user_id))
        .filter(github_profiles::id.eq(id))
        .count()
        .get_result(connection)?;
    let mut validation = Validation::default();
    validation.require("github_profile_id", found == 1, "must be one of your GitHub profiles");
    validation.finish()
}

/// What is left out stays.
#[derive(Debug, Deserialize, AsChangeset)]
#[diesel(table_name = recommendations)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    title: Option<String>,
    content: Option<String>,
    tone: Option<String>,
    status: Option<String>,
    #[serde(skip)]
    updated_at: Option<NaiveDateTime>,
}

/// 200 with it as it is now, or 404.
pub(super) async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(id): InPath<i32>,
    extract::Json(mut update): extract::Json<Update>,
) -> Result<Json<Shown>, AppError> {
    let mut validation = Validation::default();
    if let Some(title) = &update.title {
        validation.text("title", title, 200);
    }
    if let Some(content) = &update.content {
        validation.text("content", content, MAX_TEXT);
    }
    if let Some(tone) = &update.tone {
        validation.one_of("tone", tone, TONES);
    }
    if let Some(status) = &update.status {
        validation.one_of("status", status, STATUSES);
    }
    validation.finish()?;
    update.updated_at = Some(now());
    let updated: Option<Recommendation> = state
        .run(move |connection| {
            let mine = recommendations::table
                .filter(recommendations::user_id.eq(signed_in.user.id))
                .filter(recommendations::id.eq(id));
            Ok(diesel::update(mine).set(update).get_result(connection).optional()?)
        })
        .await?;
    Ok(Json(updated.ok_or(AppError::NotFound("such recommendation"))?.into()))
}

/// 204, or 404.
pub(super) async fn delete(
    State(state): State<AppState>,
    signed_in: SignedIn,
    InPath(id): InPath<i32>,
) -> Result<StatusCode, AppError> {
    let deleted = state
        .run(move |connection| {
            let mine = recommendations::table
                .filter(recommendations::user_id.eq(signed_in.user.id))
                .filter(recommendations::id.eq(id));
            Ok(diesel::delete(mine).execute(connection)?)
        })
        .await?;
    if deleted == 0 { Err(AppError::NotFound("such recommendation")) } else { Ok(StatusCode::NO_CONTENT) }
}
