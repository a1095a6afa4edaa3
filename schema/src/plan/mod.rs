//! Changes → ordered steps.
//!
//! One graph of actions: what the old schema needs orders the teardown, what the new one needs the build.

mod dependencies;

use std::collections::{BTreeMap, BTreeSet};

pub use dependencies::dependencies;

use crate::change::{Change, Constraint, Plan};
use crate::dialect::{DialectImpl, Refusal};
use crate::diff::{apply, constraints};
use crate::schema::{Name, ObjectId, ObjectKind, Schema, Table};

/// One node of the graph: a change, or all changes of a table that is made anew.
enum Action {
    One(Change),
    Rebuild(Name, Vec<Change>),
}

/// The steps that carry out `changes`, which [`crate::diff::diff`] found between `old` and `new`.
///
/// The dialect is handed the old schema under the new names of tables and columns, because renames run first.
///
/// # Errors
/// What the dialect refuses, and actions that wait for each other, by name.
pub fn plan(old: &Schema, new: &Schema, changes: &[Change], dialect: &dyn DialectImpl) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    let mut old = old.clone();
    let (renames, rest): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| matches!(change, Change::RenameTable { .. }));
    for change in renames {
        plan.steps.extend(dialect.render(change, &old, new)?);
        apply(&mut old, change);
    }
    let rebuilt: BTreeSet<Name> = rest
        .iter()
        .filter(|change| !dialect.can_alter(change, &old, new))
        .filter_map(|change| table_of(change).cloned())
        .filter(|table| old.tables.contains_key(table) && new.tables.contains_key(table))
        .collect();
    let mut actions = Vec::new();
    let mut gathered: BTreeMap<Name, Vec<Change>> = BTreeMap::new();
    let mut before = old.clone();
    let mut others = Vec::new();
    for change in rest {
        if let Some(table) = table_of(change)
            && rebuilt.contains(table)
        {
            gathered.entry(table.clone()).or_default().push(change.clone());
        } else if matches!(change, Change::RenameColumn { .. }) {
            plan.steps.extend(dialect.render(change, &old, new)?);
            apply(&mut before, change);
        } else {
            others.push(change.clone());
        }
    }
    for change in dialect.expand(others, &before, new) {
        decompose(&change, dialect.foreign_keys_inline(), &mut actions);
    }
    views_around(&mut actions, &before, new);
    for (table, changes) in gathered {
        actions.push(Action::Rebuild(table, changes));
    }
    for at in sorted(&actions, &before, new)? {
        match &actions[at] {
            Action::One(change) => plan.steps.extend(dialect.render(change, &before, new)?),
            Action::Rebuild(_, changes) => plan.steps.extend(dialect.rebuild(changes, &old, new)?),
        }
    }
    Ok(plan)
}

/// A plan for each run of steps that may share a transaction, and one for each step that may not.
#[must_use]
pub fn split(plan: Plan) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for step in plan.steps {
        match plans.last_mut() {
            Some(last) if step.in_transaction && last.steps.iter().all(|it| it.in_transaction) => last.steps.push(step),
            _ => plans.push(Plan { steps: vec![step] }),
        }
    }
    plans
}

/// Takes the foreign keys out of tables that come and go, so that circles of them need no order.
fn decompose(change: &Change, inline: bool, out: &mut Vec<Action>) {
    let keys = |table: &mut Table| -> Vec<Constraint> {
        if inline { Vec::new() } else { table.foreign_keys.drain(..).map(Constraint::ForeignKey).collect() }
    };
    match change.clone() {
        Change::CreateTable(mut table) => {
            let name = table.name.clone();
            let keys = keys(&mut table);
            out.push(Action::One(Change::CreateTable(table)));
            let add = |constraint| Action::One(Change::AddConstraint { table: name.clone(), constraint });
            out.extend(keys.into_iter().map(add));
        }
        Change::DropTable(mut table) => {
            let name = table.name.clone();
            let keys = keys(&mut table);
            out.push(Action::One(Change::DropTable(table)));
            let gone = |constraint| Action::One(Change::DropConstraint { table: name.clone(), constraint });
            out.extend(keys.into_iter().map(gone));
        }
        other => out.push(Action::One(other)),
    }
}

