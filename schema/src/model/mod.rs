//! How a model is declared: `#[model]`, `#[derive(SqlEnum)]`, `schema!`, and the traits behind them.
//!
//! # A model
//!
//! `#[model(table = "users")]`, with `schema = "audit"` for a table outside the default one, stands on a struct
//! with named fields, above its own `#[derive(..)]`, at the level of a module. `partition_by = "RANGE (at)"` splits it on
//! PostgreSQL; `partition_of(Event, "FOR VALUES IN ('a')")` makes it a part of another model's table, and `inherits(City)` a
//! child. What a partition has of its parent need not be said again; an index that is, says what the part of it is called.
//! Partitions that no model says stay. `strict` and `without_rowid` are SQLite's. On the struct:
//!
//! | attribute | meaning |
//! | --- | --- |
//! | `#[index(a, b desc nulls_last, "lower(c)")]` | an index; after a key: `desc`, `nulls_first`, `nulls_last`, `collate ".."`, an operator class; then `unique`, `nulls_not_distinct`, `using = ".."`, `include(..)`, `with = "fillfactor = 70"`, `where = ".."`, `name = ".."` |
//! | `#[unique(a, b)]` | a unique constraint; `name = ".."`, `include(..)`, `nulls_not_distinct`, `without_overlaps`, `deferrable = initially_deferred` |
//! | `#[check("..")]` | a check; `name = ".."`, `not_valid`, `no_inherit`, `not_enforced`, `postgres = ".."`, `sqlite = ".."` |
//! | `#[foreign_key((a, b) -> Other(a, b))]` | a foreign key, with what `references` takes below, `match_full`, `period` and `on_delete = set_null(a)` |
//! | `#[primary_key(a, b)]` | the primary key, in this order; `include(..)`, `without_overlaps`, `name = ".."` |
//! | `#[renamed_from("..")]` | the table's name before |
//!
//! On a field: `#[primary_key]`; `#[identity(always | by_default | serial | none)]`, by default `by_default` on
//! the one integer column of a primary key that points nowhere; `#[unique]`, `#[index]` and `#[check]` with the
//! options above; `#[sql_type(Varchar(64))]` or `#[sql_type(sql = "..", diesel = path::To::Type)]`;
//! `#[default(true)]`, a number, a string, `now()` or `sql = ".."`; `#[generated("..")]`, stored, or
//! `#[generated("..", virtual)]`; `#[not_null(name = "..", no_inherit, not_valid)]`, a constraint on PostgreSQL 18;
//! `#[references(User)]` with `on_delete = cascade | restrict | set_null | set_default | no_action`, `on_update`,
//! `deferrable`, `not_valid`, `not_enforced`, `name`, `column = field` for another column than the primary key, and `join = false` for a foreign
//! key that Diesel shall not join along (one of two tables that point at each other needs it);
//! `#[collation("..")]`; `#[renamed_from("..")]`; `#[sql_name("..")]`. Fields may be raw identifiers: `r#type` is
//! the column `type`, Diesel's `type_`.
//!
//! # The schema
//!
//! `schema!` lists every model and enum, by a path beside which its file is visible: `models::user::User`, or
//! `models::User` where `models` says `pub use user::*`. The module that it makes holds the tables
//! and `SCHEMA`, a [`SchemaDef`](crate::def::SchemaDef). Tables that a foreign key ties together may appear in one query;
//! `same_query: all` allows all that `schema!` lists, `same_query: [[models::A, models::B]]` these two as well: what
//! `allow_tables_to_appear_in_same_query!` is for.
//!
//! # Inserts
//!
//! `#[derive(Insertable, CompleteInsert)]` has the compiler check that the struct gives a value to every column that is
//! NOT NULL and has no default: one that is left out, or is an `Option` (Diesel writes DEFAULT for `None`), is an error.
//!
//! # Types
//!
//! A field's type is one that implements [`SqlColumn`]: Rust's own, those of the crates behind this crate's
//! features, `Vec`s of them on PostgreSQL, and enums under `#[derive(SqlEnum)]`. A moment (`DateTime<Utc>`,
//! `OffsetDateTime`) is written as a `sql_types::Moment`. Diesel has `Uuid`, `IpNetwork`,
//! rust_decimal's `Decimal` and std's `SystemTime`, which is a `Timestamp`, for PostgreSQL alone. An alias or a newtype
//! says its SQL type with `#[sql_type(BigInt)]`.

mod checks;
mod column;
mod joins;
#[cfg(feature = "postgres")]
mod opaque;
mod sql_enum;
pub mod sql_types;
mod tied;

pub use crate::def::{has_column, left_out, may_be_referenced};
pub use checks::{default_fits, identity_of, names_first, tables_first};
pub use column::SqlColumn;
pub use joins::JoinsOn;
#[cfg(feature = "postgres")]
pub use opaque::Opaque;
pub use sql_enum::SqlEnum;
pub use tied::{Allows, Any, ByKey, ChildOf, Differs, InSchema, Numbered, Related, Tied};

use crate::def::{KeyDef, ModelDef};

/// A struct under `#[model]`: one table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no model",
    label = "write a struct that has `#[model(table = \"..\")]`"
)]
pub trait Model {
    /// Diesel's table. It has the constants, since each that a model writes costs the compiler a body.
    type Table: TableOf;
    /// What other models ask of it.
    #[doc(hidden)]
    const KEY: KeyDef = <Self::Table as TableOf>::KEY;
    /// The PostgreSQL schema that holds the table; `None` is the default one.
    const NAMESPACE: Option<&'static str> = Self::KEY.namespace;
    /// The table's name in the database.
    const TABLE: &'static str = Self::KEY.table;
    /// The columns of the primary key, by their names in the database.
    const PRIMARY_KEY: &'static [&'static str] = Self::KEY.primary_key;
    /// All that the model declares.
    const DEF: ModelDef = <Self::Table as TableOf>::DEF;
}

/// A table that a model declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the table of no model",
    label = "write the table of a struct that has `#[model(table = \"..\")]`"
)]
pub trait TableOf {
    /// What other models ask of its model; without what these ask in turn, since two may point at each other.
    #[doc(hidden)]
    const KEY: KeyDef;
    /// What its model declares. Not the model itself, which may be private where the table is not.
    const DEF: ModelDef;
}

/// What some `schema!` lists, so that no model or enum is forgotten.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is in no `schema!`",
    label = "add it to `models: [..]` or `enums: [..]` of the crate's `schema!`"
)]
pub trait Listed {}

/// Holds a model or an enum to be listed. Not in what the macros write, where it would be a body more for each.
#[doc(hidden)]
pub const fn listed<T: Listed>() {}
