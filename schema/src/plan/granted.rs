//! What is dropped and made again, and who may use it: a server forgets that with what it drops.

use std::collections::BTreeSet;

use super::action::{Action, loses_values};
use crate::change::Change;
use crate::schema::{Column, IdentityKind, ObjectId, ObjectKind};

/// What can be granted, goes in these actions, and comes again under the same name.
pub(super) fn remade(actions: &[Action]) -> BTreeSet<ObjectId> {
    let come: BTreeSet<ObjectId> = actions.iter().flat_map(come).collect();
    actions.iter().flat_map(gone).filter(|id| come.contains(id) && is_granted(id)).collect()
}

/// Whether the action drops one of these.
pub(super) fn drops(action: &Action, remade: &BTreeSet<ObjectId>) -> bool {
    gone(action).iter().any(|id| remade.contains(id))
}

/// Whether the action makes one of these.
pub(super) fn makes(action: &Action, remade: &BTreeSet<ObjectId>) -> bool {
    come(action).iter().any(|id| remade.contains(id))
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
