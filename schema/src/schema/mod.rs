//! What a schema is, as pure data: in one dialect's words, whether read from a server or lowered from the models.
//!
//! Names that stand here are final: a constraint without a name of its own has the one that its server
//! would pick. Types and expressions are text in the dialect's own spelling, as far as code without a
//! server can know it; see [`Expr`].

mod column;
mod constraint;
mod id;
mod index;
mod name;
mod object;
mod privilege;
mod table;

use std::collections::BTreeMap;

pub use column::{Column, ColumnType, Default, Identity, IdentityKind, inherited};
pub use constraint::{Check, Deferrable, ForeignKey, ForeignKeyAction, Key};
pub use id::ObjectId;
pub use index::{Index, IndexKey, IndexKeyWhat, NullsOrder};
pub use name::Name;
pub use object::{Domain, Enum, Namespace, Object, ObjectKind, Sequence, SequenceOptions};
pub use privilege::{Defaults, Grants, Held, Privileges, Role, Scope};
pub use table::{Attached, Inheritance, Table};

/// An SQL expression in a dialect's words: a default, a check, a predicate, an index key.
///
/// Two spellings of one expression are equal only after a server has spelled both; the differ compares the
/// text and leaves that to `generate::normalise`.
pub type Expr = String;

/// Everything that a database holds, or should hold.
#[derive(Debug, Clone, PartialEq, Eq, std::default::Default)]
pub struct Schema {
    /// PostgreSQL schemas other than the default one.
    pub namespaces: BTreeMap<String, Namespace>,
    /// Enum types; on SQLite, where they are a CHECK each, always empty.
    pub enums: BTreeMap<Name, Enum>,
    /// Sequences that no column owns.
    pub sequences: BTreeMap<Name, Sequence>,
    /// Tables.
    pub tables: BTreeMap<Name, Table>,
    /// What is handled as text: views, functions, triggers.
    pub objects: BTreeMap<ObjectId, Object>,
    /// What is known of domains, by their name as [`ColumnType::sql`] has it. They are not compared.
    pub domains: BTreeMap<String, Domain>,
    /// What needs what beyond that which the fields say, as the server keeps it: a column its domain, a check the
    /// functions that it calls. It is not compared.
    pub needs: Vec<(ObjectId, ObjectId)>,
    /// What the server holds and this crate can't read yet, each by its kind and name ("rule public.r"),
    /// so that it is told once and never silently ignored.
    pub unread: Vec<String>,
}
