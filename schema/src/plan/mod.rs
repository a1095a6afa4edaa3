//! Changes → ordered steps.
//!
//! One graph of actions: what the old schema needs orders the teardown, what the new one needs the build. Renames of
//! tables and columns come before it, so that both schemas speak of them by the same names.

mod action;
mod circles;
mod dependencies;
mod granted;
mod joined;
mod order;
mod remade;
mod slots;
mod stand_in;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::{BTreeMap, BTreeSet};

pub use dependencies::dependencies;

use crate::Dialect;
use crate::change::{Change, Constraint, Fit, Plan, Stage, Step, Works};
use crate::dialect::{Beside, DialectImpl, End, Refusal};
use crate::diff::apply;
use crate::schema::{Column, Name, Object, ObjectId, ObjectKind, Schema, Table};
use action::Action;
use turns::{Names, Turn};

/// The steps that carry out `changes`, which [`crate::diff::diff`] found between `old` and `new`.
///
/// The dialect is handed the old schema with its tables and columns under their new names, because those renames run
/// first.
///
/// # Errors
/// What the dialect refuses, and actions that wait for each other, by name.
pub fn plan(old: &Schema, new: &Schema, changes: &[Change], dialect: &dyn DialectImpl) -> Result<Plan, Refusal> {
    Ok(plan_and_outcome(old, new, changes, dialect)?.0)
}

