//! What is carried out before the graph: both schemas speak of the same names behind it.

use super::said_of;
use super::turns::{Names, Turn};
use crate::change::{Change, Fit, Step, Works};
use crate::dialect::{DialectImpl, Refusal};
use crate::diff::apply;
use crate::schema::Schema;

/// What is done, and what it leaves to do.
pub(super) struct Ahead<'a> {
    pub(super) steps: Vec<Step>,
    /// The old schema behind those steps.
    pub(super) before: Schema,
    /// The changes that the graph orders.
    pub(super) rest: Vec<&'a Change>,
}

pub(super) fn ahead<'a>(
    old: &Schema,
    new: &Schema,
    changes: &'a [Change],
    dialect: &dyn DialectImpl,
) -> Result<Ahead<'a>, Refusal> {
    let (mut steps, mut before) = (Vec::new(), old.clone());
    let names = Names::of(changes);
    for turn in [Turn::Free, Turn::Namespace, Turn::Rename, Turn::Loose, Turn::Leave] {
        for change in changes.iter().filter(|change| names.turn(change) == turn) {
            let fit =
                if names.is_still_read(change, new) { Fit { old: Works::Yes, new: Works::No } } else { change.fit() };
            let own = said_of(change, dialect.render(change, &before, new)?);
            steps.extend(own.map(|step| Step { fit, ..step }));
            apply(&mut before, change);
        }
    }
    let rest = changes.iter().filter(|change| names.turn(change) == Turn::Rest);
    // Nobody sees the database without the old name.
    let (stand_ins, rest): (Vec<_>, Vec<_>) = rest.partition(|change| names.is_ready(change, &before));
    for change in stand_ins {
        let Change::CreateObject(view) = change else { continue };
        let fit = Fit { old: Works::Yes, new: Works::Yes };
        let mut own = dialect.render(change, &before, new)?;
        own.extend(names.of_view(view).into_iter().flat_map(|(view, table)| dialect.granted_alike(table, view)));
        steps.extend(own.into_iter().map(|step| Step { fit, ..step }));
        apply(&mut before, change);
    }
    Ok(Ahead { steps, before, rest })
}
