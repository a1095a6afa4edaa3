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
pub(crate) mod parts;
mod privilege;
mod table;
pub(crate) mod text;

use std::collections::{BTreeMap, BTreeSet};

pub use column::{Column, ColumnType, Default, Identity, IdentityKind, NotNull, inherited};
pub use constraint::{Check, Deferrable, ForeignKey, ForeignKeyAction, Key};
pub use id::ObjectId;
pub use index::{Index, IndexKey, IndexKeyWhat, NullsOrder};
pub use name::Name;
pub(crate) use name::spare_name;
pub use object::{Domain, Enum, Namespace, Object, ObjectKind, Sequence, SequenceOptions};
pub use privilege::{Defaults, Grants, Held, Privileges, Role, Scope};
pub use table::{Attached, Inheritance, Table};

/// An SQL expression in a dialect's words: a default, a check, a predicate, an index key.
///
/// Two spellings of one expression are equal only after a server has spelled both; the differ compares the
/// text and leaves that to `generate::spelling`.
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

impl Schema {
    /// Whether a type, as [`ColumnType::sql`] has it, is a domain or an array of one.
    #[cfg(feature = "postgres")]
    pub(crate) fn is_domain(&self, ty: &str) -> bool {
        self.domains.contains_key(ty.trim_end_matches("[]"))
    }

    /// Whether row-level security was ever said of the table: where it is forced, the owner is under it, too.
    pub(crate) fn has_row_security(&self, table: &Name) -> bool {
        let settings = self.objects.keys().filter_map(|id| match id {
            ObjectId::Object(ObjectKind::Setting, it) if it.namespace == table.namespace => Some(it.name.as_str()),
            _ => None,
        });
        let mut own = settings.filter_map(|it| it.strip_prefix(table.name.as_str())?.strip_prefix('.'));
        own.any(|it| it.ends_with("row level security"))
    }

    /// The tables that a table is a part or a child of, those that they are of, and so on.
    pub(crate) fn ancestors<'a>(&'a self, table: &'a Table) -> BTreeSet<&'a Name> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Name> = table.inheritance.parents.iter().collect();
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(self.tables.get(name).into_iter().flat_map(|it| &it.inheritance.parents));
            }
        }
        found
    }

    /// Whether a child's column stays NOT NULL, here and in `old`, where the table's own no longer is.
    pub(crate) fn stays_in_children(&self, table: &Name, column: &str, old: &Self) -> bool {
        let is_not_null = |schema: &Self, table: &Name| {
            schema.tables.get(table).and_then(|it| it.column(column)).is_some_and(|it| !it.nullable)
        };
        let is_child = |schema: &Self, child: &Name| {
            schema.tables.get(child).is_some_and(|it| {
                it.inheritance.bound.is_none() && schema.ancestors(it).contains(table) && is_not_null(schema, child)
            })
        };
        let lost = is_not_null(old, table) && !is_not_null(self, table);
        lost && self.tables.keys().any(|child| is_child(old, child) && is_child(self, child))
    }

    /// Where the comment on something stands; `None` where that is not in the schema, or is handled as text.
    pub fn comment_mut(&mut self, target: &ObjectId) -> Option<&mut Option<String>> {
        match target {
            ObjectId::Namespace(name) => self.namespaces.get_mut(name).map(|it| &mut it.comment),
            ObjectId::Enum(name) => self.enums.get_mut(name).map(|it| &mut it.comment),
            ObjectId::Sequence(name) => self.sequences.get_mut(name).map(|it| &mut it.comment),
            ObjectId::Table(name) => self.tables.get_mut(name).map(|it| &mut it.comment),
            ObjectId::Column(table, name) => {
                let columns = &mut self.tables.get_mut(table)?.columns;
                columns.iter_mut().find(|it| it.name == *name).map(|it| &mut it.comment)
            }
            ObjectId::Index(table, name) => {
                let indexes = &mut self.tables.get_mut(table)?.indexes;
                indexes.iter_mut().find(|it| it.name == *name).map(|it| &mut it.comment)
            }
            ObjectId::Constraint(table, name) => {
                let Table { primary_key, uniques, foreign_keys, checks, .. } = self.tables.get_mut(table)?;
                let keys = primary_key.iter_mut().chain(uniques).map(|it| (&it.name, &mut it.comment));
                let foreign = foreign_keys.iter_mut().map(|it| (&it.name, &mut it.comment));
                let checks = checks.iter_mut().map(|it| (&it.name, &mut it.comment));
                keys.chain(foreign).chain(checks).find(|(it, _)| *it == name).map(|(_, comment)| comment)
            }
            ObjectId::Object(..) => None,
        }
    }
}