/// The same, with what it makes, of which nothing stands any more that stood before, not even who may use it.
///
/// # Errors
/// As [`plan`].
pub fn plan_and_made(
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<(Plan, BTreeSet<ObjectId>), Refusal> {
    let (plan, _, made) = carried_out(old, new, changes, dialect)?;
    Ok((plan, made))
}

/// The same, with the schema that it leaves: `new`, but with the columns in the order in which they came (one that is
/// made again stands last), and with what is not compared as it was in `old`.
///
/// # Errors
/// As [`plan`].
pub fn plan_and_outcome(
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<(Plan, Schema), Refusal> {
    let (plan, outcome, _) = carried_out(old, new, changes, dialect)?;
    Ok((plan, outcome))
}

fn carried_out(
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<(Plan, Schema, BTreeSet<ObjectId>), Refusal> {
    // What stands beside the use, or is taken over, may leave no order for the rest.
    let all = Ways { beside: true, promote: true, replace: true };
    for ways in [all, Ways { promote: false, ..all }] {
        match with_or_without(ways, old, new, changes, dialect) {
            Ok(found) if !is_cut(&found.0) => return Ok(found),
            _ => {}
        }
    }
    let plain = Ways { replace: true, ..Ways::default() };
    with_or_without(plain, old, new, changes, dialect)
        .or_else(|refused| with_or_without(Ways::default(), old, new, changes, dialect).map_err(|_| refused))
}

/// What a plan may make use of.
#[derive(Clone, Copy, Default)]
struct Ways {
    /// Columns that are made a second time beside the use of the first.
    beside: bool,
    /// Indexes that become keys.
    promote: bool,
    /// Views that show other tables than before.
    replace: bool,
}

/// Whether columns change places in more than one transaction, because something between can't be in one.
fn is_cut(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| step.stage == Stage::Swap && !step.in_transaction)
}

fn with_or_without(
    ways: Ways,
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<(Plan, Schema, BTreeSet<ObjectId>), Refusal> {
    let mut plan = Plan::default();
    let mut before = old.clone();
    let names = Names::of(changes);
    for turn in [Turn::Free, Turn::Namespace, Turn::Rename, Turn::Loose, Turn::Leave] {
        for change in changes.iter().filter(|change| names.turn(change) == turn) {
            let fit =
                if names.is_still_read(change, new) { Fit { old: Works::Yes, new: Works::No } } else { change.fit() };
            let steps = said_of(change, dialect.render(change, &before, new)?);
            plan.steps.extend(steps.map(|step| Step { fit, ..step }));
            apply(&mut before, change);
        }
    }
    // Nobody sees the database without the old name.
    let stand_ins: Vec<&Change> = changes.iter().filter(|change| names.is_ready(change, &before)).collect();
    for change in &stand_ins {
        let Change::CreateObject(view) = change else { continue };
        let fit = Fit { old: Works::Yes, new: Works::Yes };
        let mut steps = dialect.render(change, &before, new)?;
        steps.extend(names.of_view(view).into_iter().flat_map(|(view, table)| dialect.granted_alike(table, view)));
        plan.steps.extend(steps.into_iter().map(|step| Step { fit, ..step }));
        apply(&mut before, change);
    }
    let rest: Vec<&Change> = changes
        .iter()
        .filter(|change| names.turn(change) == Turn::Rest && !stand_ins.iter().any(|it| std::ptr::eq(*it, *change)))
        .collect();
    let rebuilt: BTreeSet<Name> = rest
        .iter()
        .filter(|change| !dialect.can_alter(change, &before, new))
        .filter_map(|change| change.table().cloned())
        .filter(|table| before.tables.contains_key(table) && new.tables.contains_key(table))
        .collect();
    let mut actions = Vec::new();
    let mut gathered: BTreeMap<Name, Vec<Change>> = BTreeMap::new();
    let mut others = Vec::new();
    for change in rest {
        match change.table().filter(|table| rebuilt.contains(*table)) {
            Some(table) => gathered.entry(table.clone()).or_default().push(change.clone()),
            None => others.push(change.clone()),
        }
    }
    if !ways.replace {
        others = others.into_iter().flat_map(apart).collect();
    }
    let others = dialect.expand(others, &before, new);
    let needs = [&before, new].map(dependencies);
    let [was, is] = [(&before, &needs[0]), (new, &needs[1])].map(|(schema, needs)| End { schema, needs });
    let beside = if ways.beside { dialect.beside(&others, &was, &is)? } else { Beside::default() };
    let mut others: Vec<Change> = others.into_iter().filter(|change| !beside.changes.contains(change)).collect();
    if ways.promote && beside == Beside::default() {
        actions.extend(promoted(&mut others, &before, new, dialect));
    }
    actions.extend(others.into_iter().map(Action::One));
    actions.extend((!beside.changes.is_empty()).then(|| Action::Swap(beside.changes.clone())));
    for (table, changes) in gathered {
        // Two tables may swap the names of their indexes: all go before any comes.
        for index in changes.iter().filter_map(|change| action::index_before(change, &before)) {
            actions.push(Action::One(Change::DropIndex { table: table.clone(), index }));
        }
        let stays = |change: &Change| !matches!(change, Change::DropIndex { .. });
        actions.push(Action::Rebuild(table, changes.into_iter().filter(stays).collect()));
    }
    remade::around(&mut actions, &before, new, dialect.foreign_keys_inline());
    if !dialect.foreign_keys_inline() {
        circles::take_out_foreign_keys(&mut actions);
    }
    if dialect.dialect() == Dialect::Postgres {
        circles::leave_to_the_column(&mut actions, &before, new);
    }
    circles::break_renames(&mut actions, &before, new);
    let mut made: BTreeSet<ObjectId> = actions.iter().flat_map(Action::made).collect();
    let mut now = before.clone();
    beside.changes.iter().for_each(|change| stands_last(&mut now, change));
    let mut rest = Plan::default();
    // What the server can't carry out says more than that nothing else can wait for it.
    for action in &actions {
        if let Action::One(change @ Change::DropObject(_)) = action {
            dialect.render(change, &before, new)?;
        }
    }
    let order = order::sorted(&actions, &before, new, dialect.foreign_keys_inline())?;
    let remade = granted::remade(&actions);
    let mut keep = dialect.privileges_kept(&remade);
    let mut stage = Stage::default();
    let last = order.iter().rposition(|at| granted::makes(&actions[*at], &remade));
    if keep.is_some() {
        made.retain(|id| !remade.contains(id));
    }
    for (turn, at) in order.into_iter().enumerate() {
        if granted::drops(&actions[at], &remade) {
            rest.steps.extend(keep.as_mut().and_then(|(first, _)| first.take()));
        }
        let so_far = rest.steps.len();
        match &actions[at] {
            Action::One(Change::DropObject(object)) if goes_with_its_owner(object, &actions) => {}
            Action::Swap(_) => rest.steps.extend(beside.swap.iter().cloned()),
            Action::One(change) if beside.is_there(change).is_some() => {
                let steps = beside.is_there(change).unwrap_or_default().to_vec();
                rest.steps.extend(said_of(change, steps));
            }
            // An enum's values go from whatever uses it at that moment.
            Action::One(change @ Change::AlterEnum { .. }) => {
                rest.steps.extend(said_of(change, dialect.render(change, &now, new)?))
            }
            Action::One(change) | Action::Aside(change) | Action::Back(change) | Action::DropColumn(change, _) => {
                rest.steps.extend(said_of(change, dialect.render(change, &before, new)?));
            }
            Action::Promote(changes, steps) => rest.steps.extend(said_of(&changes[1], steps.clone())),
            Action::Rebuild(_, changes) => rest.steps.extend(dialect.rebuild(changes, &before, new)?),
        }
        if granted::makes(&actions[at], &remade) {
            stage = rest.steps[so_far..].iter().map(|step| step.stage).fold(stage, Stage::max);
        }
        if last == Some(turn) {
            rest.steps.extend(keep.take().map(|(_, then)| Step { stage, ..then }));
        }
        actions[at].apply(&mut now, new);
        actions[at].changes().iter().for_each(|change| pass_on(&mut now, new, change));
    }
    rest.steps.sort_by_key(|step| step.stage);
    if !beside.before.is_empty() {
        let mut first = beside.before;
        first.sort_by_key(|step| step.stage);
        plan.steps.extend(first);
        rest.steps.iter_mut().for_each(|step| step.stage = step.stage.max(Stage::Swap));
    }
    plan.steps.extend(joined::joined(rest.steps));
    follow_parents(&mut now, new);
    now.domains.extend(new.domains.clone());
    Ok((plan, now, made))
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

/// A change's steps, with what the change says of each.
fn said_of(change: &Change, steps: Vec<Step>) -> impl Iterator<Item = Step> {
    let (table, fit) = (change.table().or(change.table_gone()).cloned(), change.fit());
    steps.into_iter().map(move |step| Step { table: step.table.clone().or_else(|| table.clone()), fit, ..step })
}

/// A column that is made a second time comes before all others of the plan.
fn stands_last(schema: &mut Schema, change: &Change) {
    let Change::AlterColumn { table, new, .. } = change else { return };
    let Some(table) = schema.tables.get_mut(table) else { return };
    if let Some(at) = table.columns.iter().position(|column| column.name == new.name) {
        let column = table.columns.remove(at);
        table.columns.push(column);
    }
}

/// A column that a parent gets is its children's from then on, before those that they get themselves.
fn pass_on(now: &mut Schema, new: &Schema, change: &Change) {
    let Change::AddColumn { table: parent, column } = change else { return };
    let is_child = |it: &&Table| {
        !it.inheritance.parents.is_empty() && now.ancestors(it).contains(parent) && it.column(&column.name).is_none()
    };
    let children: Vec<Name> = now.tables.values().filter(is_child).map(|it| it.name.clone()).collect();
    for name in children {
        let is = new.tables.get(&name).and_then(|it| it.column(&column.name));
        if let (Some(child), Some(is)) = (now.tables.get_mut(&name), is) {
            child.columns.push(is.clone());
        }
    }
}

/// What a statement on a parent did to its partitions and children, which is no change of theirs.
fn follow_parents(now: &mut Schema, new: &Schema) {
    for table in now.tables.values_mut().filter(|it| !it.inheritance.parents.is_empty()) {
        let Some(is) = new.tables.get(&table.name) else { continue };
        let stay: Vec<Column> = table.columns.iter().filter_map(|it| is.column(&it.name)).cloned().collect();
        let come = is.columns.iter().filter(|it| table.column(&it.name).is_none()).cloned();
        table.columns = stay.into_iter().chain(come).collect();
        table.primary_key.clone_from(&is.primary_key);
        table.inheritance.has_parents_key = is.inheritance.has_parents_key;
    }
}

/// Whether the server drops it with what it is a part of, in the same plan.
fn goes_with_its_owner(object: &Object, actions: &[Action]) -> bool {
    let ObjectId::Object(kind, _) = &object.id else { return false };
    // A trigger and its like are dropped by name all the same where they are read by name: that says more to a reader.
    let goes = |id: &ObjectId| {
        actions.iter().any(|action| match action {
            Action::One(Change::DropObject(it)) => it.id == *id,
            Action::One(Change::DropTable(it)) => ObjectId::Table(it.name.clone()) == *id,
            Action::One(Change::DropConstraint { table, constraint }) => {
                ObjectId::Constraint(table.clone(), constraint.name().to_owned()) == *id
            }
            Action::One(Change::DropIndex { table, index }) => {
                ObjectId::Index(table.clone(), index.name.clone()) == *id
            }
            _ => false,
        })
    };
    // A sequence outlives the column that owns it where it is let go of first.
    if object.definition.starts_with("ALTER SEQUENCE ") {
        return false;
    }
    // A dictionary can't be dropped while a mapping has it, and may come before the mapping's own configuration.
    if *kind == ObjectKind::TextSearchMapping {
        let (dictionaries, rest): (Vec<_>, Vec<_>) = object
            .depends_on
            .iter()
            .partition(|id| matches!(id, ObjectId::Object(ObjectKind::TextSearchDictionary, _)));
        return rest.into_iter().any(goes) && !dictionaries.into_iter().any(goes);
    }
    matches!(kind, ObjectKind::Setting | ObjectKind::Comment | ObjectKind::Index | ObjectKind::Exclusion)
        && object.depends_on.iter().any(goes)
}

/// A plan for each run of steps that may share a transaction, and one for each step that may not.
#[must_use]
pub fn split(plan: Plan) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    let together = |last: &Step, step: &Step| last.in_transaction && step.in_transaction && last.stage == step.stage;
    for step in plan.steps {
        match plans.last_mut() {
            Some(plan) if plan.steps.last().is_some_and(|last| together(last, &step)) => plan.steps.push(step),
            _ => plans.push(Plan { steps: vec![step] }),
        }
    }
    plans
}
