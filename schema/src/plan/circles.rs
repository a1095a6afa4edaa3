//! Where no order would do, or more statements would stand than are needed.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, Touches, touches};
use super::dependencies;
use super::slots::{Slot, relation};
use crate::change::{Change, Constraint};
use crate::schema::spare_name;
use crate::schema::{ForeignKey, IndexKeyWhat, Name, ObjectId, Schema, Table};

/// Takes the foreign keys out of tables that come, and out of those that go together in a circle.
pub(super) fn take_out_foreign_keys(actions: &mut Vec<Action>) {
    let dropped: Vec<&Table> = actions
        .iter()
        .filter_map(|action| match action {
            Action::One(Change::DropTable(table)) => Some(table),
            _ => None,
        })
        .collect();
    let mut parts: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for part in dropped.iter().filter(|it| it.inheritance.bound.is_some()) {
        for parent in &part.inheritance.parents {
            parts.entry(parent.clone()).or_default().insert(part.name.clone());
        }
    }
    // A foreign key stands on each partition of its target, too.
    let targets = |key: &ForeignKey| {
        let mut found = BTreeSet::from([key.references.clone()]);
        let mut open = vec![&key.references];
        while let Some(name) = open.pop() {
            open.extend(parts.get(name).into_iter().flatten().filter(|part| found.insert((*part).clone())));
        }
        found
    };
    let points: BTreeMap<Name, BTreeSet<Name>> = dropped
        .iter()
        .map(|table| {
            let parents = table.inheritance.parents.iter().filter(|_| table.inheritance.bound.is_some()).cloned();
            let others = table.foreign_keys.iter().flat_map(&targets).chain(parents);
            (table.name.clone(), others.filter(|name| *name != table.name).collect())
        })
        .collect();
    let leads = |from: &Name, to: &Name| {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            open.extend(points.get(name).into_iter().flatten().filter(|next| seen.insert(next)));
        }
        from != to && seen.contains(to)
    };
    let mut more = Vec::new();
    for action in actions.iter_mut() {
        match action {
            Action::One(Change::CreateTable(table)) => {
                for key in table.foreign_keys.drain(..) {
                    let constraint = Constraint::ForeignKey(key);
                    more.push(Action::One(Change::AddConstraint { table: table.name.clone(), constraint }));
                }
            }
            Action::One(Change::DropTable(table)) => {
                let name = table.name.clone();
                let (circle, plain) =
                    table.foreign_keys.drain(..).partition(|key| targets(key).iter().any(|it| leads(it, &name)));
                table.foreign_keys = plain;
                for key in circle {
                    let constraint = Constraint::ForeignKey(key);
                    more.push(Action::One(Change::DropConstraint { table: name.clone(), constraint }));
                }
            }
            _ => {}
        }
    }
    actions.extend(more);
}

/// PostgreSQL drops indexes and keys with a column that they list, so their own drops are left out where nothing else
/// stands on them, no other column of theirs changes, and no other table takes their name: that may have to be there before the column can go. What an
/// expression names is not sure enough: in `x::text` there is no column `text`.
pub(super) fn leave_to_the_column(actions: &mut Vec<Action>, old: &Schema, new: &Schema) {
    let edges = dependencies(old);
    let needed: BTreeSet<&ObjectId> =
        edges.iter().filter(|(user, needs)| user != needs).map(|(_, needs)| needs).collect();
    let takes = |action: &Action| {
        let table = action.changes().first().and_then(|change| change.table()).cloned();
        touches(action, old, new).takes.into_iter().map(move |slot| (slot, table.clone()))
    };
    let mut taken: BTreeMap<Slot, Vec<Option<Name>>> = BTreeMap::new();
    for (slot, table) in actions.iter().flat_map(takes) {
        taken.entry(slot).or_default().push(table);
    }
    let columns: BTreeSet<ObjectId> = actions
        .iter()
        .filter_map(|action| match action {
            Action::One(Change::DropColumn { table, column }) => {
                Some(ObjectId::Column(table.clone(), column.name.clone()))
            }
            _ => None,
        })
        .collect();
    let altered: BTreeSet<ObjectId> = actions
        .iter()
        .filter_map(|action| match action {
            Action::One(Change::AlterColumn { table, new, .. }) => {
                Some(ObjectId::Column(table.clone(), new.name.clone()))
            }
            _ => None,
        })
        .collect();
    let mut with: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    actions.retain(|action| {
        let (id, listed): (_, Vec<&String>) = match action {
            Action::One(Change::DropIndex { table, index }) => {
                let keys = index.keys.iter().filter_map(|key| match &key.what {
                    IndexKeyWhat::Column(name) => Some(name),
                    IndexKeyWhat::Expr(_) => None,
                });
                (ObjectId::Index(table.clone(), index.name.clone()), keys.chain(&index.include).collect())
            }
            // A foreign key is not here: what it points at may go in the same plan, and would wait for the column.
            Action::One(Change::DropConstraint {
                table,
                constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key),
            }) => {
                let id = ObjectId::Constraint(table.clone(), key.name.clone());
                (id, key.columns.iter().chain(&key.include).collect())
            }
            _ => return true,
        };
        if needed.contains(&id) {
            return true;
        }
        let (ObjectId::Index(home, name) | ObjectId::Constraint(home, name)) = &id else { return true };
        let takers = taken.get(&relation(&home.namespace, name));
        if takers.is_some_and(|tables| tables.iter().any(|table| table.as_ref() != Some(home))) {
            return true;
        }
        let own = edges.iter().filter(|(user, _)| *user == id).map(|(_, needs)| needs);
        // The change of another column would wait for this one to go, and what shows both for neither.
        if own.clone().any(|needs| altered.contains(needs)) {
            return true;
        }
        let mut going =
            own.filter(|needs| columns.contains(needs) && matches!(needs, ObjectId::Column(table, _) if table == home));
        match going.next() {
            // Two columns that go would both claim it, and each wait for the other's statement.
            Some(column @ ObjectId::Column(_, name)) if going.next().is_none() && listed.contains(&name) => {
                with.entry(column.clone()).or_default().push(id.clone());
                false
            }
            _ => true,
        }
    });
    for action in actions {
        let Action::One(change @ Change::DropColumn { .. }) = action else { continue };
        let Change::DropColumn { table, column } = change else { continue };
        if let Some(ids) = with.remove(&ObjectId::Column(table.clone(), column.name.clone())) {
            *action = Action::DropColumn(change.clone(), ids);
        }
    }
}

