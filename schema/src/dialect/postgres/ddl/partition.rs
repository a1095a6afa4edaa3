//! The indexes of partitions: the server makes them with the parent's, under names of its own. What is otherwise can't be
//! said with the parent's statement, and is refused.

use diesel_schema_core::naming::{columns_part, label, object_name};

use crate::change::{Change, Constraint};
use crate::dialect::Refusal;
use crate::schema::*;

/// Refuses what the server would do otherwise with the indexes of partitions.
pub(super) fn check(change: &Change, old: &Schema, new: &Schema) -> Result<(), Refusal> {
    match change {
        Change::CreateTable(table) if table.inheritance.bound.is_some() => of_partition(table, new, None),
        Change::SetInheritance { table, old: before, new: after }
            if after.bound.is_some() && before.bound.is_none() =>
        {
            let (Some(was), Some(is)) = (old.tables.get(table), new.tables.get(table)) else { return Ok(()) };
            adopted(was, is, new)?;
            of_partition(is, new, None)
        }
        Change::CreateIndex { table, index } => below(table, &index.name, new, true),
        Change::DropIndex { table, index } => below(table, &index.name, old, false),
        Change::AddConstraint { table, constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key) } => {
            below(table, &key.name, new, true)
        }
        Change::DropConstraint { table, constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key) } => {
            below(table, &key.name, old, false)
        }
        _ => Ok(()),
    }
}

fn below(parent: &Name, index: &str, schema: &Schema, made: bool) -> Result<(), Refusal> {
    for part in schema.tables.values().filter(|it| it.inheritance.parents.contains(parent)) {
        for it in part.inheritance.attached.iter().filter(|it| it.of == index) {
            if made {
                of_partition(part, schema, Some(&it.name))?;
            } else if !it.alike {
                return Err(refused(part, it));
            }
            below(&part.name, &it.name, schema, made)?;
        }
    }
    Ok(())
}

fn refused(part: &Table, it: &Attached) -> Refusal {
    let (name, of, table) = (&it.name, &it.of, &part.name);
    Refusal(format!(
        "index {name} of partition {table} stands for {of} of its parent under a name or a constraint of its own: make or \
         attach it in a revision by hand"
    ))
}

/// Whether the parts of the parent's indexes, or one of them, are what the server makes of them.
fn of_partition(part: &Table, schema: &Schema, only: Option<&str>) -> Result<(), Refusal> {
    let chosen = part.inheritance.attached.iter().filter(|it| only.is_none_or(|only| it.name == only));
    let parents: Vec<&Table> = part.inheritance.parents.iter().filter_map(|name| schema.tables.get(name)).collect();
    for it in chosen {
        let usual = parents.iter().find_map(|parent| usual(part, parent, &it.of));
        let numbered = |usual: &String| {
            it.name.strip_prefix(usual.as_str()).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        // What is cut has its number before the cut.
        let fits = usual.as_ref().is_none_or(|usual| usual.len() > 60 || numbered(usual));
        if !it.alike || !fits {
            return Err(refused(part, it));
        }
    }
    Ok(())
}

/// The name that the server gives to the part of an index, where it is one of the parent's own and has no expressions,
/// which it names by what they call.
fn usual(part: &Table, parent: &Table, index: &str) -> Option<String> {
    let table = &part.name.name;
    if parent.primary_key.as_ref().is_some_and(|key| key.name == index) {
        return Some(object_name(table, "", label::PRIMARY_KEY));
    }
    if let Some(key) = parent.uniques.iter().find(|key| key.name == index) {
        let columns = columns_part(key.columns.iter().chain(&key.include).map(String::as_str));
        return Some(object_name(table, &columns, label::UNIQUE));
    }
    let found = parent.indexes.iter().find(|it| it.name == index)?;
    let plain = |key: &IndexKey| match &key.what {
        IndexKeyWhat::Column(column) => Some(column.clone()),
        IndexKeyWhat::Expr(_) => None,
    };
    let listed: Vec<String> = found.keys.iter().map(plain).collect::<Option<_>>()?;
    let mut columns: Vec<String> = Vec::new();
    for column in listed.iter().chain(&found.include) {
        let numbered = (1..).map(|number| format!("{column}{number}"));
        let mut names = std::iter::once(column.clone()).chain(numbered);
        columns.extend(names.find(|name| !columns.contains(name)));
    }
    Some(object_name(table, &columns_part(columns.iter().map(String::as_str)), label::INDEX))
}

/// Refuses to attach a table one of whose own indexes the server would take for the parent's.
fn adopted(was: &Table, is: &Table, new: &Schema) -> Result<(), Refusal> {
    let parents = is.inheritance.parents.iter().filter_map(|name| new.tables.get(name));
    for theirs in parents.flat_map(|parent| &parent.indexes) {
        let same = |own: &&Index| {
            own.keys == theirs.keys
                && own.unique == theirs.unique
                && own.method == theirs.method
                && own.predicate == theirs.predicate
        };
        if let Some(own) = was.indexes.iter().find(same) {
            let (table, own, theirs) = (&is.name, &own.name, &theirs.name);
            return Err(Refusal(format!(
                "when {table} becomes a partition, its index {own} becomes the part of {theirs}: attach it in a revision by hand"
            )));
        }
    }
    Ok(())
}
