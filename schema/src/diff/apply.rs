//! What a change does to a schema, without a server.

use std::collections::BTreeMap;

use super::leaving::left_with;
use super::sequence_name;
use crate::change::{Change, Constraint};
use crate::dialect::renamed;
use crate::schema::{IndexKeyWhat, Name, Object, ObjectId, ObjectKind, Schema, Table, text};

/// Carries out a change on a schema in memory. What the change names and the schema does not hold is passed over.
pub fn apply(schema: &mut Schema, change: &Change) {
    match change.clone() {
        Change::CreateNamespace(it) => drop(schema.namespaces.insert(it.name.clone(), it)),
        Change::DropNamespace(it) => drop(schema.namespaces.remove(&it.name)),
        Change::CreateEnum(it) => drop(schema.enums.insert(it.name.clone(), it)),
        Change::DropEnum(it) => drop(schema.enums.remove(&it.name)),
        Change::AlterEnum { new, .. } => {
            if let Some(it) = schema.enums.get_mut(&new.name) {
                it.values = new.values;
            }
        }
        Change::CreateSequence(it) => drop(schema.sequences.insert(it.name.clone(), it)),
        Change::DropSequence(it) => drop(schema.sequences.remove(&it.name)),
        Change::AlterSequence { new, .. } => {
            if let Some(it) = schema.sequences.get_mut(&new.name) {
                it.options = new.options;
            }
        }
        Change::CreateTable(it) => drop(schema.tables.insert(it.name.clone(), it)),
        Change::DropTable(it) => drop(schema.tables.remove(&it.name)),
        Change::RenameTable { from, to } => rename_table(schema, &from, &to),
        Change::RenameColumn { table, from, to } => rename_column(schema, &table, &from, &to),
        Change::CreateObject(it) | Change::ReplaceObject { new: it, .. } => {
            schema.objects.insert(it.id.clone(), it);
        }
        Change::DropObject(it) => drop(schema.objects.remove(&it.id)),
        Change::SetComment { target, new, .. } => {
            if let Some(comment) = schema.comment_mut(&target) {
                *comment = new;
            }
        }
        Change::SetInheritance { table, old, new } if !old.parents.is_empty() && new.parents.is_empty() => {
            let Some(part) = schema.tables.get(&table) else { return };
            let mut left = left_with(schema, part);
            left.inheritance = new;
            sort(&mut left);
            schema.tables.insert(table, left);
        }
        change => {
            if let Some(table) = change.table().and_then(|table| schema.tables.get_mut(table)) {
                within(table, change);
            }
        }
    }
}

fn within(table: &mut Table, change: Change) {
    match change {
        Change::AddColumn { column, .. } => table.columns.push(column),
        Change::DropColumn { column, .. } => table.columns.retain(|it| it.name != column.name),
        Change::AlterColumn { new, .. } => {
            if let Some(it) = table.columns.iter_mut().find(|it| it.name == new.name) {
                let comment = it.comment.take();
                *it = new;
                it.comment = comment;
            }
        }
        Change::AddConstraint { constraint, .. } => match constraint {
            Constraint::PrimaryKey(it) => table.primary_key = Some(it),
            Constraint::Unique(it) => table.uniques.push(it),
            Constraint::ForeignKey(it) => table.foreign_keys.push(it),
            Constraint::Check(it) => table.checks.push(it),
        },
        Change::DropConstraint { constraint, .. } => match constraint {
            Constraint::PrimaryKey(_) => table.primary_key = None,
            Constraint::Unique(it) => table.uniques.retain(|old| old.name != it.name),
            Constraint::ForeignKey(it) => table.foreign_keys.retain(|old| old.name != it.name),
            Constraint::Check(it) => table.checks.retain(|old| old.name != it.name),
        },
        Change::RenameConstraint { from, to, .. } => {
            if let Some(name) = constraint_names(table).into_iter().find(|name| **name == from) {
                *name = to;
            }
        }
        Change::CreateIndex { index, .. } => table.indexes.push(index),
        Change::DropIndex { index, .. } => table.indexes.retain(|it| it.name != index.name),
        Change::RenameIndex { from, to, .. } => {
            if let Some(it) = table.indexes.iter_mut().find(|it| it.name == from) {
                it.name = to;
            }
        }
        Change::RenameSequence { column, to, .. } => {
            let column = table.columns.iter_mut().find(|it| it.name == column);
            if let Some(name) = column.and_then(sequence_name) {
                name.name = to;
            }
        }
        Change::SetOptions { new, .. } => table.options = new,
        Change::SetInheritance { new, .. } => table.inheritance = new,
        _ => {}
    }
    sort(table);
}

fn sort(table: &mut Table) {
    table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
}

fn constraint_names(table: &mut Table) -> Vec<&mut String> {
    let keys = table.primary_key.iter_mut().chain(&mut table.uniques).map(|it| &mut it.name);
    let foreign = table.foreign_keys.iter_mut().map(|it| &mut it.name);
    keys.chain(foreign).chain(table.checks.iter_mut().map(|it| &mut it.name)).collect()
}

