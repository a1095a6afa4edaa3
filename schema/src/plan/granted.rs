//! What is dropped and made again, and who may use it: a server forgets that with what it drops.

use std::collections::BTreeSet;

use super::action::{Action, loses_values};
use crate::change::{Change, Stage, Step};
use crate::dialect::DialectImpl;
use crate::schema::{Column, IdentityKind, ObjectId, ObjectKind};

/// The steps that remember who may use what is made again, and give it back: before the first of it goes, and behind the
/// last that comes.
#[derive(Default)]
pub(super) struct Kept {
    remade: BTreeSet<ObjectId>,
    first: Option<Step>,
    then: Option<Step>,
    /// The turn of the action that makes the last of it.
    last: Option<usize>,
    /// The latest stage at which any of it is made so far.
    stage: Stage,
}

impl Kept {
    pub(super) fn of(actions: &[Action], order: &[usize], dialect: &dyn DialectImpl) -> Self {
        let comes: BTreeSet<ObjectId> = actions.iter().flat_map(come).collect();
        let remade: BTreeSet<ObjectId> =
            actions.iter().flat_map(gone).filter(|id| comes.contains(id) && is_granted(id)).collect();
        let last = order.iter().rposition(|at| come(&actions[*at]).iter().any(|id| remade.contains(id)));
        let Some((first, then)) = dialect.privileges_kept(&remade) else { return Self::default() };
        Self { remade, first, then: Some(then), last, stage: Stage::default() }
    }

    /// Takes what keeps its privileges out of what is made anew.
    pub(super) fn take_out(&self, made: &mut BTreeSet<ObjectId>) {
        made.retain(|id| !self.remade.contains(id));
    }

    /// What has to stand before the action.
    pub(super) fn ahead_of(&mut self, action: &Action) -> Option<Step> {
        let drops = gone(action).iter().any(|id| self.remade.contains(id));
        if drops { self.first.take() } else { None }
    }

    /// What has to stand behind the action of that turn, which `steps` carry out.
    pub(super) fn behind(&mut self, turn: usize, action: &Action, steps: &[Step]) -> Option<Step> {
        if come(action).iter().any(|id| self.remade.contains(id)) {
            self.stage = steps.iter().map(|step| step.stage).fold(self.stage, Stage::max);
        }
        let then = if self.last == Some(turn) { self.then.take() } else { None };
        then.map(|step| Step { stage: self.stage, ..step })
    }
}

fn is_granted(id: &ObjectId) -> bool {
    use ObjectKind::{
        Aggregate, Domain, ForeignDataWrapper, ForeignTable, Function, MaterializedView, Server, Type, View,
    };
    match id {
        ObjectId::Object(kind, _) => matches!(
            kind,
            Aggregate | Domain | ForeignDataWrapper | ForeignTable | Function | MaterializedView | Server | Type | View
        ),
        ObjectId::Table(_) | ObjectId::Column(..) | ObjectId::Sequence(_) | ObjectId::Enum(_) => true,
        _ => false,
    }
}

fn gone(action: &Action) -> Vec<ObjectId> {
    let of = |change: &Change| match change {
        Change::AlterEnum { .. } => of(change),
        _ => of(&change.reverse()),
    };
    action.changes().iter().filter_map(of).collect()
}

fn come(action: &Action) -> Vec<ObjectId> {
    action.changes().iter().filter_map(of).collect()
}

/// What the change makes.
fn of(change: &Change) -> Option<ObjectId> {
    match change {
        Change::CreateObject(it) => Some(it.id.clone()),
        Change::CreateTable(it) => Some(ObjectId::Table(it.name.clone())),
        Change::AddColumn { table, column } => Some(ObjectId::Column(table.clone(), column.name.clone())),
        Change::AlterEnum { old, new } if loses_values(&old.values, &new.values) => {
            Some(ObjectId::Enum(new.name.clone()))
        }
        Change::AlterColumn { old, new, .. } => other_sequence(old, new),
        _ => None,
    }
}

/// A serial's sequence is another one than an identity's, also where it has its name.
fn other_sequence(old: &Column, new: &Column) -> Option<ObjectId> {
    let (was, is) = (old.identity.as_ref()?, new.identity.as_ref()?);
    let ((from, _), (to, _)) = (was.sequence.as_ref()?, is.sequence.as_ref()?);
    let other = (was.kind == IdentityKind::Serial) != (is.kind == IdentityKind::Serial);
    (other && from == to).then(|| ObjectId::Sequence(to.clone()))
}
