//! Indexes.

use super::Expr;

/// An index that backs no constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name; it lives in its table's namespace.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The access method; `btree` on SQLite.
    pub method: String,
    /// Its keys, in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE` columns.
    pub include: Vec<String>,
    /// The predicate of a partial index, without the parentheses around it.
    pub predicate: Option<Expr>,
    /// Storage parameters, `fillfactor=70`, as they were given; their order is no difference.
    pub with: Vec<String>,
    /// False for what a failed `CREATE INDEX CONCURRENTLY` leaves behind.
    pub valid: bool,
    /// The comment, where the dialect keeps one.
    pub comment: Option<String>,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// A column's name or an expression.
    pub what: IndexKeyWhat,
    /// `DESC`.
    pub descending: bool,
    /// Where NULLs go; the order's own default is never left open.
    pub nulls: NullsOrder,
    /// An operator class other than the type's default one.
    pub opclass: Option<String>,
    /// A collation other than the column's own.
    pub collation: Option<String>,
}

/// What an index key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKeyWhat {
    /// A column, by its name.
    Column(String),
    /// An expression, without the parentheses around it.
    Expr(Expr),
}

/// Where NULLs stand in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NullsOrder {
    /// Where the order puts them by itself: last for ASC and first for DESC on PostgreSQL, the reverse on SQLite.
    Default,
    /// `NULLS FIRST` where that is not the default.
    First,
    /// `NULLS LAST` where that is not the default.
    Last,
}
