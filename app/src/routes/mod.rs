//! The routes, a module for each thing that they are about.

mod account;
mod github_profiles;
mod health;
mod profile;
mod recommendations;

use axum::Router;
use axum::routing::{get, post};

use crate::error::AppError;
use crate::state::AppState;

/// All of them.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .route("/register", post(account::register))
        .route("/login", post(account::login))
        .route("/logout", post(account::logout))
        .route("/profile", get(profile::read).patch(profile::update))
        .route("/github-profiles", get(github_profiles::list))
        .route(
            "/github-profiles/{username}",
            get(github_profiles::read).put(github_profiles::store).delete(github_profiles::delete),
        )
        .route("/recommendations", get(recommendations::list).post(recommendations::create))
        .route(
            "/recommendations/{id}",
            get(recommendations::read).patch(recommendations::update).delete(recommendations::delete),
        )
        .fallback(async || AppError::NotFound("such page"))
        .with_state(state)
}
