//! Tables that leave the table they are a partition or a child of, and tables that join one.

use std::collections::BTreeSet;

use crate::change::{Change, Constraint};
use crate::schema::parts::{Part, given};
use crate::schema::{Check, ForeignKey, Index, Inheritance, Key, Name, Schema, Table};

/// The partitions that leave a parent from which they have keys, indexes or checks, with which they stay, and those that
/// go to another parent; and the children that have a parent no longer. They leave before anything else, so that all this
/// is theirs in whatever is compared, and no statement on the parent is one on them.
pub(super) fn leaving(old: &Schema, new: &Schema, again: &BTreeSet<Name>) -> Vec<Change> {
    let leaves = |was: &&Table| {
        let is = new.tables.get(&was.name).filter(|_| !again.contains(&was.name));
        is.filter(|is| is.inheritance.parents != was.inheritance.parents).is_some_and(|is| {
            let alone = is.inheritance.parents.is_empty();
            match was.inheritance.bound {
                Some(_) => is.inheritance.bound.is_some() || left_with(old, was) != **was,
                None => alone && !was.inheritance.parents.is_empty(),
            }
        })
    };
    let leaves = old.tables.values().filter(leaves).map(|was| Change::SetInheritance {
        table: was.name.clone(),
        old: was.inheritance.clone(),
        new: Inheritance { partition_by: was.inheritance.partition_by.clone(), ..Inheritance::default() },
    });
    leaves.collect()
}

/// The foreign keys that go and by which rows of what leaves are referred to: they would keep it.
pub(super) fn loosened(leaving: &[Change], old: &Schema, new: &Schema) -> Vec<Change> {
    let parents = leaving.iter().flat_map(|change| match change {
        Change::SetInheritance { old, .. } => old.parents.as_slice(),
        _ => &[],
    });
    let parents: BTreeSet<&Name> = parents.collect();
    let mut found = Vec::new();
    for (name, table) in &old.tables {
        for key in table.foreign_keys.iter().filter(|key| parents.contains(&key.references)) {
            let stays = new.tables.get(name).is_some_and(|it| it.foreign_keys.contains(key));
            let constraint = Constraint::ForeignKey(key.clone());
            found.extend((!stays).then(|| Change::DropConstraint { table: name.clone(), constraint }));
        }
    }
    found
}

/// The checks that a table lacks which becomes a partition or a child: the server makes a partition's keys and indexes, but
/// asks for these.
pub(super) fn joining(old: &Schema, new: &Schema, again: &BTreeSet<Name>) -> Vec<Change> {
    let joins = |is: &&Table| !is.inheritance.parents.is_empty() && !again.contains(&is.name);
    let mut found = Vec::new();
    for is in new.tables.values().filter(joins) {
        let Some(was) = old.tables.get(&is.name).filter(|was| was.inheritance.parents != is.inheritance.parents) else {
            continue;
        };
        let above = new.ancestors(is).into_iter().filter_map(|name| new.tables.get(name));
        for check in above.flat_map(|parent| &parent.checks).filter(|check| !check.no_inherit) {
            let check = Check { comment: None, ..check.clone() };
            let has = |own: &Check| Check { comment: None, ..own.clone() } == check;
            if !was.checks.iter().any(has) {
                found.push(Change::AddConstraint { table: is.name.clone(), constraint: Constraint::Check(check) });
            }
        }
    }
    found
}

/// A partition with all that it has from its parent as its own, which is how DETACH leaves it
/// (<https://www.postgresql.org/docs/current/sql-altertable.html>); or a child with its parent's checks, as NO INHERIT does.
pub(super) fn left_with(schema: &Schema, part: &Table) -> Table {
    let mut table = part.clone();
    table.inheritance.has_parents_key = false;
    let parents = || part.inheritance.parents.iter().filter_map(|name| schema.tables.get(name));
    let is_part = part.inheritance.bound.is_some();
    for (of, given) in parents().filter(|_| is_part).flat_map(|parent| given(schema, parent)) {
        let attached = part.inheritance.attached.iter().find(|it| it.of == of);
        // It is listed already where it backs a key of its own.
        if attached.is_some_and(|it| it.own_key.is_some()) {
            continue;
        }
        let name = attached.map_or_else(|| given.usual(&part.name.name), |it| it.name.clone());
        match given {
            Part::PrimaryKey(key) => {
                let key = Key { name, comment: None, ..key.clone() };
                table.primary_key.get_or_insert(key);
            }
            Part::Unique(key) => table.uniques.push(Key { name, comment: None, ..key.clone() }),
            Part::Index(index) => table.indexes.push(Index { name, comment: None, ..index.clone() }),
        }
    }
    let mut above: Vec<&Table> = parents().collect();
    while let Some(parent) = above.pop() {
        let keys =
            parent.foreign_keys.iter().filter(|_| is_part).map(|key| ForeignKey { comment: None, ..key.clone() });
        table.foreign_keys.extend(keys);
        for check in parent.checks.iter().filter(|check| !check.no_inherit) {
            if !table.checks.iter().any(|own| own.name == check.name) {
                table.checks.push(Check { comment: None, ..check.clone() });
            }
        }
        if !is_part || parent.inheritance.bound.is_some() {
            above.extend(parent.inheritance.parents.iter().filter_map(|name| schema.tables.get(name)));
        }
    }
    table
}
