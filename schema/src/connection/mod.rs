//! The connections that everything here runs on, whatever type the application's pool has.

mod literal;
#[cfg(feature = "cli")]
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod said;
#[cfg(feature = "sqlite")]
mod sqlite;
mod unreachable;

use std::any::Any;

use diesel::QueryResult;
use diesel_schema_core::Dialect;

pub(crate) use literal::{literal, literal_for};
#[cfg(feature = "cli")]
pub(crate) use place::{is_in_memory, not_opened, sqlite_file, wrong_place};
pub(crate) use said::{no_connection, one_line};
pub(crate) use unreachable::{MAKE_ROOM, next_step, refuses};

/// A connection that reads schemas and runs SQL: one implementation a Diesel backend.
///
/// Object-safe, so that the code above it is compiled once and not once a backend.
pub trait SqlConnection {
    /// The server's dialect.
    fn dialect(&self) -> Dialect;

    /// Sends `sql` as one message; it may hold several statements. Reads no rows.
    fn batch(&mut self, sql: &str) -> QueryResult<()>;

    /// Runs one query whose columns are all text, or NULL, in one round trip without a named prepared statement.
    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>>;

    /// Runs one query of one text column, and hands over each row as it comes: of many rows the first are worked on while
    /// the server makes the last ones. NULL is an empty text.
    fn each_text(&mut self, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        let rows = self.rows(sql)?;
        rows.iter().for_each(|row| take(row.first().and_then(Option::as_deref).unwrap_or_default()));
        Ok(())
    }

    /// The same, for a query that is asked again and again: a connection behind which no pooler stands may have the
    /// server keep its plan.
    fn each_repeated_text(&mut self, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        self.each_text(sql, take)
    }

    /// Shows the connection as its own type, and then what is behind it, until `visit` takes one: for a revision's step
    /// in Rust. A connection that does not say its type runs none.
    fn typed(&mut self, visit: &mut dyn FnMut(&mut dyn Any) -> bool) -> bool {
        let _ = visit;
        false
    }
}

/// A connection type that a pool can hold: Diesel's own, or an application's enum of several.
///
/// Implemented for `PgConnection` and `SqliteConnection`. For an enum made with
/// `#[derive(diesel::MultiConnection)]`, match and hand out what is inside.
pub trait AsSqlConnection {
    /// The connection behind it.
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection;
}
