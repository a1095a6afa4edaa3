//! The indexes of partitions: the server makes them with the parent's, under names of its own. What is to be otherwise is
//! said of them afterwards.

use super::table::{add_constraint, create_index, drop_index, index_name};
use crate::change::{Change, Constraint, Step};
use crate::dialect::Refusal;
use crate::dialect::postgres::quote;
use crate::schema::parts::{Part, given};
use crate::schema::*;

/// Gives the parts of a parent's index, behind the statement that makes them, the names and keys that they are to have.
///
/// # Errors
///
/// Refuses what no statement can give them.
pub(super) fn finish(change: &Change, old: &Schema, new: &Schema, steps: &mut Vec<Step>) -> Result<(), Refusal> {
    match change {
        Change::CreateTable(table) if table.inheritance.bound.is_some() => of_partition(table, new, None, steps),
        Change::SetInheritance { table, old: before, new: after }
            if after.bound.is_some() && before.bound.is_none() =>
        {
            let Some(is) = new.tables.get(table) else { return Ok(()) };
            of_partition(is, new, None, steps)?;
            aside(is, old, new, steps);
            Ok(())
        }
        Change::CreateIndex { table, index } => match lacking(table, &index.name, new) {
            Some(part) => alone(table, index, part, new, steps),
            None => below(table, &index.name, new, steps),
        },
        Change::AddConstraint { table, constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key) } => {
            below(table, &key.name, new, steps)
        }
        Change::DropIndex { table, index } => with_own_keys(table, &index.name, old, new, steps),
        Change::DropConstraint { table, constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key) } => {
            let backs = |it: &Attached| it.own_key.is_some() && it.name == key.name;
            if old.tables.get(table).is_some_and(|it| it.inheritance.attached.iter().any(backs)) {
                // It goes with its parent's index.
                steps.clear();
            }
            with_own_keys(table, &key.name, old, new, steps)
        }
        _ => Ok(()),
    }
}

/// # Errors
///
/// Refuses another type for a column that decides in which partition a row is, of the table or of one of its partitions.
pub(super) fn refuse_key(table: &Name, column: &str, schema: &Schema) -> Result<(), Refusal> {
    // `RANGE (key)`.
    let of_key = |by: &str| by.split_once('(').is_some_and(|(_, keys)| text::mentions(keys, column));
    let splits = |it: &&Table| it.inheritance.partition_by.as_deref().is_some_and(of_key);
    let is_in = |it: &&Table| it.name == *table || schema.ancestors(it).contains(table);
    schema.tables.values().filter(is_in).find(splits).map_or(Ok(()), |split| {
        Err(Refusal(format!(
            "{table}.{column} can't get another type while {} is partitioned by it: make a new table that is partitioned by \
             the new type, and copy the rows",
            split.name
        )))
    })
}

/// The parts of a parent's index, on one level.
fn parts<'a>(parent: &'a Name, index: &'a str, schema: &'a Schema) -> impl Iterator<Item = (&'a Table, &'a Attached)> {
    let tables = schema.tables.values().filter(move |it| it.inheritance.parents.contains(parent));
    tables.flat_map(move |part| {
        part.inheritance.attached.iter().filter(move |it| it.of == index).map(move |it| (part, it))
    })
}

fn below(parent: &Name, index: &str, schema: &Schema, steps: &mut Vec<Step>) -> Result<(), Refusal> {
    for (part, it) in parts(parent, index, schema) {
        of_partition(part, schema, Some(&it.name), steps)?;
        below(&part.name, &it.name, schema, steps)?;
    }
    Ok(())
}

fn refused(part: &Table, it: &Attached, why: &str) -> Refusal {
    let (name, of, table) = (&it.name, &it.of, &part.name);
    Refusal(format!(
        "index {name} of partition {table} stands for {of} of its parent, {why}: make or attach it in a revision by hand"
    ))
}