/// A view blocks a change of its column's type, and whatever stands on the view goes with it: all are dropped before
/// and made again after. The same goes for what stands on a column, an object or an enum that is made again.
fn views_around(actions: &mut Vec<Action>, old: &Schema, new: &Schema) {
    let mut moved: BTreeSet<ObjectId> = BTreeSet::new();
    for action in actions.iter() {
        let Action::One(change) = action else { continue };
        match change {
            Change::AlterColumn { table, old, new } if old.ty != new.ty || old.collation != new.collation => {
                moved.insert(ObjectId::Column(table.clone(), new.name.clone()));
            }
            Change::DropColumn { table, column } => {
                moved.insert(ObjectId::Column(table.clone(), column.name.clone()));
            }
            Change::DropObject(object) => {
                moved.insert(object.id.clone());
            }
            Change::AlterEnum { old: was, new: is } if !was.grows_into(is) => {
                moved.insert(ObjectId::Enum(is.name.clone()));
                let users = old.tables.values().flat_map(|table| table.columns.iter().map(move |it| (table, it)));
                let users = users.filter(|(_, column)| column.ty.depends_on.as_ref() == Some(&was.name));
                moved.extend(users.map(|(table, it)| ObjectId::Column(table.name.clone(), it.name.clone())));
            }
            _ => {}
        }
    }
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    loop {
        let more = old
            .objects
            .values()
            .find(|it| !seen.contains(&it.id) && it.depends_on.iter().any(|needs| moved.contains(needs)));
        let Some(object) = more else { break };
        seen.insert(object.id.clone());
        if !moved.insert(object.id.clone()) {
            continue;
        }
        let Some(again) = new.objects.get(&object.id) else { continue };
        actions.retain(|it| !matches!(it, Action::One(Change::ReplaceObject { new, .. }) if new.id == object.id));
        actions.push(Action::One(Change::DropObject(object.clone())));
        actions.push(Action::One(Change::CreateObject(again.clone())));
    }
}

fn table_of(change: &Change) -> Option<&Name> {
    match change {
        Change::RenameColumn { table, .. }
        | Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. } => Some(table),
        _ => None,
    }
}

fn parts(table: &Table) -> Vec<ObjectId> {
    let name = &table.name;
    let mut all = vec![ObjectId::Table(name.clone())];
    all.extend(table.columns.iter().map(|it| ObjectId::Column(name.clone(), it.name.clone())));
    all.extend(constraints(table).into_keys().map(|it| ObjectId::Constraint(name.clone(), it)));
    all.extend(table.indexes.iter().map(|it| ObjectId::Index(name.clone(), it.name.clone())));
    all
}

/// What an action drops and what it creates; what it alters is both.
fn touches(action: &Action) -> (Vec<ObjectId>, Vec<ObjectId>) {
    let change = match action {
        Action::Rebuild(table, changes) => {
            let mut both = (vec![ObjectId::Table(table.clone())], vec![ObjectId::Table(table.clone())]);
            for (gone, come) in changes.iter().map(|it| touches(&Action::One(it.clone()))) {
                both.0.extend(gone);
                both.1.extend(come);
            }
            return both;
        }
        Action::One(change) => change,
    };
    let constraint = |table: &Name, name: &str| vec![ObjectId::Constraint(table.clone(), name.to_owned())];
    let index = |table: &Name, name: &str| vec![ObjectId::Index(table.clone(), name.to_owned())];
    match change {
        Change::CreateNamespace(it) => (vec![], vec![ObjectId::Namespace(it.name.clone())]),
        Change::CreateEnum(it) => (vec![], vec![ObjectId::Enum(it.name.clone())]),
        Change::CreateSequence(it) => (vec![], vec![ObjectId::Sequence(it.name.clone())]),
        Change::CreateTable(it) => (vec![], parts(it)),
        Change::AddColumn { table, column } => (vec![], vec![ObjectId::Column(table.clone(), column.name.clone())]),
        Change::AddConstraint { table, constraint: it } => (vec![], constraint(table, it.name())),
        Change::CreateIndex { table, index: it } => (vec![], index(table, &it.name)),
        Change::CreateObject(it) => (vec![], vec![it.id.clone()]),
        Change::AlterEnum { new, .. } => (vec![], vec![ObjectId::Enum(new.name.clone())]),
        Change::AlterSequence { new, .. } => (vec![], vec![ObjectId::Sequence(new.name.clone())]),
        Change::AlterColumn { table, new, .. } => {
            let id = vec![ObjectId::Column(table.clone(), new.name.clone())];
            (id.clone(), id)
        }
        // Whoever needs it goes on needing it: what can't be replaced in place is taken apart before.
        Change::ReplaceObject { new, .. } => (vec![], vec![new.id.clone()]),
        Change::RenameConstraint { table, from, to } => (constraint(table, from), constraint(table, to)),
        Change::RenameIndex { table, from, to } => (index(table, from), index(table, to)),
        Change::RenameColumn { .. } | Change::RenameTable { .. } | Change::SetComment { .. } => (vec![], vec![]),
        dropped => {
            let (gone, come) = touches(&Action::One(dropped.reverse()));
            (come, gone)
        }
    }
}

