//! Whether the server can do its work.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use diesel::prelude::*;
use diesel_schema::Dialect;
use serde::Serialize;

use crate::database::AnyConnection;
use crate::error::AppError;
use crate::state::AppState;

diesel::table! {
    /// Diesel's own record of what is applied.
    __diesel_schema_migrations (version) {
        /// A revision's id.
        version -> Text,
    }
}

/// What `/health` says.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    /// `ok`, or what is wrong in a word: `behind`, `ahead`, `unavailable`.
    status: &'static str,
    /// The binary's heads that are applied, sorted.
    revision: Vec<&'static str>,
    /// The binary's heads, sorted.
    expected: &'static [&'static str],
}

/// 200 where the database is at the binary's head; 503 where it is behind, ahead, or can't be asked.
pub(super) async fn health(State(state): State<AppState>) -> (StatusCode, Json<Health>) {
    let migrations = state.migrations;
    let answer = state
        .run(move |connection| {
            let dialect = match connection {
                AnyConnection::Postgres(_) => Dialect::Postgres,
                AnyConnection::Sqlite(_) => Dialect::Sqlite,
            };
            let embedded = migrations
                .iter()
                .find(|embedded| embedded.dialect == dialect)
                .ok_or_else(|| AppError::Internal(format!("this binary has no migrations for {}", dialect.name())))?;
            let applied: BTreeSet<String> = __diesel_schema_migrations::table
                .select(__diesel_schema_migrations::version)
                .load(connection)?
                .into_iter()
                .collect();
            let known: BTreeSet<&str> = embedded.revisions.iter().map(|revision| revision.id).collect();
            let status = if applied.iter().any(|id| !known.contains(id.as_str())) {
                "ahead"
            } else if applied.len() < known.len() {
                "behind"
            } else {
                "ok"
            };
            let revision = embedded.heads.iter().copied().filter(|head| applied.contains(*head)).collect();
            Ok(Health { status, revision, expected: embedded.heads })
        })
        .await;
    match answer {
        Ok(health) if health.status == "ok" => (StatusCode::OK, Json(health)),
        Ok(health) => (StatusCode::SERVICE_UNAVAILABLE, Json(health)),
        Err(error) => {
            tracing::error!("health: {error}");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(Health { status: "unavailable", revision: Vec::new(), expected: &[] }),
            )
        }
    }
}