/// Lets the keys that parts of an index back of their own go with it.
fn with_own_keys(parent: &Name, index: &str, schema: &Schema, new: &Schema, steps: &mut [Step]) -> Result<(), Refusal> {
    let mut open = vec![(parent.clone(), index.to_owned())];
    let mut own = false;
    while let Some((parent, index)) = open.pop() {
        for (part, it) in parts(&parent, &index, schema) {
            own |= !it.alike;
            let keys = || schema.tables.values().flat_map(|table| &table.foreign_keys);
            if !it.alike && keys().any(|key| key.references == part.name) {
                return Err(refused(part, it, "backs a key of its own and is referred to"));
            }
            let is = new.tables.get(&part.name);
            let kept = is.is_some_and(|is| is.primary_key.iter().chain(&is.uniques).any(|key| key.name == it.name));
            let given = is.is_some_and(|is| is.inheritance.attached.iter().any(|new| new.name == it.name));
            if !it.alike && kept && !given {
                return Err(refused(part, it, "and its key is to stay without that"));
            }
            open.push((part.name.clone(), it.name.clone()));
        }
    }
    if own {
        for step in steps {
            step.sql.push_str(" CASCADE");
        }
    }
    Ok(())
}

/// Says what the server does not by itself for the parts of the parent's indexes, or for one of them.
fn of_partition(part: &Table, schema: &Schema, only: Option<&str>, steps: &mut Vec<Step>) -> Result<(), Refusal> {
    let chosen = part.inheritance.attached.iter().filter(|it| only.is_none_or(|only| it.name == only));
    let parents: Vec<&Table> = part.inheritance.parents.iter().filter_map(|name| schema.tables.get(name)).collect();
    for it in chosen {
        let Some(parent) = parents.first() else { continue };
        let given = given(schema, parent);
        let above = given.iter().find(|(name, _)| *name == it.of);
        let fits = above.is_none_or(|(_, above)| above.may_be_called(&it.name, &part.name.name));
        match &it.own_key {
            None if !it.alike => return Err(refused(part, it, "and backs another kind of key")),
            None if fits => {}
            None => steps.push(renamed(part, parent, it)),
            Some(kind) => steps.push(keyed(part, parent, it, kind)),
        }
    }
    Ok(())
}

/// Makes a partition's parts of its parent's indexes that stand ON ONLY it, and attaches them.
///
/// # Errors
///
/// Refuses what the server has no statement for: to detach one, and to attach one in place of another.
pub(super) fn attach(part: &Name, old: &Inheritance, new: &Inheritance, schema: &Schema) -> Result<Vec<Step>, Refusal> {
    let refused = || {
        let said = "is attached to one of its parent in another way: attach it in a revision by hand";
        Refusal(format!("an index of partition {part} {said}"))
    };
    let had = |it: &Attached| old.attached.iter().find(|was| was.of == it.of);
    let (stay, come): (Vec<&Attached>, Vec<&Attached>) = new.attached.iter().partition(|it| had(it).is_some());
    // Another name is a change of its own.
    let same = |it: &&Attached| had(it).is_some_and(|was| was == *it || was.alike && it.alike);
    if stay.len() != old.attached.len() || !stay.iter().all(same) {
        return Err(refused());
    }
    let parent = new.parents.first().and_then(|name| schema.tables.get(name)).ok_or_else(refused)?;
    let mut steps = Vec::new();
    for it in come {
        let theirs = given(schema, parent).into_iter().find(|(of, _)| *of == it.of).filter(|_| it.alike);
        let name = it.name.clone();
        steps.extend(match theirs.ok_or_else(refused)?.1 {
            Part::PrimaryKey(key) => {
                add_constraint(part, &Constraint::PrimaryKey(Key { name, comment: None, ..key.clone() }), true)
            }
            Part::Unique(key) => {
                add_constraint(part, &Constraint::Unique(Key { name, comment: None, ..key.clone() }), true)
            }
            Part::Index(index) => create_index(part, &Index { name, comment: None, ..index.clone() }, true),
        });
        let (of, own) = (index_name(&parent.name, &it.of), index_name(part, &it.name));
        steps.push(super::exclusive(format!("ALTER INDEX {of} ATTACH PARTITION {own}")));
    }
    Ok(steps)
}

