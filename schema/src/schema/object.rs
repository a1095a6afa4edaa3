//! Namespaces, enums, sequences, and what is handled as text.

use super::{Name, ObjectId};

/// A PostgreSQL schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// The comment.
    pub comment: Option<String>,
}

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// Its values, in order.
    pub values: Vec<String>,
    /// The comment.
    pub comment: Option<String>,
}

impl Enum {
    /// Whether `new` has all values of this enum in the same order, so that adding values is enough.
    #[must_use]
    pub fn grows_into(&self, new: &Self) -> bool {
        new.values.iter().filter(|value| self.values.contains(value)).eq(&self.values)
    }
}

/// What a domain stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The type it is made of, as [`super::ColumnType::sql`] has it; that may be a domain again.
    pub base: String,
    /// `NOT NULL`.
    pub not_null: bool,
}

/// A sequence that no column owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Its name.
    pub name: Name,
    /// How it counts.
    pub options: SequenceOptions,
    /// The comment.
    pub comment: Option<String>,
}

/// How a sequence counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceOptions {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
}

impl SequenceOptions {
    /// What `CREATE SEQUENCE s AS <data_type>` gives: counts up by one from one to the type's greatest value.
    #[must_use]
    pub fn of_type(data_type: &str) -> Self {
        let max = match data_type {
            "smallint" => i64::from(i16::MAX),
            "integer" => i64::from(i32::MAX),
            _ => i64::MAX,
        };
        Self { data_type: data_type.to_owned(), start: 1, increment: 1, min: 1, max, cache: 1, cycle: false }
    }
}

/// The kinds of objects that are handled as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// `CREATE EXTENSION`.
    Extension,
    /// `CREATE COLLATION`.
    Collation,
    /// `CREATE DOMAIN`.
    Domain,
    /// `CREATE TYPE`, of a composite or a range.
    Type,
    /// `CREATE FUNCTION` and `CREATE PROCEDURE`.
    Function,
    /// `CREATE AGGREGATE`.
    Aggregate,
    /// `CREATE VIEW`.
    View,
    /// `CREATE MATERIALIZED VIEW`.
    MaterializedView,
    /// `CREATE INDEX` on a materialized view.
    Index,
    /// An exclusion constraint, as `ALTER TABLE .. ADD CONSTRAINT`.
    Exclusion,
    /// `CREATE STATISTICS`.
    Statistics,
    /// `CREATE RULE`.
    Rule,
    /// `CREATE TRIGGER`.
    Trigger,
    /// `CREATE POLICY`.
    Policy,
    /// `CREATE PUBLICATION`.
    Publication,
    /// `CREATE EVENT TRIGGER`.
    EventTrigger,
    /// `CREATE FOREIGN DATA WRAPPER`.
    ForeignDataWrapper,
    /// `CREATE SERVER`.
    Server,
    /// `CREATE USER MAPPING`.
    UserMapping,
    /// `CREATE FOREIGN TABLE`.
    ForeignTable,
    /// `CREATE SUBSCRIPTION`.
    Subscription,
    /// `CREATE OPERATOR`.
    Operator,
    /// `CREATE CAST`.
    Cast,
    /// `CREATE TEXT SEARCH DICTIONARY`.
    TextSearchDictionary,
    /// `CREATE TEXT SEARCH CONFIGURATION`.
    TextSearchConfiguration,
    /// In which dictionaries a configuration looks up a type of token: `ALTER TEXT SEARCH CONFIGURATION .. ADD MAPPING`.
    TextSearchMapping,
    /// What an `ALTER` sets that is no object of its own: row level security, storage parameters, a disabled trigger.
    Setting,
    /// `COMMENT ON` something that is handled as text.
    Comment,
}

impl ObjectKind {
    /// What it is called in a message: `materialized view`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Collation => "collation",
            Self::Domain => "domain",
            Self::Type => "type",
            Self::Function => "function",
            Self::Aggregate => "aggregate",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Index => "index of a materialized view",
            Self::Exclusion => "exclusion constraint",
            Self::Statistics => "statistics",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::Publication => "publication",
            Self::EventTrigger => "event trigger",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::Server => "server",
            Self::UserMapping => "user mapping",
            Self::ForeignTable => "foreign table",
            Self::Subscription => "subscription",
            Self::Operator => "operator",
            Self::Cast => "cast",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchConfiguration => "text search configuration",
            Self::TextSearchMapping => "text search mapping",
            Self::Setting => "setting",
            Self::Comment => "comment",
        }
    }
}

/// An object that is compared and replaced as a whole, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What it is called; always [`ObjectId::Object`].
    pub id: ObjectId,
    /// The whole `CREATE` statement, in the server's own spelling where a server has seen it, without `;`.
    pub definition: String,
    /// The statement that undoes it, where its id does not say enough for one.
    pub drop: Option<String>,
    /// A view's columns in their order, each with its type; empty for everything else and where no server was asked.
    pub columns: Vec<String>,
    /// What has to stand before it can be created, and goes after it is dropped.
    pub depends_on: Vec<ObjectId>,
}
