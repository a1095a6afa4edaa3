//! Changes → the nodes of the graph.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{self, Action};
use super::{Ways, circles, dependencies, remade};
use crate::Dialect;
use crate::change::{Change, Constraint};
use crate::dialect::{Beside, DialectImpl, End, Refusal};
use crate::schema::{Name, ObjectId, ObjectKind, Schema};

/// The actions, and how those are carried out that are made ready beside the use.
pub(super) struct Gathered {
    pub(super) actions: Vec<Action>,
    pub(super) beside: Beside,
}

/// The actions that carry out `changes` from `before` on, with what they need to be taken apart, dropped and made again.
pub(super) fn gathered(
    ways: Ways,
    changes: Vec<&Change>,
    before: &Schema,
    new: &Schema,
    dialect: &dyn DialectImpl,
) -> Result<Gathered, Refusal> {
    let (rebuilt, mut others) = by_table(changes, before, new, dialect);
    if !ways.replace {
        others = others.into_iter().flat_map(apart).collect();
    }
    let mut others = dialect.expand(others, before, new);
    let needs = [before, new].map(dependencies);
    let [was, is] = [(before, &needs[0]), (new, &needs[1])].map(|(schema, needs)| End { schema, needs });
    let beside = if ways.beside { dialect.beside(&others, &was, &is)? } else { Beside::default() };
    others.retain(|change| !beside.changes.contains(change));
    let mut actions = Vec::new();
    if ways.promote && beside == Beside::default() {
        actions.extend(promoted(&mut others, before, new, dialect));
    }
    actions.extend(others.into_iter().map(Action::One));
    actions.extend((!beside.changes.is_empty()).then(|| Action::Swap(beside.changes.clone())));
    for (table, changes) in rebuilt {
        // Two tables may swap the names of their indexes: all go before any comes.
        for index in changes.iter().filter_map(|change| action::index_before(change, before)) {
            actions.push(Action::One(Change::DropIndex { table: table.clone(), index }));
        }
        let stays = |change: &Change| !matches!(change, Change::DropIndex { .. });
        actions.push(Action::Rebuild(table, changes.into_iter().filter(stays).collect()));
    }
    remade::around(&mut actions, before, new, dialect.foreign_keys_inline());
    if !dialect.foreign_keys_inline() {
        circles::take_out_foreign_keys(&mut actions);
    }
    if dialect.dialect() == Dialect::Postgres {
        circles::leave_to_the_column(&mut actions, before, new);
    }
    circles::break_renames(&mut actions, before, new);
    Ok(Gathered { actions, beside })
}

/// The changes of each table that is made anew, and all others.
fn by_table(
    changes: Vec<&Change>,
    before: &Schema,
    new: &Schema,
    dialect: &dyn DialectImpl,
) -> (BTreeMap<Name, Vec<Change>>, Vec<Change>) {
    let rebuilt: BTreeSet<&Name> = changes
        .iter()
        .filter(|change| !dialect.can_alter(change, before, new))
        .filter_map(|change| change.table())
        .filter(|table| before.tables.contains_key(*table) && new.tables.contains_key(*table))
        .collect();
    let mut of_tables: BTreeMap<Name, Vec<Change>> = BTreeMap::new();
    let mut others = Vec::new();
    for change in &changes {
        match change.table().filter(|table| rebuilt.contains(table)) {
            Some(table) => of_tables.entry(table.clone()).or_default().push((*change).clone()),
            None => others.push((*change).clone()),
        }
    }
    (of_tables, others)
}

/// A view that is replaced, as one that is dropped and made again: it lets go of a table before another one comes.
fn apart(change: Change) -> Vec<Change> {
    match change {
        Change::ReplaceObject { old, new } if matches!(new.id, ObjectId::Object(ObjectKind::View, _)) => {
            vec![Change::DropObject(old), Change::CreateObject(new)]
        }
        other => vec![other],
    }
}

/// Takes out of the changes the indexes that are to be keys over the same columns, with those keys.
fn promoted(changes: &mut Vec<Change>, old: &Schema, new: &Schema, dialect: &dyn DialectImpl) -> Vec<Action> {
    let mut found = Vec::new();
    for key in changes.clone() {
        let Change::AddConstraint { table, constraint } = &key else { continue };
        // The index would go before its column changes, and the key come behind.
        let altered = |change: &Change| match (change, constraint) {
            (Change::AlterColumn { table: on, new, .. }, Constraint::PrimaryKey(key) | Constraint::Unique(key)) => {
                on == table && key.columns.contains(&new.name)
            }
            _ => false,
        };
        if changes.iter().any(altered) {
            continue;
        }
        let of = |change: &Change| match change {
            Change::DropIndex { table: on, index } if on == table => {
                dialect.key_of_index(table, index, constraint, old, new)
            }
            _ => None,
        };
        let Some((at, steps)) = changes.iter().enumerate().find_map(|(at, it)| Some((at, of(it)?))) else { continue };
        let index = changes.remove(at);
        changes.retain(|it| *it != key);
        found.push(Action::Promote(Box::new([index, key]), steps));
    }
    found
}
