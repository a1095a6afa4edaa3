//! The declared schema as constants: what `#[model]`, `#[derive(SqlEnum)]` and `schema!` expand to.
//!
//! Everything is `Copy`, borrowed for `'static` and without a heap, so that the compile-time check can
//! walk it in a `const`. At run time it is turned into [`crate::declared`], which owns its text.

use crate::dialect::Dialect;

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

/// One `#[model]`: one table.
#[derive(Debug, Clone, Copy)]
pub struct ModelDef {
    /// The PostgreSQL schema that holds the table; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// The table's name in the database.
    pub table: &'static str,
    /// The struct's name.
    pub rust: &'static str,
    /// The struct's doc comment, trimmed; empty when there is none.
    pub comment: &'static str,
    /// The table's name before, from `#[renamed_from]`.
    pub renamed_from: Option<&'static str>,
    /// The columns, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// The primary key.
    pub primary_key: KeyDef,
    /// Unique constraints.
    pub uniques: &'static [KeyDef],
    /// Foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// Check constraints.
    pub checks: &'static [CheckDef],
    /// Indexes.
    pub indexes: &'static [IndexDef],
    /// What it is split into, and whose part or child it is.
    pub inheritance: InheritanceDef,
    /// What follows the table's columns on SQLite: `STRICT`, `WITHOUT ROWID`.
    pub options: &'static [&'static str],
    /// The same as `schema.lock` says it.
    pub facts: FactsDef<'static>,
    /// Where the struct stands.
    pub at: Location,
}

/// How a table is tied to others whose rows it shows, or that show its rows.
#[derive(Debug, Clone, Copy)]
pub struct InheritanceDef {
    /// How it is split into partitions: `RANGE (at)`.
    pub partition_by: Option<&'static str>,
    /// The tables that it is a part or a child of, by schema and name.
    pub parents: &'static [(Option<&'static str>, &'static str)],
    /// Which rows a partition takes: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: Option<&'static str>,
}

impl InheritanceDef {
    /// Of a table that stands alone.
    pub const NONE: Self = Self { partition_by: None, parents: &[], bound: None };
}

/// What stands in [`FactsDef::lines`] where only the compiler knows what belongs there. No line of the lock holds it.
pub const HOLE: u8 = 1;

/// A model as the lines of `schema.lock`.
#[derive(Debug, Clone, Copy)]
pub struct FactsDef<'a> {
    /// The lines, as the lock would have them, with a `\n` between them.
    pub lines: &'a str,
    /// For each line, where that is declared and the field: `src/user.rs:12:9 bio`. No field stands there where it is not
    /// one's alone.
    pub places: &'a str,
    /// What belongs into the holes, in their order.
    pub holes: &'a [HoleDef<'a>],
}

impl FactsDef<'_> {
    /// What a model has that no macro wrote: it differs from every lock.
    pub const NONE: FactsDef<'static> = FactsDef { lines: "", places: "", holes: &[] };
}

/// What a macro can't know of a line.
#[derive(Debug, Clone, Copy)]
pub enum HoleDef<'a> {
    /// The type of a column, whether it may be NULL, and where its values come from.
    Type {
        /// The type.
        ty: TypeDef,
        /// Whether to say `null`.
        nullable: bool,
        /// The identity, where nothing was said of it.
        identity: Option<IdentityDef>,
    },
    /// Another model's table.
    Table(Option<&'a str>, &'a str),
    /// Another model's columns, without brackets.
    Columns(&'a [&'a str]),
    /// Any text.
    Text(&'a str),
}

/// One field of a model: one column.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    /// The column's name in the database.
    pub name: &'static str,
    /// The field's name.
    pub rust: &'static str,
    /// The column's type.
    pub ty: TypeDef,
    /// Whether the field is an `Option`.
    pub nullable: bool,
    /// `#[default(..)]`.
    pub default: Option<DefaultDef>,
    /// Where its values come from when none is given, for integers.
    pub identity: Option<IdentityDef>,
    /// The sequence behind it, where it has another name or counts otherwise than the server would have it. An empty name
    /// is the one that PostgreSQL would pick, and no namespace the table's.
    pub sequence: Option<SequenceDef>,
    /// `#[generated("..")]`.
    pub generated: Option<ExprDef>,
    /// Whether a generated column is computed when it is read, and not stored.
    pub is_virtual: bool,
    /// `#[not_null(..)]`, where there is more to say than that the field is no `Option`.
    pub not_null: Option<NotNullDef>,
    /// `#[collation("..")]`.
    pub collation: Option<&'static str>,
    /// The field's doc comment, trimmed; empty when there is none.
    pub comment: &'static str,
    /// The column's name before, from `#[renamed_from]`.
    pub renamed_from: Option<&'static str>,
    /// Where the field stands.
    pub at: Location,
}

/// A column in as few expressions as it can be said: there are thousands of them in a large application, and the
/// compiler checks each expression of a constant.
impl ColumnDef {
    /// A column of which nothing more is said.
    #[must_use]
    pub const fn new(name: &'static str, rust: &'static str, ty: TypeDef, nullable: bool, at: Location) -> Self {
        let (default, identity, sequence, generated, collation, renamed_from) = (None, None, None, None, None, None);
        let (comment, is_virtual, not_null) = ("", false, None);
        Self {
            name,
            rust,
            ty,
            nullable,
            default,
            identity,
            sequence,
            generated,
            is_virtual,
            not_null,
            collation,
            comment,
            renamed_from,
            at,
        }
    }

    /// With this default.
    #[must_use]
    pub const fn default(mut self, default: DefaultDef) -> Self {
        self.default = Some(default);
        self
    }

