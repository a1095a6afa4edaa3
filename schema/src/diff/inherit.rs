//! Partitions and children: what a statement on the parent does to them is no change of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Change, Constraint};
use crate::schema::parts::{Part, given};
#[cfg(feature = "cli")]
use crate::schema::{Attached, ObjectId};
use crate::schema::{Column, ForeignKey, Index, Inheritance, Key, Name, NotNull, Schema, Table, inherited};

/// Tables that are split in another way, or no longer, or only now: there is no statement for it. What is a part of one
/// goes with it.
pub(super) fn split_anew(old: &BTreeMap<Name, Table>, new: &BTreeMap<Name, Table>) -> BTreeSet<Name> {
    let both = || old.iter().filter_map(|(name, was)| Some((name, was, new.get(name)?)));
    let differ = both().filter(|(_, was, is)| was.inheritance.partition_by != is.inheritance.partition_by);
    let mut again: BTreeSet<Name> = differ.map(|(name, ..)| name.clone()).collect();
    loop {
        let part = both().find(|(name, was, is)| {
            let of = |table: &Table| {
                table.inheritance.bound.is_some() && table.inheritance.parents.iter().any(|it| again.contains(it))
            };
            !again.contains(*name) && (of(was) || of(is))
        });
        let Some((name, ..)) = part else { return again };
        again.insert(name.clone());
    }
}

pub(super) fn ties(old: &Table, new: &Table, out: &mut Vec<Change>) {
    let (was, is) = (&old.inheritance, &new.inheritance);
    if was.parents != is.parents || was.bound != is.bound {
        out.push(Change::SetInheritance { table: new.name.clone(), old: was.clone(), new: is.clone() });
    }
}

/// What differs in how partitions' indexes are parts of their parents', where those stay: a name, or more than that.
pub(super) fn attached(old: &Schema, new: &Schema, out: &mut Vec<Change>) {
    let stays = |parent: &Name, index: &str| {
        let find = |schema: &Schema| {
            let table = schema.tables.get(parent)?;
            let key = Constraint::all_of(table).remove(index);
            Some((key, table.indexes.iter().find(|it| it.name == index).cloned()))
        };
        find(old).is_some_and(|was| (was.0.is_some() || was.1.is_some()) && Some(was) == find(new))
    };
    for is in new.tables.values().filter(|it| it.inheritance.bound.is_some()) {
        let Some(was) = old.tables.get(&is.name) else { continue };
        let (before, after) = (&was.inheritance, &is.inheritance);
        if before.parents != after.parents || before.bound != after.bound {
            continue;
        }
        let theirs = |of: &str| after.parents.iter().any(|parent| stays(parent, of));
        let all: BTreeSet<&String> = before.attached.iter().chain(&after.attached).map(|it| &it.of).collect();
        let mut otherwise = false;
        for of in all.into_iter().filter(|of| theirs(of)) {
            let find = |ties: &Inheritance| ties.attached.iter().find(|it| it.of == *of).cloned();
            match (find(before), find(after)) {
                (Some(a), Some(b)) if a == b => {}
                (Some(a), Some(b)) if a.alike && b.alike => {
                    out.push(Change::RenameIndex { table: is.name.clone(), from: a.name, to: b.name });
                }
                _ => otherwise = true,
            }
        }
        if otherwise {
            out.push(Change::SetInheritance { table: is.name.clone(), old: before.clone(), new: after.clone() });
        }
    }
}

/// Takes out of a child's changes what its parent's statement does to it, level by level.
pub(super) fn leave_to_parents(changes: &mut Vec<Change>, old: &Schema, new: &Schema) {
    let children: Vec<&Table> = new.tables.values().filter(|it| !it.inheritance.parents.is_empty()).collect();
    if children.is_empty() {
        return;
    }
    let all = changes.clone();
    changes.retain(|change| !is_taken_over(change, old, new));
    changes.retain_mut(|change| {
        let (Change::AddColumn { table, .. } | Change::DropColumn { table, .. } | Change::AlterColumn { table, .. }) =
            change
        else {
            return true;
        };
        let Some((was, is)) = old.tables.get(table).zip(new.tables.get(table)) else { return true };
        if was.inheritance.parents != is.inheritance.parents {
            return true;
        }
        let above = new.ancestors(is);
        let alone = |parent: &Name, column: &str| new.stays_in_children(parent, column, old);
        all.iter().all(|theirs| stays(change, theirs, &above, &alone)) && stays_without_its_name(change, &above, new)
    });
}

