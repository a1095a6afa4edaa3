//! One pool of connections to SQLite or PostgreSQL, whichever the URL names.

mod connection;

pub use connection::{AnyConnection, Manager, Pool, PoolError, connect};
pub use diesel_schema::config::DatabaseUrl;
