//! Two schemas → the changes between them.

mod apply;
mod inherit;
mod leaving;
mod renames;
#[cfg(feature = "cli")]
pub(crate) mod same_names;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(feature = "cli")]
mod undeclared;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use apply::apply;
#[cfg(feature = "cli")]
pub(crate) use inherit::{keep_attached, keep_numbers, keep_parts};
pub use renames::{Candidate, Renames, candidates};
#[cfg(feature = "cli")]
pub(crate) use undeclared::keep_undeclared;

use crate::change::{Change, Constraint};
use crate::schema::{Column, Index, IndexKeyWhat, Name, ObjectId, Schema, Table};

/// Why two schemas can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// A `--rename` that can't be read.
    #[error(
        "`--rename {0}` can't be read: write `--rename users.text=body` for a column, `--rename posts=articles` for a table"
    )]
    BadRename(String),
    /// A rename of or in a table that is not there.
    #[error(
        "the rename names the table {0}, which is not there: a table is renamed by `old=new`, a column by `table.old=new` with the table's new name"
    )]
    NoTable(String),
    /// A rename of a column that is not there.
    #[error("the rename names the column {0}.{1}, which is not there: write `--rename table.old=new`")]
    NoColumn(String, String),
    /// Two renames to one name, or of one thing.
    #[error("two renames meet at {0}: leave one of them out")]
    Taken(String),
}

/// The changes that make `new` of `old`, in a canonical order: renames first, then by kind and name.
///
/// The order of columns is no difference, nor is a default's volatility.
///
/// # Errors
/// A rename that names what is not there or what is taken.
pub fn diff(old: &Schema, new: &Schema, renames: &Renames) -> Result<Vec<Change>, DiffError> {
    let mut changes = renames.changes(old, new)?;
    let mut old = Cow::Borrowed(old);
    changes.iter().for_each(|change| apply(old.to_mut(), change));
    let again = inherit::split_anew(&old.tables, &new.tables);
    let mut leave = leaving::leaving(&old, new, &again);
    if !leave.is_empty() {
        let loose = leaving::loosened(&leave, &old, new);
        loose.iter().for_each(|change| apply(old.to_mut(), change));
        leave = leaving::leaving(&old, new, &again);
        leave.iter().for_each(|change| apply(old.to_mut(), change));
        changes.extend(loose.into_iter().chain(leave));
    }

    maps(
        &old.namespaces,
        &new.namespaces,
        &mut changes,
        Change::CreateNamespace,
        Change::DropNamespace,
        |a, b, out| {
            comment(ObjectId::Namespace(b.name.clone()), &a.comment, &b.comment, out);
        },
    );
    maps(&old.enums, &new.enums, &mut changes, Change::CreateEnum, Change::DropEnum, |a, b, out| {
        if a.values != b.values {
            out.push(Change::AlterEnum { old: a.clone(), new: b.clone() });
        }
        comment(ObjectId::Enum(b.name.clone()), &a.comment, &b.comment, out);
    });
    maps(&old.sequences, &new.sequences, &mut changes, Change::CreateSequence, Change::DropSequence, |a, b, out| {
        if a.options != b.options {
            out.push(Change::AlterSequence { old: a.clone(), new: b.clone() });
        }
        comment(ObjectId::Sequence(b.name.clone()), &a.comment, &b.comment, out);
    });
    maps(&old.tables, &new.tables, &mut changes, Change::CreateTable, Change::DropTable, |a, b, out| {
        if again.contains(&b.name) {
            out.extend([Change::DropTable(a.clone()), Change::CreateTable(b.clone())]);
        } else {
            tables(a, b, out);
        }
    });
    inherit::leave_to_parents(&mut changes, &old, new);
    changes.extend(leaving::joining(&old, new, &again));
    inherit::attached(&old, new, &mut changes);
    maps(&old.objects, &new.objects, &mut changes, Change::CreateObject, Change::DropObject, |a, b, out| {
        if a.definition != b.definition {
            out.push(Change::ReplaceObject { old: a.clone(), new: b.clone() });
        }
    });
    Ok(changes)
}

