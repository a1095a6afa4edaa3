//! The order of the actions.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, Slot, touches};
use super::dependencies;
use crate::dialect::Refusal;
use crate::schema::{ObjectId, Schema};

/// The order of the actions, by their place: stable, ties by kind and sentence.
///
/// Where `inline`, foreign keys order the actions only as far as they go in no circle: SQLite creates and drops their
/// tables in any order while it enforces none of them.
pub(super) fn sorted(actions: &[Action], old: &Schema, new: &Schema, inline: bool) -> Result<Vec<usize>, Refusal> {
    let all = |_: &ObjectId, _: &ObjectId| true;
    let strict = try_sorted(actions, old, new, &all, &all);
    if strict.is_ok() || !inline {
        return strict;
    }
    let keys: BTreeSet<ObjectId> = [old, new]
        .into_iter()
        .flat_map(|schema| schema.tables.values())
        .flat_map(|table| {
            table.foreign_keys.iter().map(|key| ObjectId::Constraint(table.name.clone(), key.name.clone()))
        })
        .collect();
    let stays = |user: &ObjectId, needs: &ObjectId| {
        let ObjectId::Constraint(own, _) = user else { return true };
        let leaves = match needs {
            ObjectId::Table(table)
            | ObjectId::Column(table, _)
            | ObjectId::Constraint(table, _)
            | ObjectId::Index(table, _) => table != own,
            _ => false,
        };
        !(leaves && keys.contains(user))
    };
    // A circle of what comes needs no foreign keys off, so what goes keeps its order: children before parents.
    try_sorted(actions, old, new, &all, &stays).or_else(|_| try_sorted(actions, old, new, &stays, &stays))
}

/// [`sorted`] by those dependencies of the old and of the new schema that count.
fn try_sorted(
    actions: &[Action],
    old: &Schema,
    new: &Schema,
    of_old: &dyn Fn(&ObjectId, &ObjectId) -> bool,
    of_new: &dyn Fn(&ObjectId, &ObjectId) -> bool,
) -> Result<Vec<usize>, Refusal> {
    let touched: Vec<_> = actions.iter().map(|action| touches(action, old, new)).collect();
    let mut comes: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut goes: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut alters: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut frees: BTreeMap<&Slot, Vec<usize>> = BTreeMap::new();
    for (at, it) in touched.iter().enumerate() {
        it.gone.iter().for_each(|id| goes.entry(id).or_default().push(at));
        it.come.iter().for_each(|id| comes.entry(id).or_default().push(at));
        it.through.iter().for_each(|id| alters.entry(id).or_default().push(at));
        it.frees.iter().for_each(|slot| frees.entry(slot).or_default().push(at));
    }
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); actions.len()];
    let mut edge = |first: &[usize], then: &[usize]| {
        for then in then {
            before[*then].extend(first.iter().filter(|first| *first != then));
        }
    };
    let none = Vec::new();
    // What is altered in its place has what it needs before it and is there before what is made of it.
    for (user, needs) in dependencies(new).into_iter().filter(|(user, needs)| of_new(user, needs)) {
        let user_comes = comes.get(&user).unwrap_or(&none);
        edge(comes.get(&needs).unwrap_or(&none), user_comes);
        edge(alters.get(&needs).unwrap_or(&none), user_comes);
        edge(comes.get(&needs).unwrap_or(&none), alters.get(&user).unwrap_or(&none));
    }
    for (user, needs) in dependencies(old).into_iter().filter(|(user, needs)| of_old(user, needs)) {
        let needs_goes = goes.get(&needs).unwrap_or(&none);
        edge(goes.get(&user).unwrap_or(&none), needs_goes);
        edge(goes.get(&user).unwrap_or(&none), alters.get(&needs).unwrap_or(&none));
        edge(alters.get(&user).unwrap_or(&none), needs_goes);
    }
    for (at, it) in touched.iter().enumerate() {
        for slot in &it.takes {
            edge(frees.get(slot).unwrap_or(&none), &[at]);
        }
        for id in &it.come {
            edge(goes.get(id).unwrap_or(&none), &[at]);
        }
        if matches!(actions[at], Action::Back(_)) {
            edge(&[at - 1], &[at]);
        }
    }
    let keys: Vec<_> = actions.iter().map(|action| (action.rank(), action.title())).collect();
    let mut left: BTreeSet<(&(u8, String), usize)> = keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let Some(next) = left.iter().find(|(_, at)| before[*at].is_empty()).copied() else {
            let stuck: Vec<_> = left.iter().map(|((_, title), _)| title.as_str()).collect();
            return Err(Refusal(format!(
                "these changes wait for each other, so no order carries them out: {}; make them in two revisions",
                stuck.join("; ")
            )));
        };
        left.remove(&next);
        for waits in &mut before {
            waits.remove(&next.1);
        }
        order.push(next.1);
    }
    Ok(order)
}
