//! The declared schema as owned data: what the models say, or what `schema.lock` says they said.
//!
//! Made from the lines that [`crate::def`]'s constants hold, or from those of the lock file. No dialect has touched it yet.

pub use crate::def::{IdentityDef as Identity, TypeKind};
use crate::dialect::Dialect;

/// Everything that one `schema!` lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredSchema {
    /// The models, in the order of the list.
    pub models: Vec<Model>,
    /// The enums, in the order of the list.
    pub enums: Vec<Enum>,
    /// Sequences that no column owns.
    pub sequences: Vec<Sequence>,
    /// The `sql:` files: objects that a struct can't say.
    pub sql: Vec<SqlFile>,
    /// The dialects that migrations are written for.
    pub dialects: Vec<Dialect>,
    /// Whether doc comments become `COMMENT ON`.
    pub comments: bool,
    /// Where `schema!` stands.
    pub at: String,
}

/// One `#[model]`: one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The PostgreSQL schema that holds the table; `None` is the default one.
    pub namespace: Option<String>,
    /// The table's name in the database.
    pub table: String,
    /// The struct's name.
    pub rust: String,
    /// The struct's doc comment, trimmed; empty when there is none.
    pub comment: String,
    /// The table's name before, from `#[renamed_from]`.
    pub renamed_from: Option<String>,
    /// The columns, in the order of the fields.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Key,
    /// Unique constraints.
    pub uniques: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Check constraints.
    pub checks: Vec<Check>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// What it is split into, and whose part or child it is.
    pub inheritance: Inheritance,
    /// What follows the table's columns on SQLite: `STRICT`, `WITHOUT ROWID`.
    pub options: Vec<String>,
    /// Where the struct stands.
    pub at: String,
}

/// One field of a model: one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column's name in the database.
    pub name: String,
    /// The field's name.
    pub rust: String,
    /// The column's type.
    pub ty: Type,
    /// Whether the field is an `Option`.
    pub nullable: bool,
    /// `#[default(..)]`.
    pub default: Option<Default>,
    /// Where its values come from when none is given, for integers.
    pub identity: Option<Identity>,
    /// The sequence behind it, where it has another name or counts otherwise than the server would have it. An empty name
    /// is the one that PostgreSQL would pick, and no namespace the table's.
    pub sequence: Option<Sequence>,
    /// `#[generated("..")]`.
    pub generated: Option<Expr>,
    /// Whether a generated column is computed when it is read, and not stored.
    pub is_virtual: bool,
    /// `#[not_null(..)]`, where there is more to say than that the field is no `Option`.
    pub not_null: Option<NotNull>,
    /// `#[collation("..")]`.
    pub collation: Option<String>,
    /// The field's doc comment, trimmed; empty when there is none.
    pub comment: String,
    /// The column's name before, from `#[renamed_from]`.
    pub renamed_from: Option<String>,
    /// Where the field stands.
    pub at: String,
}

/// How a table is tied to others whose rows it shows, or that show its rows.
#[derive(Debug, Clone, PartialEq, Eq, std::default::Default)]
pub struct Inheritance {
    /// How it is split into partitions: `RANGE (at)`.
    pub partition_by: Option<String>,
    /// The tables that it is a part or a child of, by schema and name.
    pub parents: Vec<(Option<String>, String)>,
    /// Which rows a partition takes: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: Option<String>,
}

/// What is said of a NOT NULL, which is a constraint on PostgreSQL 18.
#[derive(Debug, Clone, PartialEq, Eq, std::default::Default)]
pub struct NotNull {
    /// Its name; `None` is any that PostgreSQL picks.
    pub name: Option<String>,
    /// `NO INHERIT`: children of the table may hold NULL.
    pub no_inherit: bool,
    /// `NOT VALID`: rows that were there before it may hold NULL.
    pub not_valid: bool,
}

/// A column's type, before any dialect has said it its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// What `name` names.
    pub kind: TypeKind,
    /// The PostgreSQL schema of an enum; `None` is the default one.
    pub namespace: Option<String>,
    /// `Int4`, `Varchar`, an enum's name, or SQL.
    pub name: String,
    /// What stands in parentheses: `[64]` for `Varchar(64)`, `[10, 2]` for `Numeric(10, 2)`.
    pub modifiers: Vec<i32>,
    /// Number of array dimensions; 0 is no array.
    pub array: u8,
}

