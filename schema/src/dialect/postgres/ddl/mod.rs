//! From changes to statements.

mod body;
mod column;
mod enums;
mod key;
mod lossy;
mod not_null;
pub(super) mod object;
mod other;
mod partition;
mod search;
mod table;
mod validate;

use crate::change::{Change, Hazard, HazardKind, Step, TableLock};
use crate::dialect::postgres::quote;
use crate::dialect::{Refusal, all_rows};
use crate::schema::{Column, Name, ObjectId, ObjectKind, Schema, Table};

pub(super) use column::{is_rewritten, next, numbered, own_sequence, risks, sequence_before};
pub(super) use key::{index_of, key_of_index};
#[cfg(test)]
pub(super) use lossy::is_lossy;
pub(super) use not_null::constraint as not_null_constraint;
pub(super) use other::{comment, sequence_options};
pub(super) use table::{create_index, deferrable, rename_constraint, rename_index};
pub(super) use validate::{validate, validated};

/// A statement on a table that stood before.
fn locking(sql: String, lock: TableLock) -> Step {
    Step { lock: Some(lock), ..Step::harmless(sql) }
}

pub(super) fn exclusive(sql: String) -> Step {
    locking(sql, TableLock::AccessExclusive)
}

pub(super) fn risk(mut step: Step, kind: HazardKind, message: impl Into<String>) -> Step {
    step.hazards.push(Hazard { kind, message: message.into() });
    step
}

pub(super) fn render(change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
    let mut steps = match change {
        Change::CreateTable(created) => table::create(created, new),
        Change::SetInheritance { table, old: before, new: after } => {
            table::inherit(table, (before, old), (after, new))?
        }
        Change::DropTable(dropped) => table::drop(dropped, old, new),
        Change::RenameTable { from, to } => table::rename(from, to, old)?,
        Change::AddColumn { table, column } => column::add(table, column, old.tables.contains_key(table)),
        Change::DropColumn { table, column } => column::drop(table, column),
        Change::RenameColumn { table, from, to } => column::rename(table, from, to),
        Change::AlterColumn { table, old: was, new: is } => {
            if was.ty != is.ty || was.collation != is.collation {
                partition::refuse_key(table, &is.name, old)?;
            }
            let alone = new.stays_in_children(table, &is.name, old);
            counted(column::alter(table, was, is, (alone, (old, new))), table, old, new)
        }
        Change::DropConstraint { table, constraint } if validated(table, constraint.name(), old, new).is_some() => {
            Vec::new()
        }
        Change::AddConstraint { table, constraint } => {
            let there = validated(table, constraint.name(), old, new);
            there.unwrap_or_else(|| table::add_constraint(table, constraint, old.tables.contains_key(table)))
        }
        Change::DropConstraint { table, constraint } => table::drop_constraint(table, constraint.name()),
        Change::RenameConstraint { table, from, to } => table::rename_constraint(table, from, to),
        Change::CreateIndex { table, index } => table::create_index(table, index, old.tables.contains_key(table)),
        Change::DropIndex { table, index } => table::drop_index(table, index),
        Change::RenameIndex { table, from, to } => table::rename_index(table, from, to),
        Change::RenameSequence { table, from, to, .. } => column::rename_sequence(table, from, to),
        Change::CreateEnum(created) => enums::create(created),
        Change::DropEnum(dropped) => enums::drop(dropped),
        Change::AlterEnum { old: before, new: after } => enums::alter(before, after, old, new)?,
        Change::CreateObject(created) => body::unchecked(created, new, object::create(created)),
        Change::DropObject(dropped) => {
            refuse_held(&dropped.id, old, new)?;
            vec![other::drop_object(dropped)]
        }
        Change::ReplaceObject { old: before, new: after } => {
            let steps =
                object::replace(before, after).ok_or_else(|| Refusal(format!("{} can't be replaced", after.id)))?;
            if steps.iter().any(|step| step.sql.contains(" ALTER ATTRIBUTE ")) {
                refuse_held(&after.id, old, new)?;
            }
            if steps.iter().any(object::looks_at_values) {
                refuse_within(&after.id, old, new)?;
            }
            body::unchecked(after, new, steps)
        }
        other => other::render(other)?,
    };
    partition::finish(change, old, new, &mut steps)?;
    Ok(steps)
}

/// A sequence that goes on behind the greatest number of the rows has to be told of all of them.
fn counted(mut steps: Vec<Step>, table: &Name, old: &Schema, new: &Schema) -> Vec<Step> {
    let counts = |step: &Step| step.sql.starts_with("SELECT setval(") && step.sql.contains("\n    HAVING ");
    if let Some(at) = steps.iter().position(counts) {
        steps.splice(at..at, all_rows::or_refuse(&[table], &[old, new]));
    }
    steps
}

/// The server looks at the values of a column of the domain, and at none that are within others.
fn refuse_within(id: &ObjectId, old: &Schema, new: &Schema) -> Result<(), Refusal> {
    let ObjectId::Object(ObjectKind::Domain, name) = id else { return Ok(()) };
    let array = format!("{}[]", quote::name(name));
    let within = |table: &&Table| {
        let stays = |it: &Column| new.tables.get(&table.name).is_some_and(|is| is.column(&it.name).is_some());
        table.columns.iter().find(|it| it.ty.sql == array && stays(it)).map(|it| format!("{}.{}", table.name, it.name))
    };
    match old.tables.values().find_map(|table| within(&table)) {
        None => Ok(()),
        Some(column) => Err(Refusal(format!(
            "{id} gets a constraint, which PostgreSQL can't check while {column} is an array of it: make a new domain under \
             another name, and move the column over to it"
        ))),
    }
}

fn refuse_held(id: &ObjectId, old: &Schema, new: &Schema) -> Result<(), Refusal> {
    object::held_by(id, old, new).map_or(Ok(()), |user| {
        Err(Refusal(format!(
            "{id} changes in a way that PostgreSQL can't carry out while {user} is of it: make a new type under another \
             name, and move the column over to it"
        )))
    })
}
