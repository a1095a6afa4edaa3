//! Whether the server can do its work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use diesel_schema::upgrade::status;
use serde::Serialize;

use crate::error::AppError;
use crate::state::AppState;

/// What `/health` says.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    /// `ok`, or what is wrong in a word: `behind`, `ahead`, `unavailable`.
    status: &'static str,
    /// The database's heads, sorted; one, save where branches are not merged.
    revision: Vec<String>,
    /// The binary's heads, sorted.
    expected: Vec<String>,
    /// What is applied and not known to this binary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

/// 200 where the database is at the binary's head; 503 where it is behind, ahead, or can't be asked.
pub(super) async fn health(State(state): State<AppState>) -> (StatusCode, Json<Health>) {
    let migrations = state.migrations;
    let answer = state
        .run(move |connection| status(connection, migrations).map_err(|error| AppError::Internal(error.to_string())))
        .await;
    let health = match answer {
        Ok(found) => Health {
            status: match (found.unknown.is_empty(), found.pending.is_empty()) {
                (false, _) => "ahead",
                (true, false) => "behind",
                (true, true) => "ok",
            },
            revision: found.current,
            expected: found.heads,
            unknown: found.unknown,
        },
        Err(error) => {
            tracing::error!("health: {error}");
            Health { status: "unavailable", revision: Vec::new(), expected: Vec::new(), unknown: Vec::new() }
        }
    };
    let code = if health.status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(health))
}
