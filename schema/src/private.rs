//! What the macros' expansions name. No part of the public interface.

pub use diesel;
pub use diesel_migrations;

pub use crate::__sql_value as sql_value;
use crate::Dialect;

/// The dialects that this crate was built for.
pub const DIALECTS: &[Dialect] = &[
    #[cfg(feature = "postgres")]
    Dialect::Postgres,
    #[cfg(feature = "sqlite")]
    Dialect::Sqlite,
];

/// Its tokens where this crate was built for PostgreSQL, else nothing.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "postgres")]
macro_rules! __if_postgres { ($($tokens:tt)*) => { $($tokens)* }; }
/// Its tokens where this crate was built for PostgreSQL, else nothing.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "postgres"))]
macro_rules! __if_postgres {
    ($($tokens:tt)*) => {};
}
/// Its tokens where this crate was built for SQLite, else nothing.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "sqlite")]
macro_rules! __if_sqlite { ($($tokens:tt)*) => { $($tokens)* }; }
/// Its tokens where this crate was built for SQLite, else nothing.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "sqlite"))]
macro_rules! __if_sqlite {
    ($($tokens:tt)*) => {};
}