/// Whether more of a child's column changes than what its NOT NULL is called: where a parent gives it one, the server
/// has named it, and no statement renames it.
fn stays_without_its_name(change: &mut Change, above: &BTreeSet<&Name>, schema: &Schema) -> bool {
    let Change::AlterColumn { old, new, .. } = change else { return true };
    let theirs = above.iter().filter_map(|name| schema.tables.get(*name)?.column(&new.name));
    let given = |it: &Column| !it.nullable && !it.not_null.as_ref().is_some_and(|said| said.no_inherit);
    if old.nullable || new.nullable || !theirs.into_iter().any(given) {
        return true;
    }
    let plain = NotNull { name: None, no_inherit: false, validated: true };
    let name = old.not_null.as_ref().and_then(|said| said.name.clone());
    let said = NotNull { name, ..new.not_null.clone().unwrap_or_else(|| plain.clone()) };
    new.not_null = (said != plain).then_some(said);
    super::comparable(old) != super::comparable(new)
}

/// Whether it drops what a table that becomes a partition has of its own, and its parent gives to each: the server takes
/// it over, where without it there would be no key for a while, and then one that is built under the lock. Of a child it
/// takes over the checks, and asks for them.
fn is_taken_over(change: &Change, old: &Schema, new: &Schema) -> bool {
    let (Change::DropConstraint { table, .. } | Change::DropIndex { table, .. }) = change else { return false };
    let Some((was, is)) = old.tables.get(table).zip(new.tables.get(table)) else { return false };
    let [parent] = is.inheritance.parents.as_slice() else { return false };
    let joins = was.inheritance.parents.is_empty();
    // What the parent loses or gets meanwhile it does not have when the table joins, or may not have.
    let mut of_parent = [old, new].into_iter().filter(|schema| schema.tables.contains_key(parent));
    joins && of_parent.all(|schema| gives(&schema.tables[parent], schema, change, is))
}

/// Whether the parent gives a part of it, as it is in `schema`, what the change drops.
fn gives(parent: &Table, schema: &Schema, change: &Change, is: &Table) -> bool {
    let is_part = is.inheritance.bound.is_some();
    let stays = |of: &str, name: &str| {
        let said = is.inheritance.attached.iter().find(|it| it.of == of);
        said.is_none_or(|it| it.name == name && it.alike)
    };
    let given = given(schema, parent);
    let key = |own: &Key, primary: bool| {
        given.iter().any(|(of, part)| {
            let theirs = match part {
                Part::PrimaryKey(theirs) if primary => theirs,
                Part::Unique(theirs) if !primary => theirs,
                _ => return false,
            };
            let alike = Key { name: own.name.clone(), comment: own.comment.clone(), ..(*theirs).clone() } == *own;
            alike && stays(of, &own.name)
        })
    };
    let mut above = vec![parent];
    above.extend(schema.ancestors(parent).into_iter().filter_map(|name| schema.tables.get(name)));
    match change {
        Change::DropIndex { index: own, .. } if is_part => given.iter().any(|(of, part)| {
            let Part::Index(theirs) = part else { return false };
            let alike = Index { name: own.name.clone(), comment: own.comment.clone(), ..(*theirs).clone() } == *own;
            alike && stays(of, &own.name)
        }),
        Change::DropConstraint { constraint, .. } => match constraint {
            Constraint::Check(own) => above.iter().any(|it| it.checks.contains(own)),
            _ if !is_part => false,
            Constraint::PrimaryKey(own) => key(own, true),
            Constraint::Unique(own) => key(own, false),
            Constraint::ForeignKey(own) => above.iter().flat_map(|it| &it.foreign_keys).any(|theirs| {
                ForeignKey { name: own.name.clone(), comment: own.comment.clone(), ..theirs.clone() } == *own
            }),
        },
        _ => false,
    }
}