/// The one diff of lists: what is only in `old` is dropped, only in `new` added, in both handed to `pair`.
fn maps<K: Ord, T: Clone>(
    old: &BTreeMap<K, T>,
    new: &BTreeMap<K, T>,
    out: &mut Vec<Change>,
    add: impl Fn(T) -> Change,
    gone: impl Fn(T) -> Change,
    pair: impl Fn(&T, &T, &mut Vec<Change>),
) {
    out.extend(old.iter().filter(|(key, _)| !new.contains_key(key)).map(|(_, it)| gone(it.clone())));
    for (key, it) in new {
        match old.get(key) {
            None => out.push(add(it.clone())),
            Some(was) => pair(was, it, out),
        }
    }
}

fn comment(target: ObjectId, old: &Option<String>, new: &Option<String>, out: &mut Vec<Change>) {
    if old != new {
        out.push(Change::SetComment { target, old: old.clone(), new: new.clone() });
    }
}

fn tables(old: &Table, new: &Table, out: &mut Vec<Change>) {
    // Most tables are as they were, and all below makes copies.
    if old == new {
        return;
    }
    let table = &new.name;
    comment(ObjectId::Table(table.clone()), &old.comment, &new.comment, out);
    inherit::ties(old, new, out);
    if old.options != new.options {
        out.push(Change::SetOptions { table: table.clone(), old: old.options.clone(), new: new.options.clone() });
    }
    let by_name = |it: &Table| -> BTreeMap<String, Column> {
        it.columns.iter().map(|column| (column.name.clone(), column.clone())).collect()
    };
    let add = |column| Change::AddColumn { table: table.clone(), column };
    let gone = |column| Change::DropColumn { table: table.clone(), column };
    maps(&by_name(old), &by_name(new), out, add, gone, |a, b, out| {
        let mut a = a.clone();
        if let (Some(was), Some(is)) = (sequence_name(&mut a), sequence_name(&mut b.clone()))
            && was != is
        {
            let (from, to) = (was.name.clone(), is.name.clone());
            *was = is.clone();
            out.push(Change::RenameSequence { table: table.clone(), column: b.name.clone(), from, to });
        }
        if comparable(&a) != comparable(b) {
            out.push(Change::AlterColumn { table: table.clone(), old: a.clone(), new: b.clone() });
        }
        comment(ObjectId::Column(table.clone(), b.name.clone()), &a.comment, &b.comment, out);
    });
    named(
        Constraint::all_of(old),
        Constraint::all_of(new),
        out,
        Constraint::is_like,
        |constraint| Change::AddConstraint { table: table.clone(), constraint },
        |constraint| Change::DropConstraint { table: table.clone(), constraint },
        |from, to| Change::RenameConstraint { table: table.clone(), from, to },
        |a, b, out| {
            let id = ObjectId::Constraint(table.clone(), b.name().to_owned());
            comment(id, a.comment(), b.comment(), out);
        },
    );
    let indexes = |it: &Table| -> BTreeMap<String, Index> {
        it.indexes.iter().map(|index| (index.name.clone(), index.clone())).collect()
    };
    named(
        indexes(old),
        indexes(new),
        out,
        |a: &Index, b| {
            let bare = |it: &Index| {
                let mut it = Index { name: String::new(), comment: None, ..it.clone() };
                it.with.sort();
                it
            };
            bare(a) == bare(b)
        },
        |index| Change::CreateIndex { table: table.clone(), index },
        |index| Change::DropIndex { table: table.clone(), index },
        |from, to| Change::RenameIndex { table: table.clone(), from, to },
        |a, b, out| comment(ObjectId::Index(table.clone(), b.name.clone()), &a.comment, &b.comment, out),
    );
}

