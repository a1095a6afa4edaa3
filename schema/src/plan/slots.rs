//! Names that can be taken once, and who has them.

use crate::change::Constraint;
use crate::schema::{Column, Name, Object, ObjectId, ObjectKind, Schema, Table};

/// A name that can be taken once: a relation's in a namespace, or a constraint's on a table.
pub(super) type Slot = (Option<String>, Option<String>, String);

pub(super) fn relation(namespace: &Option<String>, name: &str) -> Slot {
    (namespace.clone(), None, name.to_owned())
}

fn on_table(table: &Name, name: &str) -> Slot {
    (table.namespace.clone(), Some(table.name.clone()), name.to_owned())
}

/// What a new key of a partitioned table, or a foreign key to it, waits for: partitions that go, and may be split by columns
/// that it lacks.
pub(super) fn parts_of(table: &Name) -> Slot {
    on_table(table, "\0partitions")
}

/// What a new foreign key of or to a partitioned table waits for: tables that become its partitions, with their rows.
pub(super) fn rows_of(table: &Name) -> Slot {
    on_table(table, "\0rows")
}

/// The names of a constraint: keys have an index of the same name.
pub(super) fn constraint_slots(table: &Name, constraint: &Constraint) -> Vec<Slot> {
    let mut slots = vec![on_table(table, constraint.name())];
    if matches!(constraint, Constraint::PrimaryKey(_) | Constraint::Unique(_)) {
        slots.push(relation(&table.namespace, constraint.name()));
    }
    if matches!(constraint, Constraint::PrimaryKey(_)) {
        // A table has one, whatever it is called.
        slots.push(on_table(table, ""));
    }
    slots
}

pub(super) fn sequence_slot(column: &Column) -> Option<Slot> {
    let (name, _) = column.identity.as_ref()?.sequence.as_ref()?;
    Some(relation(&name.namespace, &name.name))
}

/// What a foreign key to a partition waits for: the key that this has once it is one.
pub(super) fn joined(table: &Name) -> Slot {
    on_table(table, "\0joined")
}

/// The name of its NOT NULL, where that is a constraint that has one (PostgreSQL 18).
pub(super) fn not_null_slot(table: &Name, column: &Column) -> Option<Slot> {
    let name = column.not_null.as_ref().filter(|_| !column.nullable)?.name.as_ref()?;
    Some(on_table(table, name))
}

pub(super) fn slots_of(id: &ObjectId, schema: &Schema) -> Vec<Slot> {
    match id {
        ObjectId::Constraint(table, name) => {
            let found = schema.tables.get(table).and_then(|it| Constraint::all_of(it).remove(name));
            found.map(|it| constraint_slots(table, &it)).unwrap_or_default()
        }
        ObjectId::Index(table, name) => vec![relation(&table.namespace, name)],
        _ => vec![],
    }
}

/// The exclusion constraints of a table.
pub(super) fn exclusions<'a>(table: &'a Table, schema: &'a Schema) -> impl Iterator<Item = &'a Object> {
    schema.objects.values().filter(|it| exclusion(it).is_some_and(|(of, _)| *of == table.name))
}

/// The table that an exclusion constraint is on, and its own name.
fn exclusion(object: &Object) -> Option<(&Name, &str)> {
    let ObjectId::Object(ObjectKind::Exclusion, name) = &object.id else { return None };
    object.depends_on.iter().find_map(|id| match id {
        ObjectId::Table(table) => Some((table, name.name.strip_prefix(&table.name)?.strip_prefix('.')?)),
        _ => None,
    })
}

/// The names of what is handled as text, where a relation, a type or a constraint of a table has them as well.
pub(super) fn object_slots(object: &Object) -> Vec<Slot> {
    use ObjectKind::{Domain, ForeignTable, Index, MaterializedView, Type, View};
    if let Some((table, own)) = exclusion(object) {
        return vec![relation(&table.namespace, own), on_table(table, own)];
    }
    match &object.id {
        ObjectId::Object(View | MaterializedView | ForeignTable | Domain | Type | Index, name) => {
            vec![relation(&name.namespace, &name.name)]
        }
        _ => Vec::new(),
    }
}
