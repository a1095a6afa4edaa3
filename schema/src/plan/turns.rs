//! What is done before the graph, in which order: behind it, both schemas speak of the same names, and every table has what
//! is its own.

use super::stand_in::view;
use crate::change::{Change, Constraint};
use crate::schema::{Inheritance, Name};

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
    pub(super) tables: Vec<(&'a Name, &'a Name)>,
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
}

const fn leaves(old: &Inheritance, new: &Inheritance) -> bool {
    !old.parents.is_empty() && new.parents.is_empty()
}
