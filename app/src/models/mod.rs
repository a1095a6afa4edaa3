//! The tables. `cargo run --bin autogenerate -- "what changes"` turns an edit here into a migration.

mod app_config;
mod github_profile;
mod recommendation;
mod session;
mod user;

// Globs: what #[model] makes beside a struct has to be seen with it.
pub use app_config::*;
pub use github_profile::*;
pub use recommendation::*;
pub use session::*;
pub use user::*;
