//! What every request can reach.

use std::sync::Arc;

use chrono::{NaiveDateTime, Utc};
use diesel_schema::upgrade::Migrations;

use crate::auth::Passwords;
use crate::database::{AnyConnection, Pool};
use crate::error::AppError;

/// The server's own state; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pool: Pool,
    /// The revisions that this binary was built with.
    pub migrations: &'static Migrations,
    /// How long a sign-in lasts.
    pub session: chrono::Duration,
    /// Hashes and verifies passwords.
    pub passwords: Arc<Passwords>,
}

impl AppState {
    /// A state on this pool.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(
        pool: Pool,
        migrations: &'static Migrations,
        session: chrono::Duration,
    ) -> Result<Self, crate::auth::PasswordError> {
        Ok(Self { pool, migrations, session, passwords: Arc::new(Passwords::new()?) })
    }

    /// Runs `work` with a connection of the pool, on a thread that may block.
    ///
    /// # Errors
    /// Those of `work`; no connection in time; a panic in `work`.
    pub async fn run<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, AppError> + Send + 'static,
    {
        let pool = self.pool.clone();
        blocking(move || work(&mut *pool.get()?)).await
    }
}

/// Runs `work` on a thread that may block.
///
/// # Errors
/// Those of `work`; a panic in it.
pub async fn blocking<T, F>(work: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, AppError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))?
}

/// The time, as the tables keep it: UTC, in whole microseconds, which is what PostgreSQL stores.
#[must_use]
pub fn now() -> NaiveDateTime {
    let now = Utc::now();
    chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now).naive_utc()
}
