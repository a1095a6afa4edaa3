//! Changes → ordered steps.
//!
//! Renames of tables and columns come first (`ahead`), so that both schemas speak of them by the same names. The other
//! changes are gathered to actions (`gathered`), the nodes of one graph: what the old schema needs orders the teardown,
//! what the new one needs the build (`order`). Then each is rendered in its turn (`carried_out`).

mod action;
mod ahead;
mod carried_out;
mod circles;
mod dependencies;
mod gathered;
mod granted;
mod inherited;
mod joined;
mod order;
mod remade;
mod slots;
mod stand_in;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::BTreeSet;

pub use dependencies::dependencies;

use crate::change::{Change, Plan, Stage, Step};
use crate::dialect::{DialectImpl, Refusal};
use crate::schema::{ObjectId, Schema};
use action::Action;
use ahead::{Ahead, ahead};
use carried_out::carried_out;
use gathered::{Gathered, gathered};

/// The steps that carry out `changes`, which [`crate::diff::diff`] found between `old` and `new`.
///
/// The dialect is handed the old schema with its tables and columns under their new names, because those renames run
/// first.
///
/// # Errors
/// What the dialect refuses, and actions that wait for each other, by name.
pub fn plan(old: &Schema, new: &Schema, changes: &[Change], dialect: &dyn DialectImpl) -> Result<Plan, Refusal> {
    Ok(plan_and_outcome(old, new, changes, dialect)?.plan)
}

/// A plan, and what comes of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The steps.
    pub plan: Plan,
    /// The schema that they leave: the new one, but with the columns in the order in which they came (one that is made
    /// again stands last), and with what is not compared as it was in the old one.
    pub schema: Schema,
    /// What they make, of which nothing stands any more that stood before, not even who may use it.
    pub made: BTreeSet<ObjectId>,
}

/// What [`plan`] gives, with what comes of it.
///
/// # Errors
/// As [`plan`].
pub fn plan_and_outcome(
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<Outcome, Refusal> {
    // What stands beside the use, or is taken over, may leave no order for the rest.
    let all = Ways { beside: true, promote: true, replace: true };
    for ways in [all, Ways { promote: false, ..all }] {
        match in_this_way(ways, old, new, changes, dialect) {
            Ok(found) if !is_cut(&found.plan) => return Ok(found),
            _ => {}
        }
    }
    let plain = Ways { replace: true, ..Ways::default() };
    in_this_way(plain, old, new, changes, dialect)
        .or_else(|refused| in_this_way(Ways::default(), old, new, changes, dialect).map_err(|_| refused))
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

fn in_this_way(
    ways: Ways,
    old: &Schema,
    new: &Schema,
    changes: &[Change],
    dialect: &dyn DialectImpl,
) -> Result<Outcome, Refusal> {
    let Ahead { mut steps, before, rest } = ahead(old, new, changes, dialect)?;
    let Gathered { actions, beside } = gathered(ways, rest, &before, new, dialect)?;
    // What the server can't carry out says more than that nothing else can wait for it.
    for action in &actions {
        if let Action::One(change @ Change::DropObject(_)) = action {
            dialect.render(change, &before, new)?;
        }
    }
    let order = order::sorted(&actions, &before, new, dialect.foreign_keys_inline())?;
    let done = carried_out(&actions, &order, &beside, (&before, new), dialect)?;
    let mut first = beside.before;
    first.sort_by_key(|step| step.stage);
    steps.extend(first);
    steps.extend(joined::joined(done.steps));
    Ok(Outcome { plan: Plan { steps }, schema: done.schema, made: done.made })
}

/// A change's steps, with what the change says of each.
fn said_of(change: &Change, steps: Vec<Step>) -> impl Iterator<Item = Step> {
    let (table, fit) = (change.table().or(change.table_gone()).cloned(), change.fit());
    steps.into_iter().map(move |step| Step { table: step.table.clone().or_else(|| table.clone()), fit, ..step })
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
