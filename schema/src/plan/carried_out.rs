//! Actions in their order → steps, and what those leave.

use std::collections::BTreeSet;

use super::action::Action;
use super::granted::Kept;
use super::inherited::{follow_parents, pass_on};
use super::said_of;
use crate::change::{Change, Stage, Step};
use crate::dialect::{Beside, DialectImpl, Refusal};
use crate::schema::{Object, ObjectId, ObjectKind, Schema};

/// What the actions come to.
pub(super) struct CarriedOut {
    pub(super) steps: Vec<Step>,
    /// The schema behind them.
    pub(super) schema: Schema,
    /// What they make, of which nothing stands any more that stood before.
    pub(super) made: BTreeSet<ObjectId>,
}

/// Carries out `actions` in `order` on the way from `before` to `new`.
pub(super) fn carried_out(
    actions: &[Action],
    order: &[usize],
    beside: &Beside,
    (before, new): (&Schema, &Schema),
    dialect: &dyn DialectImpl,
) -> Result<CarriedOut, Refusal> {
    let mut made: BTreeSet<ObjectId> = actions.iter().flat_map(Action::made).collect();
    let mut schema = before.clone();
    beside.changes.iter().for_each(|change| stands_last(&mut schema, change));
    let mut kept = Kept::of(actions, order, dialect);
    kept.take_out(&mut made);
    let mut steps: Vec<Step> = Vec::new();
    for (turn, action) in order.iter().map(|at| &actions[*at]).enumerate() {
        steps.extend(kept.ahead_of(action));
        let own = match action {
            Action::One(Change::DropObject(object)) if goes_with_its_owner(object, actions) => Vec::new(),
            Action::Swap(_) => beside.swap.clone(),
            Action::One(change) if beside.is_there(change).is_some() => {
                said_of(change, beside.is_there(change).unwrap_or_default().to_vec()).collect()
            }
            // An enum's values go from whatever uses it at that moment.
            Action::One(change @ Change::AlterEnum { .. }) => {
                said_of(change, dialect.render(change, &schema, new)?).collect()
            }
            Action::One(change) | Action::Aside(change) | Action::Back(change) | Action::DropColumn(change, _) => {
                said_of(change, dialect.render(change, before, new)?).collect()
            }
            Action::Promote(changes, steps) => said_of(&changes[1], steps.clone()).collect(),
            Action::Rebuild(_, changes) => dialect.rebuild(changes, before, new)?,
        };
        let then = kept.behind(turn, action, &own);
        steps.extend(own.into_iter().chain(then));
        action.apply(&mut schema, new);
        action.changes().iter().for_each(|change| pass_on(&mut schema, new, change));
    }
    steps.sort_by_key(|step| step.stage);
    if !beside.before.is_empty() {
        steps.iter_mut().for_each(|step| step.stage = step.stage.max(Stage::Swap));
    }
    follow_parents(&mut schema, new);
    schema.domains.extend(new.domains.clone());
    Ok(CarriedOut { steps, schema, made })
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