/// An SQL expression, with other words where a dialect needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What every dialect reads that has no words of its own below.
    pub sql: String,
    /// PostgreSQL's own words.
    pub postgres: Option<String>,
    /// SQLite's own words.
    pub sqlite: Option<String>,
    /// MySQL's own words.
    pub mysql: Option<String>,
}

/// A column's default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Default {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, as it was written.
    Float(String),
    /// A string literal, unquoted.
    Text(String),
    /// An expression: `default(now())`, `default(sql = "..")`.
    Expr(Expr),
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<String>,
    /// Its columns' names in the database, in order.
    pub columns: Vec<String>,
    /// `INCLUDE` columns.
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15); never for a primary key.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` of the last column, which is a range (PostgreSQL 18).
    pub without_overlaps: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Where it stands.
    pub at: String,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<String>,
    /// Its columns' names in the database, in order.
    pub columns: Vec<String>,
    /// The PostgreSQL schema of the table that it points at.
    pub references_namespace: Option<String>,
    /// The table that it points at.
    pub references_table: String,
    /// The columns that it points at, in the order of `columns`.
    pub references_columns: Vec<String>,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// Which of its columns `ON DELETE SET NULL` or `SET DEFAULT` sets (PostgreSQL 15); empty is all.
    pub on_delete_columns: Vec<String>,
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
    pub at: String,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name; `None` is the one PostgreSQL would pick.
    pub name: Option<String>,
    /// What must not be false.
    pub expr: Expr,
    /// The columns that PostgreSQL would find in the expression, for the name: one column gives
    /// `table_column_check`, none or several `table_check`.
    pub columns: Vec<String>,
    /// `NOT VALID`: rows that were there before it may not fulfil it.
    pub not_valid: bool,
    /// `NO INHERIT`: children of the table need not fulfil it.
    pub no_inherit: bool,
    /// `NOT ENFORCED`: nobody checks it (PostgreSQL 18).
    pub not_enforced: bool,
    /// Where it stands.
    pub at: String,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name; `None` is the one PostgreSQL would pick.
    pub name: Option<String>,
    /// Its keys, in order.
    pub keys: Vec<IndexKey>,
    /// Whether it is unique.
    pub unique: bool,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The access method; `None` is `btree`.
    pub using: Option<String>,
    /// `INCLUDE` columns.
    pub include: Vec<String>,
    /// Storage parameters: `fillfactor = 70, deduplicate_items = off`.
    pub with: Option<String>,
    /// The predicate of a partial index.
    pub predicate: Option<Expr>,
    /// Where it stands.
    pub at: String,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// A column's name or an expression.
    pub what: IndexKeyWhat,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `NULLS LAST` (false); `None` is the order's own default.
    pub nulls_first: Option<bool>,
    /// An operator class other than the default one.
    pub opclass: Option<String>,
    /// A collation other than the column's.
    pub collation: Option<String>,
}

/// What an index key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKeyWhat {
    /// A column, by its name in the database.
    Column(String),
    /// An expression.
    Expr(Expr),
}

/// One `#[derive(SqlEnum)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// The PostgreSQL schema that holds the type; `None` is the default one.
    pub namespace: Option<String>,
    /// The type's name in the database.
    pub name: String,
    /// The Rust enum's name.
    pub rust: String,
    /// The values, in order.
    pub values: Vec<String>,
    /// The enum's doc comment, trimmed; empty when there is none.
    pub comment: String,
    /// Where the enum stands.
    pub at: String,
}

/// A sequence that no column owns, from `schema!`'s `sequences:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// The PostgreSQL schema that holds it; `None` is the default one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// `smallint`, `integer` or `bigint`; `None` is `bigint`.
    pub data_type: Option<String>,
    /// `START WITH`.
    pub start: Option<i64>,
    /// `INCREMENT BY`.
    pub increment: Option<i64>,
    /// `MINVALUE`.
    pub min: Option<i64>,
    /// `MAXVALUE`.
    pub max: Option<i64>,
    /// `CACHE`.
    pub cache: Option<i64>,
    /// `CYCLE`.
    pub cycle: bool,
    /// Where it stands.
    pub at: String,
}

/// One of `schema!`'s `sql:` files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// The path as it was written, relative to the package's root.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// The dialects it is meant for; empty is all of them.
    pub dialects: Vec<Dialect>,
}