/// Whether a change of a child's column is still one after `theirs`, if that is its parent's; it may have become a
/// smaller one.
fn stays(change: &mut Change, theirs: &Change, above: &BTreeSet<&Name>, alone: &dyn Fn(&Name, &str) -> bool) -> bool {
    match (&mut *change, theirs) {
        (Change::DropColumn { column, .. }, Change::DropColumn { table, column: parents }) => {
            !(above.contains(table) && column.name == parents.name)
        }
        (Change::AddColumn { table, column }, Change::AddColumn { table: parent, column: parents })
            if above.contains(parent) && column.name == parents.name =>
        {
            let came = inherited(parents, column);
            let (table, new) = (table.clone(), column.clone());
            let differs = super::comparable(&came) != super::comparable(&new);
            *change = Change::AlterColumn { table, old: came, new };
            differs
        }
        (Change::AlterColumn { old, new, .. }, Change::AlterColumn { table: parent, old: before, new: after })
            if above.contains(parent) && new.name == after.name =>
        {
            let (before, mut after) = (inherited(before, old), inherited(after, new));
            if alone(parent, &new.name) {
                (after.nullable, after.not_null) = (before.nullable, before.not_null.clone());
            }
            follow(old, &before, &after);
            super::comparable(old) != super::comparable(new)
        }
        _ => true,
    }
}

/// What the parent's change does to a child's column.
fn follow(child: &mut Column, before: &Column, after: &Column) {
    if before.ty != after.ty || before.collation != after.collation {
        child.ty.clone_from(&after.ty);
        child.collation.clone_from(&after.collation);
    }
    if before.nullable != after.nullable {
        child.nullable = after.nullable;
    }
    if before.default != after.default {
        child.default.clone_from(&after.default);
    }
    if before.generated != after.generated {
        child.generated.clone_from(&after.generated);
    }
    child.is_virtual = if before.is_virtual == after.is_virtual { child.is_virtual } else { after.is_virtual };
    if before.not_null != after.not_null {
        child.not_null.clone_from(&after.not_null);
    }
}

/// Gives the tables of `declared` the partitions and parents that they have in `old`, where neither the models nor those of
/// before (`ours`) say any: many an application makes its partitions by itself, month by month.
#[cfg(feature = "cli")]
pub(crate) fn keep_parts(old: &Schema, declared: &mut Schema, ours: &BTreeSet<ObjectId>) {
    let is_ours = |name: &Name| ours.contains(&ObjectId::Table(name.clone()));
    for (name, was) in &old.tables {
        if let Some(table) = declared.tables.get_mut(name)
            && table.inheritance == Inheritance::default()
            && !is_ours(name)
        {
            table.inheritance.clone_from(&was.inheritance);
        }
    }
    keep_attached(old, declared);
    loop {
        let part = old.tables.values().find(|it| {
            let of =
                |parent: &Name| declared.tables.get(parent).is_some_and(|it| it.inheritance.partition_by.is_some());
            it.inheritance.bound.is_some()
                && it.inheritance.parents.iter().any(of)
                && !declared.tables.contains_key(&it.name)
                && !is_ours(&it.name)
        });
        let Some(part) = part else { return };
        let mut table = part.clone();
        if let Some(parent) = part.inheritance.parents.iter().find_map(|it| declared.tables.get(it)) {
            let was = |column: &Column| {
                let before = old.tables.get(&parent.name)?.column(&column.name)?;
                part.column(&column.name).filter(|_| super::comparable(before) == super::comparable(column)).cloned()
            };
            let columns = parent.columns.iter();
            table.columns = columns.map(|column| was(column).unwrap_or_else(|| inherited(column, column))).collect();
        }
        declared.tables.insert(table.name.clone(), table);
    }
}

