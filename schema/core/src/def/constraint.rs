//! Keys, foreign keys, checks and indexes.

use super::{ExprDef, Location};

/// A primary key or a unique constraint.
#[derive(Debug, Clone, Copy)]
pub struct KeyDef {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<&'static str>,
    /// Its columns' names in the database, in order.
    pub columns: &'static [&'static str],
    /// `INCLUDE` columns.
    pub include: &'static [&'static str],
    /// `NULLS NOT DISTINCT` (PostgreSQL 15); never for a primary key.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` of the last column, which is a range (PostgreSQL 18).
    pub without_overlaps: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Where it stands.
    pub at: Location,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Deferrable {
    /// After each statement, always.
    #[default]
    No,
    /// After each statement unless `SET CONSTRAINTS` defers it.
    InitiallyImmediate,
    /// At the end of the transaction.
    InitiallyDeferred,
}

/// What a foreign key does to a row whose target goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ForeignKeyAction {
    /// `NO ACTION`: an error, checked at the end of the statement or transaction.
    #[default]
    NoAction,
    /// `RESTRICT`: an error at once.
    Restrict,
    /// `CASCADE`: the row goes, or changes, too.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// A foreign key.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKeyDef {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<&'static str>,
    /// Its columns' names in the database, in order.
    pub columns: &'static [&'static str],
    /// The PostgreSQL schema of the table that it points at.
    pub references_namespace: Option<&'static str>,
    /// The table that it points at.
    pub references_table: &'static str,
    /// The columns that it points at, in the order of `columns`.
    pub references_columns: &'static [&'static str],
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// Which of its columns `ON DELETE SET NULL` or `SET DEFAULT` sets (PostgreSQL 15); empty is all.
    pub on_delete_columns: &'static [&'static str],
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// `MATCH FULL`: of several columns, all are NULL or none.
    pub match_full: bool,
    /// `PERIOD` of the last column, which is a range (PostgreSQL 18).
    pub period: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// `NOT VALID`: rows that were there before it may not fulfil it.
    pub not_valid: bool,
    /// `NOT ENFORCED`: nobody checks it (PostgreSQL 18).
    pub not_enforced: bool,
    /// Where it stands.
    pub at: Location,
}

/// A check constraint.
#[derive(Debug, Clone, Copy)]
pub struct CheckDef {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<&'static str>,
    /// What must not be false.
    pub expr: ExprDef,
    /// The columns that PostgreSQL would find in the expression, for the name: one column gives
    /// `table_column_check`, none or several `table_check`.
    pub columns: &'static [&'static str],
    /// `NOT VALID`: rows that were there before it may not fulfil it.
    pub not_valid: bool,
    /// `NO INHERIT`: children of the table need not fulfil it.
    pub no_inherit: bool,
    /// `NOT ENFORCED`: nobody checks it (PostgreSQL 18).
    pub not_enforced: bool,
    /// Where it stands.
    pub at: Location,
}

/// An index.
#[derive(Debug, Clone, Copy)]
pub struct IndexDef {
    /// The index's name; `None` is the one PostgreSQL would pick.
    pub name: Option<&'static str>,
    /// Its keys, in order.
    pub keys: &'static [IndexKeyDef],
    /// Whether it is unique.
    pub unique: bool,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The access method; `None` is `btree`.
    pub using: Option<&'static str>,
    /// `INCLUDE` columns.
    pub include: &'static [&'static str],
    /// Storage parameters.
    pub with: Option<&'static str>,
    /// The predicate of a partial index.
    pub predicate: Option<ExprDef>,
    /// Where it stands.
    pub at: Location,
}

/// One key of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexKeyDef {
    /// A column's name or an expression.
    pub what: IndexKeyWhat,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `NULLS LAST` (false); `None` is the order's own default.
    pub nulls_first: Option<bool>,
    /// An operator class other than the default one.
    pub opclass: Option<&'static str>,
    /// A collation other than the column's.
    pub collation: Option<&'static str>,
}

/// What an index key holds.
#[derive(Debug, Clone, Copy)]
pub enum IndexKeyWhat {
    /// A column, by its name in the database.
    Column(&'static str),
    /// An expression.
    Expr(ExprDef),
}
