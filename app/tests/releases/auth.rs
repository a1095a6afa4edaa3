//! As the library's, with the users of before.

#[path = "../../src/auth/user.rs"]
mod user;

pub use recommendation_writer::auth::Token;
pub use user::SignedIn;