fn rename_table(schema: &mut Schema, from: &Name, to: &Name) {
    let (was, is) = (format!(" in table {from}"), format!(" in table {to}"));
    for said in &mut schema.unread {
        if let Some(what) = said.strip_suffix(&was) {
            *said = format!("{what}{is}");
        }
    }
    if let Some(mut table) = schema.tables.remove(from) {
        table.name = to.clone();
        // A sequence that a column owns moves with its table, and keeps its name.
        for name in table.columns.iter_mut().filter_map(sequence_name) {
            name.namespace.clone_from(&to.namespace);
        }
        schema.tables.insert(to.clone(), table);
    }
    for parent in schema.tables.values_mut().flat_map(|table| &mut table.inheritance.parents) {
        if parent == from {
            *parent = to.clone();
        }
    }
    for key in schema.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
        if key.references == *from {
            key.references = to.clone();
        }
    }
    let mut moved: BTreeMap<ObjectId, ObjectId> = BTreeMap::new();
    for name in owned(schema, from) {
        let Some(mut sequence) = schema.sequences.remove(&name) else { continue };
        sequence.name.namespace.clone_from(&to.namespace);
        moved.insert(ObjectId::Sequence(name), ObjectId::Sequence(sequence.name.clone()));
        schema.sequences.insert(sequence.name.clone(), sequence);
    }
    for (id, mut object) in std::mem::take(&mut schema.objects) {
        renamed::follow(&mut object, from, to);
        if object.id != id {
            moved.insert(id, object.id.clone());
        }
        schema.objects.insert(object.id.clone(), object);
    }
    for id in every_need(schema) {
        match id {
            ObjectId::Table(table)
            | ObjectId::Column(table, _)
            | ObjectId::Constraint(table, _)
            | ObjectId::Index(table, _)
                if table == from =>
            {
                *table = to.clone();
            }
            _ => {
                if let Some(now) = moved.get(id) {
                    *id = now.clone();
                }
            }
        }
    }
}

/// The sequences that columns of a table own and do not count with: they are in its namespace.
fn owned(schema: &Schema, table: &Name) -> Vec<Name> {
    let owners = schema.objects.values().filter(|object| {
        object.definition.starts_with("ALTER SEQUENCE ") && object.depends_on.iter().any(|id| id.table() == Some(table))
    });
    let sequences = owners.flat_map(|object| &object.depends_on).filter_map(|id| match id {
        ObjectId::Sequence(name) if name.namespace == table.namespace => Some(name.clone()),
        _ => None,
    });
    sequences.collect()
}

/// Every id that stands for what something needs, or needs something.
fn every_need(schema: &mut Schema) -> impl Iterator<Item = &mut ObjectId> {
    let kept = schema.needs.iter_mut().flat_map(|(user, needs)| [user, needs]);
    schema.objects.values_mut().flat_map(|object| &mut object.depends_on).chain(kept)
}

fn rename_column(schema: &mut Schema, table: &Name, from: &str, to: &str) {
    let swap = |columns: &mut Vec<String>| {
        for column in columns.iter_mut().filter(|column| *column == from) {
            *column = to.to_owned();
        }
    };
    for key in schema.tables.values_mut().flat_map(|it| &mut it.foreign_keys).filter(|it| it.references == *table) {
        swap(&mut key.references_columns);
    }
    for id in every_need(schema) {
        if matches!(id, ObjectId::Column(name, column) if name == table && column == from) {
            *id = ObjectId::Column(table.clone(), to.to_owned());
        }
    }
    let renamed = ObjectId::Column(table.clone(), to.to_owned());
    for object in schema.objects.values_mut().filter(|it| it.depends_on.contains(&renamed)) {
        rename_within(object, from, to);
    }
    for mut object in std::mem::take(&mut schema.objects).into_values() {
        renamed::follow_column(&mut object, table, from, to);
        schema.objects.insert(object.id.clone(), object);
    }
    let Some(table) = schema.tables.get_mut(table) else { return };
    for column in &mut table.columns {
        if column.name == from {
            column.name = to.to_owned();
        }
        if let Some(generated) = &mut column.generated {
            *generated = text::rename(generated, from, to);
        }
    }
    for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
        swap(&mut key.columns);
        swap(&mut key.include);
    }
    table.foreign_keys.iter_mut().for_each(|key| swap(&mut key.columns));
    table.checks.iter_mut().for_each(|check| check.expr = text::rename(&check.expr, from, to));
    for index in &mut table.indexes {
        swap(&mut index.include);
        for key in &mut index.keys {
            match &mut key.what {
                IndexKeyWhat::Column(column) if column == from => *column = to.to_owned(),
                IndexKeyWhat::Column(_) => {}
                IndexKeyWhat::Expr(expr) => *expr = text::rename(expr, from, to),
            }
        }
        if let Some(predicate) = &mut index.predicate {
            *predicate = text::rename(predicate, from, to);
        }
    }
}

/// The server says the column by its new name, whichever column has the old one then.
fn rename_within(object: &mut Object, from: &str, to: &str) {
    use ObjectKind::{Exclusion, MaterializedView, Policy, Rule, Statistics, Trigger, View};
    let ObjectId::Object(kind, _) = object.id else { return };
    match kind {
        Policy | Trigger | Exclusion | Statistics => object.definition = text::rename(&object.definition, from, to),
        // It goes on showing the column under the old name: that is what no text of a file comes to.
        View | MaterializedView | Rule => object.definition.push_str(&format!(" /* {to} AS {from} */")),
        _ => {}
    }
}
