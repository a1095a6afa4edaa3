//! The declared schema as constants: what `#[model]`, `#[derive(SqlEnum)]` and `schema!` expand to.
//!
//! Everything is `Copy`, borrowed for `'static` and without a heap, so that the compile-time check can
//! walk it in a `const`. At run time it is turned into [`crate::declared`], which owns its text.
//!
//! What a model declares is text, the lines of `schema.lock`: of a literal the compiler checks nothing, and large
//! applications have thousands of columns.

mod facts;
mod lines;
mod ty;

use crate::dialect::Dialect;

pub use facts::{FactsDef, HOLE, HoleDef, SeenDef};
pub use lines::{has_column, left_out, may_be_referenced};
pub use ty::{IdentityDef, TypeDef, TypeKind};

/// A place in the source, as `file:line:column`, both from 1.
pub type Location = &'static str;

/// Everything that one `schema!` lists.
#[derive(Debug, Clone, Copy)]
pub struct SchemaDef {
    /// The models, in the order of the list.
    pub models: &'static [&'static ModelDef],
    /// The enums, in the order of the list.
    pub enums: &'static [&'static EnumDef],
    /// Sequences that no column owns.
    pub sequences: &'static [SequenceDef],
    /// The `sql:` files: objects that a struct can't say.
    pub sql: &'static [SqlFileDef],
    /// The dialects that migrations are written for.
    pub dialects: &'static [Dialect],
    /// Whether doc comments become `COMMENT ON`.
    pub comments: bool,
    /// Where `schema!` stands.
    pub at: Location,
}

/// What other models ask of a model.
#[derive(Debug, Clone, Copy)]
pub struct KeyDef {
    /// The PostgreSQL schema that holds the table; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// The table's name in the database.
    pub table: &'static str,
    /// The columns of the primary key, by their names in the database.
    pub primary_key: &'static [&'static str],
}

/// One `#[model]`: one table.
#[derive(Debug, Clone, Copy)]
pub struct ModelDef {
    /// The PostgreSQL schema that holds the table; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// The table's name in the database.
    pub table: &'static str,
    /// The struct's name.
    pub rust: &'static str,
    /// The fields' names, in their order, with a blank between them.
    pub fields: &'static str,
    /// What was called otherwise before, from `#[renamed_from]`: a field, or nothing for the table, and the name in the
    /// database that it had.
    pub renamed: &'static [(&'static str, &'static str)],
    /// All else that it declares.
    pub facts: FactsDef<'static>,
    /// Where the struct stands.
    pub at: Location,
}

/// One `#[derive(SqlEnum)]`.
#[derive(Debug, Clone, Copy)]
pub struct EnumDef {
    /// The PostgreSQL schema that holds the type; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// The type's name in the database.
    pub name: &'static str,
    /// The Rust enum's name.
    pub rust: &'static str,
    /// The values, in order.
    pub values: &'static [&'static str],
    /// The enum's doc comment, trimmed; empty when there is none.
    pub comment: &'static str,
    /// The same as `schema.lock` says it.
    pub fact: &'static str,
    /// Where the enum stands.
    pub at: Location,
}

/// A sequence that no column owns, from `schema!`'s `sequences:`.
#[derive(Debug, Clone, Copy)]
pub struct SequenceDef {
    /// The PostgreSQL schema that holds it; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// `smallint`, `integer` or `bigint`; `None` is `bigint`.
    pub data_type: Option<&'static str>,
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
    /// The same as `schema.lock` says it.
    pub fact: &'static str,
    /// Where it stands.
    pub at: Location,
}

/// One of `schema!`'s `sql:` files.
#[derive(Debug, Clone, Copy)]
pub struct SqlFileDef {
    /// The path as it was written, relative to the package's root.
    pub path: &'static str,
    /// The file's text.
    pub text: &'static str,
    /// The dialects it is meant for; empty is all of them.
    pub dialects: &'static [Dialect],
    /// The same as `schema.lock` says it, without the text: `sql "path" dialects=[]`.
    pub fact: &'static str,
}

/// The declared schema of a `schema.lock`, as its lines: what `embed_migrations!` holds the models against. All lists are
/// sorted by the first text of each entry.
#[derive(Debug, Clone, Copy)]
pub struct LockDef {
    /// The file, for messages.
    pub path: &'static str,
    /// What it says of `comments`.
    pub comments: bool,
    /// Each table's name, and its lines with a `\n` between them.
    pub tables: &'static [(&'static str, &'static str)],
    /// For each of `tables` a number that no other lines have: what was equal when a model was expanded is not compared
    /// once more, which takes the compiler a thousand times as long.
    pub sums: &'static [u128],
    /// Each enum's name and line.
    pub enums: &'static [(&'static str, &'static str)],
    /// Each sequence's name and line.
    pub sequences: &'static [(&'static str, &'static str)],
    /// Each `sql:` file, as [`SqlFileDef::fact`] has it, and its text.
    pub sql: &'static [(&'static str, &'static str)],
}
