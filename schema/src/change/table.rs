//! Which table a change is of.

use super::Change;
use crate::schema::Name;

impl Change {
    /// The table that a change is of, where it is of one that stays.
    pub(crate) const fn table(&self) -> Option<&Name> {
        match self {
            Self::RenameColumn { table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::RenameSequence { table, .. }
            | Self::SetOptions { table, .. }
            | Self::SetInheritance { table, .. } => Some(table),
            _ => None,
        }
    }

    /// The table that goes or gets another name.
    pub(crate) const fn table_gone(&self) -> Option<&Name> {
        match self {
            Self::DropTable(table) => Some(&table.name),
            Self::RenameTable { from, .. } => Some(from),
            _ => None,
        }
    }
}
