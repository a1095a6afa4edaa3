//! One pool of connections to SQLite or PostgreSQL, whichever the URL names.

mod connection;
mod url;

pub use connection::{AnyConnection, Pool, PoolError, connect};
pub use url::{DatabaseUrl, DatabaseUrlError};
