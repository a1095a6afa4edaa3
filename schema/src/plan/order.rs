//! The order of the actions.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, touches};
use super::dependencies::{self, dependencies, stands_on};
use super::slots::Slot;
use crate::dialect::Refusal;
use crate::schema::{ObjectId, ObjectKind, Schema};

type Typed<'a> = BTreeSet<(&'a ObjectId, &'a ObjectId)>;

/// The columns that are of a composite type or a domain.
fn typed(edges: &[(ObjectId, ObjectId)]) -> Typed<'_> {
    let is_type = |id: &ObjectId| matches!(id, ObjectId::Object(ObjectKind::Type | ObjectKind::Domain, _));
    let columns = edges.iter().filter(|(user, needs)| matches!(user, ObjectId::Column(..)) && is_type(needs));
    columns.map(|(user, needs)| (user, needs)).collect()
}

/// The order of the actions, by their place: stable, ties by kind and sentence.
///
/// Where foreign keys are part of their tables (`inline`), a table may point at one that is not there yet: those edges
/// are kept as long as they can be.
pub(super) fn sorted(actions: &[Action], old: &Schema, new: &Schema, inline: bool) -> Result<Vec<usize>, Refusal> {
    let touched: Vec<_> = actions.iter().map(|action| touches(action, old, new)).collect();
    let mut comes: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut goes: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut alters: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut early: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut makes_anew: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut frees: BTreeMap<&Slot, Vec<usize>> = BTreeMap::new();
    for (at, it) in touched.iter().enumerate() {
        it.gone.iter().for_each(|id| goes.entry(id).or_default().push(at));
        it.come.iter().for_each(|id| comes.entry(id).or_default().push(at));
        it.through.iter().for_each(|id| alters.entry(id).or_default().push(at));
        it.early.iter().for_each(|id| early.entry(id).or_default().push(at));
        it.made_anew.iter().for_each(|id| makes_anew.entry(id).or_default().push(at));
        it.frees.iter().for_each(|slot| frees.entry(slot).or_default().push(at));
    }
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); actions.len()];
    let mut wished: Vec<BTreeSet<usize>> = before.clone();
    let mut edge = |first: &[usize], then: &[usize], soft: bool| {
        for then in then {
            let list = if soft { &mut wished[*then] } else { &mut before[*then] };
            list.extend(first.iter().filter(|first| *first != then));
        }
    };
    let apart = |user: &ObjectId, needs: &ObjectId| {
        let key = matches!(needs, ObjectId::Constraint(..) | ObjectId::Index(..));
        inline && matches!(user, ObjectId::Constraint(..)) && (key || needs.table() != user.table())
    };
    let none = Vec::new();
    let (was, is) = (dependencies(old), dependencies(new));
    // Whether a column is of a composite type or a domain on one side alone.
    let (typed_before, typed_after) = (typed(&was), typed(&is));
    let of_type = |user: &ObjectId, needs: &ObjectId, here: &Typed<'_>, there: &Typed<'_>| {
        here.contains(&(user, needs)) && !there.contains(&(user, needs))
    };
    // What is altered in its place has what it needs before it and is there before what is made of it.
    for (user, needs) in &is {
        let soft = apart(user, needs);
        if of_type(user, needs, &typed_after, &typed_before) {
            edge(alters.get(needs).unwrap_or(&none), alters.get(user).unwrap_or(&none), soft);
        }
        let user_comes = comes.get(user).unwrap_or(&none);
        edge(comes.get(needs).unwrap_or(&none), user_comes, soft);
        edge(alters.get(needs).unwrap_or(&none), user_comes, soft);
        edge(makes_anew.get(needs).unwrap_or(&none), user_comes, soft);
        edge(comes.get(needs).unwrap_or(&none), alters.get(user).unwrap_or(&none), soft);
        // What a child's column has of its own is said after what its parent's statement does to it.
        if let (ObjectId::Column(child, own), ObjectId::Column(parent, theirs)) = (user, needs)
            && (child != parent && own == theirs)
        {
            edge(alters.get(needs).unwrap_or(&none), alters.get(user).unwrap_or(&none), soft);
        }
    }
    for (user, needs) in dependencies::wished(new) {
        edge(comes.get(&needs).unwrap_or(&none), comes.get(&user).unwrap_or(&none), true);
    }
    for (user, needs) in &was {
        let soft = apart(user, needs);
        if of_type(user, needs, &typed_before, &typed_after) {
            edge(alters.get(user).unwrap_or(&none), alters.get(needs).unwrap_or(&none), soft);
        }
        // A column that is generated no longer lets go of the columns that it was made of, in a step of its own.
        edge(early.get(user).unwrap_or(&none), alters.get(needs).unwrap_or(&none), soft);
        // A column leaves an enum before the enum loses values, which the column may still hold.
        if let (ObjectId::Column(table, name), ObjectId::Enum(ty)) = (user, needs)
            && new
                .tables
                .get(table)
                .and_then(|it| it.column(name))
                .is_some_and(|it| it.ty.depends_on.as_ref() != Some(ty))
        {
            edge(alters.get(user).unwrap_or(&none), alters.get(needs).unwrap_or(&none), soft);
        }
        let needs_goes = goes.get(needs).unwrap_or(&none);
        edge(goes.get(user).unwrap_or(&none), needs_goes, soft);
        edge(goes.get(user).unwrap_or(&none), alters.get(needs).unwrap_or(&none), soft);
        edge(goes.get(user).unwrap_or(&none), makes_anew.get(needs).unwrap_or(&none), soft);
        edge(early.get(user).unwrap_or(&none), needs_goes, soft);
        if !matches!((user, needs), (ObjectId::Column(..), ObjectId::Column(..))) {
            edge(alters.get(user).unwrap_or(&none), needs_goes, soft);
        }
    }
    // A foreign key must not choose a key that is about to go.
    for (table, key) in new.tables.values().flat_map(|it| it.foreign_keys.iter().map(move |key| (it, key))) {
        let chosen = old.tables.get(&key.references).map(|target| stands_on(key, target)).unwrap_or_default();
        for id in chosen.iter().filter(|_| !inline) {
            let own = ObjectId::Constraint(table.name.clone(), key.name.clone());
            edge(goes.get(id).unwrap_or(&none), comes.get(&own).unwrap_or(&none), false);
        }
    }
    for (id, at) in &early {
        edge(at, alters.get(id).unwrap_or(&none), false);
    }
    for (at, it) in touched.iter().enumerate() {
        for slot in &it.takes {
            edge(frees.get(slot).unwrap_or(&none), &[at], false);
        }
        for id in &it.come {
            edge(goes.get(id).unwrap_or(&none), &[at], false);
        }
        if matches!(actions[at], Action::Back(_)) {
            edge(&[at - 1], &[at], false);
        }
    }
    let keys: Vec<_> = actions.iter().map(|action| (action.rank(), action.title())).collect();
    let mut open = Open::new(&keys, &before, &wished);
    let mut order = Vec::new();
    while let Some(next) = open.next() {
        order.push(next);
    }
    if order.len() < actions.len() {
        let taken: BTreeSet<usize> = order.into_iter().collect();
        let mut stuck: Vec<_> = keys.iter().enumerate().filter(|(at, _)| !taken.contains(at)).collect();
        stuck.sort_by_key(|(at, key)| (*key, *at));
        let stuck: Vec<_> = stuck.iter().map(|(_, (_, title))| title.as_str()).collect();
        return Err(Refusal(format!(
            "these changes wait for each other, so no order carries them out: {}; make them in two revisions",
            stuck.join("; ")
        )));
    }
    Ok(order)
}

