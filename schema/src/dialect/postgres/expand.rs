//! Changes that take two statements with others between them.
//!
//! A generated column's expression can't be changed, and neither can the arguments or the result of a function. What
//! stands on them, the plan drops and makes again.

use super::ddl::object::replace;
use crate::change::Change;
use crate::schema::Column;

pub(super) fn expand(changes: Vec<Change>) -> Vec<Change> {
    let apart = |change| match change {
        Change::AlterColumn { table, old, new } if old.generated.is_some() && new.generated.is_none() => {
            // The columns that it was made of may go or change before this one can be changed further.
            let plain = Column { generated: None, is_virtual: false, comment: new.comment.clone(), ..old.clone() };
            let further = (plain != new).then(|| Change::AlterColumn { table: table.clone(), old: plain.clone(), new });
            std::iter::once(Change::AlterColumn { table, old, new: plain }).chain(further).collect()
        }
        Change::AlterColumn { table, old, new } if remade(&old, &new) => {
            vec![Change::DropColumn { table: table.clone(), column: old }, Change::AddColumn { table, column: new }]
        }
        Change::ReplaceObject { old, new } if replace(&old, &new).is_none() => {
            vec![Change::DropObject(old), Change::CreateObject(new)]
        }
        other => vec![other],
    };
    changes.into_iter().flat_map(apart).collect()
}

/// Whether the column's expression or its type under an expression differs: then its values are computed anew, and
/// nothing is lost.
fn remade(old: &Column, new: &Column) -> bool {
    let what = |it: &Column| (it.generated.clone(), it.is_virtual, it.ty.clone(), it.collation.clone());
    new.generated.is_some() && what(old) != what(new)
}
