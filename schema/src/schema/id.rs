//! One grain for dependencies: everything that one statement creates or drops.

use std::fmt;

use super::{Name, ObjectKind};

/// What a statement creates, drops or needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectId {
    /// A PostgreSQL schema.
    Namespace(String),
    /// An enum type.
    Enum(Name),
    /// A sequence that no column owns.
    Sequence(Name),
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
    /// A primary key, unique, foreign key or check of a table.
    Constraint(Name, String),
    /// An index of a table.
    Index(Name, String),
    /// What is handled as text. A function's name has its argument types: `touch(integer)`; a trigger's
    /// namespace is its table's and its name `table.trigger`.
    Object(ObjectKind, Name),
}

impl ObjectId {
    /// The table that it is, or belongs to.
    #[must_use]
    pub const fn table(&self) -> Option<&Name> {
        match self {
            Self::Table(table) | Self::Column(table, _) | Self::Constraint(table, _) | Self::Index(table, _) => {
                Some(table)
            }
            _ => None,
        }
    }
}

impl fmt::Display for ObjectId {
    /// For messages: `column users.bio`, `index users_email_idx`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "schema {name}"),
            Self::Enum(name) => write!(f, "enum {name}"),
            Self::Sequence(name) => write!(f, "sequence {name}"),
            Self::Table(name) => write!(f, "table {name}"),
            Self::Column(table, column) => write!(f, "column {table}.{column}"),
            Self::Constraint(table, name) => write!(f, "constraint {name} of {table}"),
            Self::Index(_, name) => write!(f, "index {name}"),
            Self::Object(kind, name) => {
                let kind = kind.name();
                write!(f, "{kind} {name}")
            }
        }
    }
}