/// Renames of constraints, indexes and sequences that swap names: one of each circle goes by a name that nothing has.
pub(super) fn break_renames(actions: &mut Vec<Action>, old: &Schema, new: &Schema) {
    let renames: Vec<(usize, Touches)> = actions
        .iter()
        .enumerate()
        .filter(|(_, action)| {
            matches!(
                action,
                Action::One(
                    Change::RenameConstraint { .. } | Change::RenameIndex { .. } | Change::RenameSequence { .. }
                )
            )
        })
        .map(|(at, action)| (at, touches(action, old, new)))
        .collect();
    let mut whole: BTreeSet<usize> = renames.iter().map(|(at, _)| *at).collect();
    let mut broken = Vec::new();
    loop {
        // What can go in some order goes; whatever is left then is in a circle, or waits for one.
        let mut left = whole.clone();
        loop {
            let free = renames.iter().find(|(at, it)| {
                left.contains(at)
                    && !renames.iter().any(|(other, that)| {
                        other != at && left.contains(other) && that.frees.iter().any(|slot| it.takes.contains(slot))
                    })
            });
            let Some((at, _)) = free else { break };
            left.remove(at);
        }
        // One whose old name nobody in the circle waits for is not in it.
        let inside = left.iter().find(|at| {
            let Some((_, it)) = renames.iter().find(|(other, _)| other == *at) else { return false };
            renames.iter().any(|(other, that)| {
                other != *at && left.contains(other) && that.takes.iter().any(|slot| it.frees.contains(slot))
            })
        });
        let Some(at) = inside.copied() else { break };
        whole.remove(&at);
        broken.push(at);
    }
    broken.sort_unstable();
    for at in broken.into_iter().rev() {
        let taken = |name: &str| every_name(old).chain(every_name(new)).any(|it| it == name);
        let (aside, back) = match &actions[at] {
            Action::One(Change::RenameConstraint { table, from, to }) => {
                let between = spare_name(from, taken);
                (
                    Change::RenameConstraint { table: table.clone(), from: from.clone(), to: between.clone() },
                    Change::RenameConstraint { table: table.clone(), from: between, to: to.clone() },
                )
            }
            Action::One(Change::RenameIndex { table, from, to }) => {
                let between = spare_name(from, taken);
                (
                    Change::RenameIndex { table: table.clone(), from: from.clone(), to: between.clone() },
                    Change::RenameIndex { table: table.clone(), from: between, to: to.clone() },
                )
            }
            Action::One(Change::RenameSequence { table, column, from, to }) => {
                let between = spare_name(from, taken);
                let step = |from: &str, to: &str| Change::RenameSequence {
                    table: table.clone(),
                    column: column.clone(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                };
                (step(from, &between), step(&between, to))
            }
            _ => continue,
        };
        actions.splice(at..=at, [Action::Aside(aside), Action::Back(back)]);
    }
}

/// The names of the sequences that number its columns.
fn sequences(table: &Table) -> impl Iterator<Item = &str> {
    let own = table.columns.iter().filter_map(|column| column.identity.as_ref()?.sequence.as_ref());
    own.map(|(name, _)| name.name.as_str())
}

/// The names of all relations, constraints and indexes, of whatever namespace.
fn every_name(schema: &Schema) -> impl Iterator<Item = &str> {
    let tables = schema.tables.values().flat_map(|table| {
        let keys = table.primary_key.iter().chain(&table.uniques).map(|it| it.name.as_str());
        let rest = table.foreign_keys.iter().map(|it| it.name.as_str());
        let rest = rest.chain(table.checks.iter().map(|it| it.name.as_str()));
        keys.chain(rest)
            .chain(table.indexes.iter().map(|it| it.name.as_str()))
            .chain([table.name.name.as_str()])
            .chain(sequences(table))
    });
    tables.chain(schema.sequences.keys().map(|it| it.name.as_str()))
}
