//! From changes to statements.

mod column;
mod enums;
mod other;
mod table;

use crate::change::{Change, Hazard, HazardKind, Step, TableLock};
use crate::dialect::Refusal;
use crate::schema::{Name, Schema};

/// A statement on a table that stood before.
fn locking(sql: String, lock: TableLock) -> Step {
    Step { lock: Some(lock), ..Step::harmless(sql) }
}

fn exclusive(sql: String) -> Step {
    locking(sql, TableLock::AccessExclusive)
}

fn risk(mut step: Step, kind: HazardKind, message: impl Into<String>) -> Step {
    step.hazards.push(Hazard { kind, message: message.into() });
    step
}

/// Whether rows may be in it: it is in the old schema under this name. A table that is renamed in the same plan
/// is known by its new name only, so what is in neither schema's difference counts as there.
fn stood(old: &Schema, table: &Name, new: &Schema) -> bool {
    old.tables.contains_key(table) || !new.tables.contains_key(table) || renamed(old, new)
}

/// Whether some table of the old schema has another name in the new one: then an unknown name may be its.
fn renamed(old: &Schema, new: &Schema) -> bool {
    old.tables.keys().any(|name| !new.tables.contains_key(name))
}

pub(super) fn render(change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
    Ok(match change {
        Change::CreateTable(created) => table::create(created),
        Change::DropTable(dropped) => table::drop(dropped),
        Change::RenameTable { from, to } => table::rename(from, to),
        Change::AddColumn { table, column } => column::add(table, column, stood(old, table, new)),
        Change::DropColumn { table, column } => column::drop(table, column),
        Change::RenameColumn { table, from, to } => column::rename(table, from, to),
        Change::AlterColumn { table, old, new } => column::alter(table, old, new),
        Change::AddConstraint { table, constraint } => table::add_constraint(table, constraint, stood(old, table, new)),
        Change::DropConstraint { table, constraint } => table::drop_constraint(table, constraint.name()),
        Change::RenameConstraint { table, from, to } => table::rename_constraint(table, from, to),
        Change::CreateIndex { table, index } => table::create_index(table, index, stood(old, table, new)),
        Change::DropIndex { table, index } => table::drop_index(table, index),
        Change::RenameIndex { table, from, to } => table::rename_index(table, from, to),
        Change::CreateEnum(created) => enums::create(created),
        Change::DropEnum(dropped) => enums::drop(dropped),
        Change::AlterEnum { old: before, new: after } => enums::alter(before, after, old, new),
        other => other::render(other)?,
    })
}
