//! How one server says things: a folder a dialect, behind one trait.

#[cfg(feature = "postgres")]
pub mod postgres;

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use crate::change::{Change, Step};
use crate::connection::SqlConnection;
use crate::schema::Schema;

/// What the floors above need to know of a server.
pub trait DialectImpl: Sync {
    /// Which one it is.
    fn dialect(&self) -> Dialect;

    /// Says the declared schema in this dialect's words: final names, types, the spelling of expressions as far
    /// as it is known without a server.
    ///
    /// # Errors
    /// Everything in it that this dialect can't express, each with its place in the source.
    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>>;

    /// Reads what the database holds, in a constant number of queries. Leaves out diesel's and this crate's own
    /// tables (`__diesel_schema_*`), what extensions own, and the server's own objects.
    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema>;

    /// Whether a statement of this dialect can carry out the change on a table that stays. Where it can't, the plan
    /// gathers all changes of that table into one rebuild ([`DialectImpl::rebuild`]).
    fn can_alter(&self, change: &Change, old: &Schema, new: &Schema) -> bool;

    /// The statements of one change, in order. `old` and `new` are the schemas on both ends of the plan.
    ///
    /// # Errors
    /// A sentence that says why it can't be done, where it can't.
    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal>;

    /// Makes a table anew with the shape that it has in `new`, keeping its rows, and carries out all of `changes`,
    /// every one of which is of this table.
    ///
    /// # Errors
    /// A sentence that says why it can't be done, where it can't.
    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal>;

    /// An identifier, quoted where it has to be.
    fn quote(&self, identifier: &str) -> String;

    /// A throw-away database on the same server (or in memory), empty; it goes when it is dropped.
    ///
    /// # Errors
    /// A sentence that says what the server refused and what to do.
    fn scratch(&self, url: Option<&str>) -> Result<Box<dyn Scratch>, String>;
}

/// A throw-away database. Dropping it removes it.
pub trait Scratch {
    /// A connection to it.
    fn connection(&mut self) -> &mut dyn SqlConnection;
}

/// Something declared that a dialect has no words for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what} can't be expressed on {dialect}: {instead}")]
pub struct Unsupported {
    /// The place in the source, `file:line:column`.
    pub at: String,
    /// What it is: "`User.tags` (an array)".
    pub what: String,
    /// The dialect without words for it.
    pub dialect: Dialect,
    /// What to write instead.
    pub instead: String,
}

/// A change that is understood and that no sequence of statements can carry out safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);