/// The names that an action frees or takes: relations and types of a namespace share them, as on PostgreSQL.
fn names(ids: &[ObjectId]) -> Vec<(Option<String>, String)> {
    ids.iter()
        .filter_map(|id| match id {
            ObjectId::Table(name) | ObjectId::Enum(name) | ObjectId::Sequence(name) => {
                Some((name.namespace.clone(), name.name.clone()))
            }
            ObjectId::Constraint(table, name) | ObjectId::Index(table, name) => {
                Some((table.namespace.clone(), name.clone()))
            }
            ObjectId::Object(ObjectKind::View | ObjectKind::MaterializedView, name) => {
                Some((name.namespace.clone(), name.name.clone()))
            }
            _ => None,
        })
        .collect()
}

fn rank(action: &Action) -> u8 {
    let Action::One(change) = action else { return 9 };
    match change {
        Change::RenameTable { .. } | Change::RenameColumn { .. } => 0,
        Change::CreateNamespace(_) => 1,
        Change::CreateObject(it) if matches!(it.id, ObjectId::Object(ObjectKind::Extension, _)) => 2,
        Change::DropObject(it) if !matches!(it.id, ObjectId::Object(ObjectKind::Extension, _)) => 3,
        Change::DropConstraint { .. } | Change::DropIndex { .. } => 4,
        // What leaves an enum leaves it before the enum loses values.
        Change::DropColumn { column, .. } if column.generated.is_some() || column.ty.depends_on.is_some() => 4,
        Change::DropTable(table) if table.columns.iter().any(|column| column.ty.depends_on.is_some()) => 4,
        Change::AlterColumn { old, new, .. }
            if old.ty.depends_on.is_some() && old.ty.depends_on != new.ty.depends_on =>
        {
            4
        }
        Change::CreateEnum(_) | Change::AlterEnum { .. } | Change::CreateSequence(_) | Change::AlterSequence { .. } => {
            5
        }
        Change::RenameConstraint { .. } | Change::RenameIndex { .. } => 6,
        Change::CreateTable(_) => 7,
        Change::AddColumn { .. } => 8,
        Change::AlterColumn { .. } => 9,
        Change::DropColumn { .. } => 10,
        Change::AddConstraint { constraint: Constraint::ForeignKey(_), .. } => 13,
        Change::AddConstraint { .. } => 11,
        Change::CreateIndex { .. } => 12,
        Change::DropTable(_) => 14,
        Change::CreateObject(_) | Change::ReplaceObject { .. } => 15,
        Change::DropObject(_) | Change::DropEnum(_) | Change::DropSequence(_) => 16,
        Change::DropNamespace(_) => 17,
        Change::SetComment { .. } => 18,
    }
}

fn title(action: &Action) -> String {
    match action {
        Action::One(change) => change.describe(),
        Action::Rebuild(table, _) => format!("make table {table} anew"),
    }
}

/// The order of the actions, by their place: stable, ties by kind and sentence.
fn sorted(actions: &[Action], old: &Schema, new: &Schema) -> Result<Vec<usize>, Refusal> {
    let touched: Vec<_> = actions.iter().map(touches).collect();
    let mut creates: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut drops: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
    let mut frees: BTreeMap<(Option<String>, String), Vec<usize>> = BTreeMap::new();
    for (at, (gone, come)) in touched.iter().enumerate() {
        let renames = matches!(actions[at], Action::One(Change::RenameConstraint { .. } | Change::RenameIndex { .. }));
        if !renames {
            gone.iter().for_each(|id| drops.entry(id).or_default().push(at));
        }
        come.iter().for_each(|id| creates.entry(id).or_default().push(at));
        names(gone).into_iter().for_each(|name| frees.entry(name).or_default().push(at));
    }
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); actions.len()];
    let mut edge = |first: &[usize], then: &[usize]| {
        for then in then {
            before[*then].extend(first.iter().filter(|first| *first != then));
        }
    };
    let none = Vec::new();
    for (user, needs) in dependencies(new) {
        edge(creates.get(&needs).unwrap_or(&none), creates.get(&user).unwrap_or(&none));
    }
    for (user, needs) in dependencies(old) {
        edge(drops.get(&user).unwrap_or(&none), drops.get(&needs).unwrap_or(&none));
    }
    for (at, (_, come)) in touched.iter().enumerate() {
        for name in names(come) {
            edge(frees.get(&name).unwrap_or(&none), &[at]);
        }
        for id in come {
            edge(drops.get(id).unwrap_or(&none), &[at]);
        }
    }
    let keys: Vec<_> = actions.iter().map(|action| (rank(action), title(action))).collect();
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
