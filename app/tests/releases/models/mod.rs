//! The tables of the release before this one.

mod app_config;
#[path = "../../../src/models/github_profile.rs"]
mod github_profile;
#[path = "../../../src/models/recommendation.rs"]
mod recommendation;
mod session;
mod user;

pub use app_config::*;
pub use github_profile::*;
pub use recommendation::*;
pub use session::*;
pub use user::*;
