//! What a request can end with, and how it is said.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::Serialize;

use crate::database::PoolError;

/// Everything but success.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request can't be read.
    #[error("{0}")]
    BadRequest(String),
    /// The request can be read, and says what can't be: a message for each field.
    #[error("some fields can't be accepted")]
    Invalid(BTreeMap<&'static str, String>),
    /// Nobody is signed in.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// Somebody is signed in, and may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It is not there, or belongs to somebody else.
    #[error("there is no {0} here")]
    NotFound(&'static str),
    /// Somebody has it already.
    #[error("{0}")]
    Conflict(String),
    /// The database can't be reached in time.
    #[error("the database can't be reached: {0}")]
    Unavailable(#[from] PoolError),
    /// The database refused a query.
    #[error("the database failed: {0}")]
    Database(DieselError),
    /// Anything else that is our own fault.
    #[error("{0}")]
    Internal(String),
}

impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                // PostgreSQL names the constraint, SQLite the column.
                let what = info.constraint_name().unwrap_or(info.message());
                let taken = ["email", "username"].into_iter().find(|field| what.contains(field));
                Self::Conflict(format!("this {} is taken", taken.unwrap_or("entry")))
            }
            DieselError::NotFound => Self::NotFound("such thing"),
            _ => Self::Database(error),
        }
    }
}

/// The JSON of an error.
#[derive(Serialize)]
struct Body {
    error: &'static str,
    message: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'static str, String>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, error) = match &self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Database(_) | Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        let message = if status.is_server_error() {
            // What went wrong inside is for the log, not for whoever asked.
            tracing::error!(%status, "{self}");
            "the server could not answer; try again later".to_owned()
        } else {
            self.to_string()
        };
        let fields = if let Self::Invalid(fields) = self { fields } else { BTreeMap::new() };
        (status, Json(Body { error, message, fields })).into_response()
    }
}