/// Gives the partitions of `declared` those indexes as parts of their parents' that they have in `old`, where the models
/// leave it to the server what it calls them.
#[cfg(feature = "cli")]
pub(crate) fn keep_attached(old: &Schema, declared: &mut Schema) {
    for name in parents_first(declared) {
        let Some(was) = old.tables.get(&name) else { continue };
        let there = |parent: &Name, index: &str| {
            declared.tables.get(parent).is_some_and(|it| {
                let attached = it.inheritance.attached.iter().map(|it| it.name.as_str());
                it.relation_names().chain(attached).any(|name| name == index)
            })
        };
        let Some(table) = declared.tables.get(&name).filter(|it| it.inheritance.parents == was.inheritance.parents)
        else {
            continue;
        };
        let ties = &table.inheritance;
        let said = |it: &Attached| ties.attached.iter().any(|said| said.of == it.of || said.name == it.name);
        let kept = was.inheritance.attached.iter().filter(|it| it.alike && !said(it));
        let kept: Vec<Attached> =
            kept.filter(|it| ties.parents.iter().any(|parent| there(parent, &it.of))).cloned().collect();
        if let Some(table) = declared.tables.get_mut(&name) {
            table.inheritance.attached.extend(kept);
            table.inheritance.attached.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
}

/// Takes the names that parts of indexes have in `old` where the server may have picked both those and the ones of `new`:
/// which number it counts to tells what else was there.
#[cfg(feature = "cli")]
pub(crate) fn keep_numbers(old: &Schema, new: &mut Schema) {
    for name in parents_first(new) {
        let (Some(was), Some(is)) = (old.tables.get(&name), new.tables.get(&name)) else { continue };
        let renamed = numbered_otherwise(was, is, new);
        let of = |ties: &mut Inheritance, find: &dyn Fn(&Attached) -> &String, set: &dyn Fn(&mut Attached, String)| {
            for it in &mut ties.attached {
                if let Some(to) = renamed.get(find(it)) {
                    set(it, to.clone());
                }
            }
        };
        if let Some(table) = new.tables.get_mut(&name) {
            of(&mut table.inheritance, &|it| &it.name, &|it, to| it.name = to);
            table.inheritance.attached.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for part in new.tables.values_mut().filter(|it| it.inheritance.parents.contains(&name)) {
            of(&mut part.inheritance, &|it| &it.of, &|it, to| it.of = to);
        }
    }
}

/// The parts of indexes whose name differs from the one of before in its number alone: from, to.
#[cfg(feature = "cli")]
fn numbered_otherwise(was: &Table, is: &Table, schema: &Schema) -> BTreeMap<String, String> {
    fn stem(name: &str) -> &str {
        name.trim_end_matches(|c: char| c.is_ascii_digit())
    }
    let differ = is.inheritance.attached.iter().filter(|it| it.alike).filter_map(|it| {
        let before = was.inheritance.attached.iter().find(|was| was.alike && was.of == it.of);
        before.filter(|was| was.name != it.name).map(|was| (it, was))
    });
    let differ: Vec<(&Attached, &Attached)> = differ.collect();
    let parents = is.inheritance.parents.iter().filter_map(|name| schema.tables.get(name));
    let parts: Vec<_> = parents.filter(|_| !differ.is_empty()).flat_map(|parent| given(schema, parent)).collect();
    let picked = |it: &Attached, name: &str| {
        parts.iter().any(|(of, part)| *of == it.of && part.may_be_called(name, &is.name.name))
    };
    let same =
        |a: &Attached, b: &Attached| stem(&a.name) == stem(&b.name) || (picked(a, &a.name) && picked(a, &b.name));
    differ.into_iter().filter(|(it, was)| same(it, was)).map(|(it, was)| (it.name.clone(), was.name.clone())).collect()
}

/// The partitions, each behind those that it is a part of.
#[cfg(feature = "cli")]
fn parents_first(schema: &Schema) -> Vec<Name> {
    let parts = schema.tables.values().filter(|it| it.inheritance.bound.is_some());
    let mut parts: Vec<(usize, Name)> = parts.map(|it| (schema.ancestors(it).len(), it.name.clone())).collect();
    parts.sort();
    parts.into_iter().map(|(_, name)| name).collect()
}
