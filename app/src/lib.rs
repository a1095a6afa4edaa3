//! Recommendation Writer: a server that keeps GitHub profiles and the recommendations written from them.
//!
//! It is the reference application of diesel-schema: its tables are declared once, in [`models`], its
//! migrations come from `cargo run --bin autogenerate`, and the server upgrades its own database before it
//! listens. The library holds everything but the migrations: those are embedded in the server's binary, so
//! that `autogenerate` can be built while models and migrations disagree.

pub mod auth;
pub mod config;
pub mod database;
pub mod error;
pub mod extract;
pub mod models;
pub mod routes;
pub mod server;
pub mod state;
pub mod validate;

use diesel_schema::prelude::schema;

schema! {
    pub mod schema;
    models: [
        models::AppConfig,
        models::GithubProfile,
        models::Recommendation,
        models::Session,
        models::User,
    ],
    dialects: [postgres, sqlite],
}
