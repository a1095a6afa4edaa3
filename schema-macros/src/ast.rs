//! What a model says, after its attributes are parsed and before anything is checked or expanded.

use diesel_schema_core::declared::{Deferrable, ForeignKeyAction};
use proc_macro2::Span;
use syn::{Attribute, Ident, LitStr, Path, Type, Visibility};

/// One `#[model]` struct.
pub(crate) struct Model {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) table: LitStr,
    pub(crate) namespace: Option<LitStr>,
    /// Said of a table that has none.
    pub(crate) no_primary_key: bool,
    pub(crate) comment: String,
    pub(crate) renamed_from: Option<LitStr>,
    /// The user's own attributes, kept as they are.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) fields: Vec<Field>,
    /// `#[primary_key(..)]` on the struct.
    pub(crate) primary_key: Option<Key>,
    pub(crate) uniques: Vec<Key>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) inheritance: Inheritance,
    /// `STRICT` and `WITHOUT ROWID`.
    pub(crate) options: Vec<&'static str>,
}

/// What a table is split into, and whose part or child it is.
#[derive(Default)]
pub(crate) struct Inheritance {
    pub(crate) partition_by: Option<LitStr>,
    /// `partition_of(..)` or `inherits(..)`.
    pub(crate) parents: Vec<Path>,
    pub(crate) bound: Option<LitStr>,
}

/// One field of a model.
pub(crate) struct Field {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) comment: String,
    pub(crate) sql_name: Option<LitStr>,
    /// Diesel's name of the column, from a `#[diesel(column_name = ..)]` that the user wrote.
    pub(crate) column_name: Option<Ident>,
    pub(crate) primary_key: Option<Span>,
    /// Whether the primary key may be NULL, as SQLite lets it.
    pub(crate) nullable_key: bool,
    pub(crate) identity: Option<(Identity, Span)>,
    pub(crate) sequence: Option<Sequence>,
    pub(crate) sql_type: Option<SqlType>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) generated: Option<Expr>,
    /// Whether it is computed when it is read.
    pub(crate) is_virtual: bool,
    pub(crate) not_null: Option<NotNull>,
    pub(crate) collation: Option<LitStr>,
    pub(crate) renamed_from: Option<LitStr>,
}

/// `#[identity(..)]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    Always,
    ByDefault,
    Serial,
    None,
}

/// What `#[identity(..)]` says of its sequence, or `schema!` of one that no column owns.
#[derive(Default)]
pub(crate) struct Sequence {
    pub(crate) name: Option<LitStr>,
    pub(crate) namespace: Option<LitStr>,
    pub(crate) data_type: Option<LitStr>,
    /// `start`, `increment`, `min`, `max` and `cache`.
    pub(crate) numbers: [Option<i64>; 5],
    pub(crate) cycle: bool,
}

/// `#[not_null(..)]`.
pub(crate) struct NotNull {
    pub(crate) name: Option<LitStr>,
    pub(crate) no_inherit: bool,
    pub(crate) not_valid: bool,
    pub(crate) span: Span,
}

/// `#[sql_type(..)]`.
pub(crate) enum SqlType {
    /// One of Diesel's types, with what stands in parentheses.
    Diesel { name: Ident, modifiers: Vec<i32>, array: u8 },
    /// The database's own words and the Diesel type that carries them.
    Sql { sql: LitStr, diesel: Path },
}

/// An SQL expression, with other words where a dialect needs them.
pub(crate) struct Expr {
    pub(crate) sql: LitStr,
    pub(crate) postgres: Option<LitStr>,
    pub(crate) sqlite: Option<LitStr>,
    pub(crate) mysql: Option<LitStr>,
}

/// `#[default(..)]`.
pub(crate) enum DefaultValue {
    Bool(bool, Span),
    Int(i64, Span),
    Float(String, Span),
    Text(LitStr),
    Expr(Expr),
    /// `now()`: SQL that is a Rust expression, too.
    Words(String),
}

/// A primary key or a unique constraint. Columns are fields' names.
pub(crate) struct Key {
    pub(crate) columns: Vec<Ident>,
    pub(crate) include: Vec<Ident>,
    pub(crate) name: Option<LitStr>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) without_overlaps: bool,
    pub(crate) deferrable: Deferrable,
    pub(crate) span: Span,
}

/// `#[references(..)]` or `#[foreign_key(..)]`.
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<Ident>,
    pub(crate) parent: Path,
    /// Empty is the parent's primary key.
    pub(crate) parent_columns: Vec<Ident>,
    pub(crate) name: Option<LitStr>,
    pub(crate) on_delete: ForeignKeyAction,
    /// Empty is all columns.
    pub(crate) on_delete_columns: Vec<Ident>,
    pub(crate) on_update: ForeignKeyAction,
    pub(crate) match_full: bool,
    pub(crate) period: bool,
    pub(crate) deferrable: Deferrable,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
    /// Whether Diesel learns to join along it.
    pub(crate) join: bool,
    pub(crate) span: Span,
}

/// `#[check(..)]`.
pub(crate) struct Check {
    pub(crate) name: Option<LitStr>,
    pub(crate) expr: Expr,
    pub(crate) not_valid: bool,
    pub(crate) no_inherit: bool,
    pub(crate) not_enforced: bool,
    pub(crate) span: Span,
}

/// `#[index(..)]`.
pub(crate) struct Index {
    pub(crate) name: Option<LitStr>,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) unique: bool,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) using: Option<LitStr>,
    pub(crate) include: Vec<Ident>,
    pub(crate) with: Option<LitStr>,
    pub(crate) predicate: Option<LitStr>,
    pub(crate) span: Span,
}

/// One key of an index.
pub(crate) struct IndexKey {
    pub(crate) what: IndexKeyWhat,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
    pub(crate) opclass: Option<String>,
    pub(crate) collation: Option<LitStr>,
}

/// A field's name or SQL.
pub(crate) enum IndexKeyWhat {
    Column(Ident),
    Expr(LitStr),
}

impl Model {
    /// The field of that name.
    pub(crate) fn field(&self, name: &Ident) -> Option<&Field> {
        self.fields.iter().find(|field| field.ident == *name)
    }

    /// The fields of the primary key, in order.
    pub(crate) fn primary_key_columns(&self) -> Vec<Ident> {
        match &self.primary_key {
            Some(key) => key.columns.clone(),
            None => self.fields.iter().filter(|f| f.primary_key.is_some()).map(|f| f.ident.clone()).collect(),
        }
    }
}
