//! Who is asking: passwords, tokens, and the user of a request.

mod password;
mod token;
mod user;

pub use password::{PasswordError, Passwords};
pub use token::Token;
pub use user::SignedIn;