/// What has a name that can differ alone: same name and shape is the same, another name and the same shape a rename.
#[expect(clippy::too_many_arguments, reason = "each says one thing about the kind that is compared")]
fn named<T: Clone>(
    mut old: BTreeMap<String, T>,
    mut new: BTreeMap<String, T>,
    out: &mut Vec<Change>,
    same: impl Fn(&T, &T) -> bool,
    add: impl Fn(T) -> Change,
    gone: impl Fn(T) -> Change,
    rename: impl Fn(String, String) -> Change,
    comments: impl Fn(&T, &T, &mut Vec<Change>),
) {
    old.retain(|name, a| match new.get(name) {
        Some(b) if same(a, b) => {
            comments(a, b, out);
            new.remove(name);
            false
        }
        _ => true,
    });
    old.retain(|from, a| {
        let Some(to) = new.iter().find(|(_, b)| same(a, b)).map(|(name, _)| name.clone()) else { return true };
        // A name that another one of the same table still holds is no plain rename: that one is dropped and added.
        out.push(rename(from.clone(), to.clone()));
        if let Some(b) = new.remove(&to) {
            comments(a, &b, out);
        }
        false
    });
    out.extend(old.into_values().map(gone));
    out.extend(new.into_values().map(add));
}

/// A column without what is not compared.
fn comparable(column: &Column) -> Column {
    let mut column = column.clone();
    column.comment = None;
    if let Some(default) = &mut column.default {
        default.volatile = false;
    }
    column
}

/// The name of the sequence that numbers the column.
pub(crate) fn sequence_name(column: &mut Column) -> Option<&mut Name> {
    column.identity.as_mut()?.sequence.as_mut().map(|(name, _)| name)
}

/// The changes of `changes` that are differences of expression text only, by their place: an altered column whose
/// default or generation alone differs, a replaced object, and the drop and add of one constraint or index by name
/// that are equal but for their expressions. A server may spell both sides the same.
#[must_use]
pub fn textual(changes: &[Change]) -> Vec<usize> {
    let mut parts: BTreeMap<(&Name, &str), Vec<Change>> = BTreeMap::new();
    for change in changes {
        if let Some(part) = part(change) {
            parts.entry(part).or_default().push(masked(change));
        }
    }
    let mut found = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let only = match change {
            Change::AlterColumn { old, new, .. } => {
                let mask = |it: &Column| {
                    let mut it = comparable(it);
                    it.default = it.default.map(|default| crate::schema::Default { sql: String::new(), ..default });
                    it.generated = it.generated.map(|_| String::new());
                    it
                };
                mask(old) == mask(new)
            }
            Change::ReplaceObject { .. } => true,
            _ => part(change).and_then(|part| parts.get(&part)).is_some_and(|others| {
                let reverse = masked(&change.reverse());
                others.contains(&reverse)
            }),
        };
        if only {
            found.push(at);
        }
    }
    found
}

/// The constraint or index that a change drops or adds: its table and its name.
fn part(change: &Change) -> Option<(&Name, &str)> {
    match change {
        Change::DropConstraint { table, constraint } | Change::AddConstraint { table, constraint } => {
            Some((table, constraint.name()))
        }
        Change::DropIndex { table, index } | Change::CreateIndex { table, index } => Some((table, &index.name)),
        _ => None,
    }
}

fn masked(change: &Change) -> Change {
    let mut change = change.clone();
    match &mut change {
        Change::AddConstraint { constraint, .. } | Change::DropConstraint { constraint, .. } => {
            *constraint = constraint.without_comment();
            if let Constraint::Check(check) = constraint {
                check.expr.clear();
            }
        }
        Change::CreateIndex { index, .. } | Change::DropIndex { index, .. } => {
            index.comment = None;
            index.predicate = index.predicate.take().map(|_| String::new());
            for key in &mut index.keys {
                if let IndexKeyWhat::Expr(expr) = &mut key.what {
                    expr.clear();
                }
            }
        }
        _ => {}
    }
    change
}