fn renamed(part: &Table, parent: &Table, it: &Attached) -> Step {
    let name = quote::literal(&it.name);
    let said = format!("format('ALTER INDEX %s RENAME TO %I', i.indexrelid::regclass, {name})");
    found(part, parent, it, &said, &format!("c.relname <> {name}"))
}

fn keyed(part: &Table, parent: &Table, it: &Attached, kind: &str) -> Step {
    let name = quote::literal(&it.name);
    let said = format!(
        "format('ALTER TABLE %s ADD CONSTRAINT %I {kind} USING INDEX %I', i.indrelid::regclass, {name}, c.relname)"
    );
    let lacks = "NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u'))";
    found(part, parent, it, &said, lacks)
}

/// A statement on the part that the server made, whatever it is called: which name is free, only the server knows.
fn found(part: &Table, parent: &Table, it: &Attached, said: &str, only: &str) -> Step {
    let table = quote::literal(&quote::name(&part.name));
    let of = quote::literal(&index_name(&parent.name, &it.of));
    super::exclusive(format!(
        "DO $part$\nDECLARE said text;\nBEGIN\n    FOR said IN\n        SELECT {said}\n        FROM pg_inherits h JOIN pg_index \
         i ON i.indexrelid = h.inhrelid JOIN pg_class c ON c.oid = h.inhrelid\n        WHERE h.inhparent = to_regclass({of}) AND \
         i.indrelid = {table}::regclass AND {only}\n    LOOP\n        EXECUTE said;\n    END LOOP;\nEND $part$"
    ))
}

/// Drops, before a table is attached, what of its own indexes the server would take for the parent's, and makes it again.
fn aside(is: &Table, old: &Schema, new: &Schema, steps: &mut Vec<Step>) {
    let Some(was) = old.tables.get(&is.name) else { return };
    let parents: Vec<&Table> = is.inheritance.parents.iter().filter_map(|name| new.tables.get(name)).collect();
    let same = |own: &&Index| {
        parents.iter().flat_map(|parent| &parent.indexes).any(|theirs| {
            own.keys == theirs.keys
                && own.unique == theirs.unique
                && own.method == theirs.method
                && own.predicate == theirs.predicate
        })
    };
    for own in is.indexes.iter().filter(same).filter(|own| was.indexes.contains(own)) {
        steps.splice(0..0, drop_index(&is.name, own));
        steps.extend(create_index(&is.name, own, true));
    }
}

/// The first of the parent's partitions that has no part of the index.
fn lacking<'a>(parent: &Name, index: &str, schema: &'a Schema) -> Option<&'a Table> {
    let lacks = |it: &&Table| {
        it.inheritance.bound.is_some()
            && it.inheritance.parents.contains(parent)
            && !it.inheritance.attached.iter().any(|it| it.of == index)
    };
    schema.tables.values().find(lacks)
}

/// Makes an index of the parent's alone, and attaches the parts of it that there are to be.
fn alone(parent: &Name, index: &Index, lacks: &Table, schema: &Schema, steps: &mut Vec<Step>) -> Result<(), Refusal> {
    let start = format!("INDEX {} ON ", quote::ident(&index.name));
    for step in steps.iter_mut() {
        step.sql = step.sql.replacen(&start, &format!("{start}ONLY "), 1);
    }
    for (part, it) in parts(parent, &index.name, schema) {
        if !it.alike || part.inheritance.partition_by.is_some() {
            return Err(refused(part, it, &format!("of which partition {} has none", lacks.name)));
        }
        steps.extend(create_index(&part.name, &Index { name: it.name.clone(), comment: None, ..index.clone() }, true));
        let (of, name) = (index_name(parent, &index.name), index_name(&part.name, &it.name));
        steps.push(super::exclusive(format!("ALTER INDEX {of} ATTACH PARTITION {name}")));
    }
    Ok(())
}