type Key = (u8, String);

/// What is still to be done, with how many others each one waits for.
struct Open<'a> {
    keys: &'a [Key],
    /// For each one, how many it has to wait for, and how many it would.
    waits: Vec<[usize; 2]>,
    /// For each one, those that wait for it.
    then: Vec<[Vec<usize>; 2]>,
    /// What waits for nothing.
    free: BTreeSet<(&'a Key, usize)>,
    /// What waits for wishes alone.
    could: BTreeSet<(&'a Key, usize)>,
}

impl<'a> Open<'a> {
    fn new(keys: &'a [Key], before: &[BTreeSet<usize>], wished: &[BTreeSet<usize>]) -> Self {
        let mut then = vec![[Vec::new(), Vec::new()]; keys.len()];
        for (kind, all) in [before, wished].into_iter().enumerate() {
            for (at, first) in all.iter().enumerate() {
                first.iter().for_each(|first| then[*first][kind].push(at));
            }
        }
        let waits = before.iter().zip(wished).map(|(before, wished)| [before.len(), wished.len()]).collect();
        let mut open = Self { keys, waits, then, free: BTreeSet::new(), could: BTreeSet::new() };
        (0..keys.len()).for_each(|at| open.place(at));
        open
    }

    /// Puts it where it is taken from, once it has to wait for nothing.
    fn place(&mut self, at: usize) {
        let entry = (&self.keys[at], at);
        match self.waits[at] {
            [0, 0] => {
                self.could.remove(&entry);
                self.free.insert(entry);
            }
            [0, _] => drop(self.could.insert(entry)),
            _ => {}
        }
    }

    /// The least of what waits for nothing, or else of what waits for wishes alone.
    fn next(&mut self) -> Option<usize> {
        let (_, next) = self.free.pop_first().or_else(|| self.could.pop_first())?;
        let [before, wished] = std::mem::take(&mut self.then[next]);
        for then in before {
            self.waits[then][0] -= 1;
            if self.waits[then][0] == 0 {
                self.place(then);
            }
        }
        for then in wished {
            self.waits[then][1] -= 1;
            // What was taken in spite of the wish is in neither list.
            if self.could.contains(&(&self.keys[then], then)) {
                self.place(then);
            }
        }
        Some(next)
    }
}
