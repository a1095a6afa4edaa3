//! Views that have the name of a table of before: they come with the table's new name, and go before it has its old one.

use crate::change::{Change, Constraint};
use crate::schema::{Inheritance, Name, Object, ObjectId, ObjectKind, Schema};

/// When a change is carried out: all but the rest before the graph, so that both schemas speak of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It frees a name that a table gets.
    Free,
    /// A table may be renamed into a namespace that the same plan creates.
    Namespace,
    Rename,
    /// A foreign key goes to which rows of a partition are referred to that leaves.
    Loose,
    /// A partition leaves: what it takes along is its own from here on.
    Leave,
    Rest,
}

/// The renames of tables, the partitions that leave, and whom.
pub(super) struct Names<'a> {
    tables: Vec<(&'a Name, &'a Name)>,
    left: Vec<&'a Name>,
    leaving: Vec<&'a Name>,
}

impl<'a> Names<'a> {
    pub(super) fn of(changes: &'a [Change]) -> Self {
        let renames = changes.iter().filter_map(|change| match change {
            Change::RenameTable { from, to } => Some((from, to)),
            _ => None,
        });
        let leaving = changes.iter().filter_map(|change| match change {
            Change::SetInheritance { table, old, new } if leaves(old, new) => Some((table, &old.parents)),
            _ => None,
        });
        let (leaving, left): (Vec<_>, Vec<_>) = leaving.unzip();
        Self { tables: renames.collect(), left: left.into_iter().flatten().collect(), leaving }
    }

    pub(super) fn turn(&self, change: &Change) -> Turn {
        match change {
            Change::DropObject(object)
                if view(object).is_some_and(|it| self.tables.iter().any(|(_, to)| *to == it)) =>
            {
                Turn::Free
            }
            Change::CreateNamespace(_) if !self.tables.is_empty() => Turn::Namespace,
            Change::RenameTable { .. } | Change::RenameColumn { .. } => Turn::Rename,
            Change::DropConstraint { table, constraint: Constraint::ForeignKey(key) }
                if self.left.contains(&&key.references) && !self.leaving.contains(&table) =>
            {
                Turn::Loose
            }
            Change::SetInheritance { old, new, .. } if leaves(old, new) => Turn::Leave,
            _ => Turn::Rest,
        }
    }

    /// The view's name, and the table that had it.
    pub(super) fn of_view<'b>(&self, object: &'b Object) -> Option<(&'b Name, &'a Name)> {
        let name = view(object)?;
        self.tables.iter().find(|(from, _)| *from == name).map(|(_, to)| (name, *to))
    }

    /// Whether a view gets the old name, and shows nothing but what is there once the tables have their new ones.
    pub(super) fn is_ready(&self, change: &Change, renamed: &Schema) -> bool {
        let Change::CreateObject(object) = change else { return false };
        // Where no server was asked, nobody knows what it needs.
        self.of_view(object).is_some()
            && !object.depends_on.is_empty()
            && object.depends_on.iter().all(|id| stands(id, renamed))
    }

    /// Whether a release of before goes on: what is renamed has its old name, too.
    pub(super) fn is_still_read(&self, change: &Change, new: &Schema) -> bool {
        let has = |from: &Name| new.objects.contains_key(&ObjectId::Object(ObjectKind::View, from.clone()));
        match change {
            Change::RenameTable { from, .. } => has(from),
            Change::RenameColumn { table, .. } => self.tables.iter().any(|(from, to)| *to == table && has(from)),
            _ => false,
        }
    }
}

const fn leaves(old: &Inheritance, new: &Inheritance) -> bool {
    old.bound.is_some() && new.parents.is_empty()
}

fn view(object: &Object) -> Option<&Name> {
    match &object.id {
        ObjectId::Object(ObjectKind::View, name) => Some(name),
        _ => None,
    }
}

fn stands(id: &ObjectId, schema: &Schema) -> bool {
    match id {
        ObjectId::Table(name) => schema.tables.contains_key(name),
        ObjectId::Column(table, name) => schema.tables.get(table).is_some_and(|it| it.column(name).is_some()),
        ObjectId::Namespace(name) => schema.namespaces.contains_key(name),
        ObjectId::Enum(name) => schema.enums.contains_key(name),
        ObjectId::Object(..) => schema.objects.contains_key(id),
        _ => false,
    }
}
