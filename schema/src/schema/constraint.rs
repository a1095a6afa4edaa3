//! Keys, foreign keys and checks.

pub use diesel_schema_core::declared::{Deferrable, ForeignKeyAction};

use super::{Expr, Name};

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The constraint's name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// `INCLUDE` columns.
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` of the last column (PostgreSQL 18).
    pub without_overlaps: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// The comment, where the dialect keeps one.
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The table that it points at.
    pub references: Name,
    /// The columns that it points at, in the order of `columns`.
    pub references_columns: Vec<String>,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// The columns that `ON DELETE SET NULL` or `SET DEFAULT` is about, where that is not all (PostgreSQL 15).
    pub on_delete_columns: Vec<String>,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// `PERIOD` of the last column (PostgreSQL 18).
    pub period: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// False for `NOT VALID`: rows from before are not known to hold it.
    pub validated: bool,
    /// False for `NOT ENFORCED` (PostgreSQL 18), which is never validated.
    pub enforced: bool,
    /// The comment, where the dialect keeps one.
    pub comment: Option<String>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// What must not be false, without the parentheses around it.
    pub expr: Expr,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// False for `NOT VALID`: rows from before are not known to hold it.
    pub validated: bool,
    /// False for `NOT ENFORCED` (PostgreSQL 18), which is never validated.
    pub enforced: bool,
    /// The comment, where the dialect keeps one.
    pub comment: Option<String>,
}