    /// With values from here.
    #[must_use]
    pub const fn identity(mut self, identity: Option<IdentityDef>) -> Self {
        self.identity = identity;
        self
    }

    /// With this sequence behind its identity.
    #[must_use]
    pub const fn sequence(mut self, sequence: SequenceDef) -> Self {
        self.sequence = Some(sequence);
        self
    }

    /// Generated by this, and stored.
    #[must_use]
    pub const fn generated(mut self, generated: ExprDef) -> Self {
        self.generated = Some(generated);
        self
    }

    /// Generated by this when it is read.
    #[must_use]
    pub const fn generated_virtual(mut self, generated: ExprDef) -> Self {
        self.generated = Some(generated);
        self.is_virtual = true;
        self
    }

    /// With this said of its NOT NULL.
    #[must_use]
    pub const fn not_null(mut self, not_null: NotNullDef) -> Self {
        self.not_null = Some(not_null);
        self
    }

    /// With this collation.
    #[must_use]
    pub const fn collation(mut self, collation: &'static str) -> Self {
        self.collation = Some(collation);
        self
    }

    /// With this comment.
    #[must_use]
    pub const fn comment(mut self, comment: &'static str) -> Self {
        self.comment = comment;
        self
    }

    /// With this name before.
    #[must_use]
    pub const fn renamed_from(mut self, name: &'static str) -> Self {
        self.renamed_from = Some(name);
        self
    }
}

/// What is said of a NOT NULL, which is a constraint on PostgreSQL 18.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNullDef {
    /// Its name; `None` is any that PostgreSQL picks.
    pub name: Option<&'static str>,
    /// `NO INHERIT`: children of the table may hold NULL.
    pub no_inherit: bool,
    /// `NOT VALID`: rows that were there before it may hold NULL.
    pub not_valid: bool,
}

/// What a [`TypeDef`]'s name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// One of Diesel's SQL types: `Int4`, `Varchar`, `Timestamptz`.
    Diesel,
    /// A `#[derive(SqlEnum)]`, by its name in the database.
    Enum,
    /// The database's own words, from `#[sql_type(sql = "..")]`.
    Sql,
}

/// A column's type, before any dialect has said it its own way.
#[derive(Debug, Clone, Copy)]
pub struct TypeDef {
    /// What `name` names.
    pub kind: TypeKind,
    /// The PostgreSQL schema of an enum; `None` is the default one.
    pub namespace: Option<&'static str>,
    /// `Int4`, `Varchar`, an enum's name, or SQL.
    pub name: &'static str,
    /// What stands in parentheses: `[64]` for `Varchar(64)`, `[10, 2]` for `Numeric(10, 2)`.
    pub modifiers: &'static [i32],
    /// Number of array dimensions; 0 is no array.
    pub array: u8,
}

impl TypeDef {
    /// One of Diesel's SQL types by its name, without modifiers.
    #[must_use]
    pub const fn diesel(name: &'static str) -> Self {
        Self { kind: TypeKind::Diesel, namespace: None, name, modifiers: &[], array: 0 }
    }

    /// The same with these modifiers and array dimensions.
    #[must_use]
    pub const fn with(self, modifiers: &'static [i32], array: u8) -> Self {
        Self { modifiers, array, ..self }
    }

    /// The database's own words.
    #[must_use]
    pub const fn sql(sql: &'static str) -> Self {
        Self { kind: TypeKind::Sql, ..Self::diesel(sql) }
    }

    /// Whether one of Diesel's types of this name is an integer, which is what an identity can be.
    #[must_use]
    pub const fn is_integer(name: &str) -> bool {
        matches!(name.as_bytes(), b"Int2" | b"Int4" | b"Int8" | b"SmallInt" | b"Integer" | b"BigInt")
    }

    /// The array whose elements are of this type.
    #[must_use]
    pub const fn array_of(self) -> Self {
        Self { array: self.array + 1, ..self }
    }
}

/// An SQL expression, with other words where a dialect needs them.
#[derive(Debug, Clone, Copy)]
pub struct ExprDef {
    /// What every dialect reads that has no words of its own below.
    pub sql: &'static str,
    /// PostgreSQL's own words.
    pub postgres: Option<&'static str>,
    /// SQLite's own words.
    pub sqlite: Option<&'static str>,
    /// MySQL's own words.
    pub mysql: Option<&'static str>,
}

impl ExprDef {
    /// The same words in every dialect.
    #[must_use]
    pub const fn new(sql: &'static str) -> Self {
        Self { sql, postgres: None, sqlite: None, mysql: None }
    }
}

/// A column's default.
#[derive(Debug, Clone, Copy)]
pub enum DefaultDef {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, as it was written.
    Float(&'static str),
    /// A string literal, unquoted.
    Text(&'static str),
    /// An expression: `default(now())`, `default(sql = "..")`.
    Expr(ExprDef),
}

/// Where an integer column's values come from when an INSERT gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityDef {
    /// `GENERATED BY DEFAULT AS IDENTITY`; SQLite's rowid.
    ByDefault,
    /// `GENERATED ALWAYS AS IDENTITY`; SQLite's rowid with AUTOINCREMENT.
    Always,
    /// PostgreSQL's older `serial`: a sequence that the column owns, and a `nextval` default.
    Serial,
}

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
    /// Each enum's name and line.
    pub enums: &'static [(&'static str, &'static str)],
    /// Each sequence's name and line.
    pub sequences: &'static [(&'static str, &'static str)],
    /// Each `sql:` file, as [`SqlFileDef::fact`] has it, and its text.
    pub sql: &'static [(&'static str, &'static str)],
}
