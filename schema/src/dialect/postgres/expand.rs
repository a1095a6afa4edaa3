//! Changes that take two statements with others between them.
//!
//! A generated column's expression can't be changed, and neither can the arguments or the result of a function. What
//! stands on them, the plan drops and makes again.

use crate::change::Change;
use crate::schema::{Column, Object};

pub(super) fn expand(changes: Vec<Change>) -> Vec<Change> {
    let apart = |change| match change {
        Change::AlterColumn { table, old, new } if old.generated.is_some() && new.generated.is_none() => {
            // The columns that it was made of may go or change before this one can be changed further.
            let plain = Column { generated: None, comment: new.comment.clone(), ..old.clone() };
            let further = (plain != new).then(|| Change::AlterColumn { table: table.clone(), old: plain.clone(), new });
            std::iter::once(Change::AlterColumn { table, old, new: plain }).chain(further).collect()
        }
        Change::AlterColumn { table, old, new } if remade(&old, &new) => {
            vec![Change::DropColumn { table: table.clone(), column: old }, Change::AddColumn { table, column: new }]
        }
        Change::ReplaceObject { old, new } if !in_place(&old, &new) => {
            vec![Change::DropObject(old), Change::CreateObject(new)]
        }
        other => vec![other],
    };
    changes.into_iter().flat_map(apart).collect()
}

/// Whether the column's expression or its type under an expression differs: then its values are computed anew, and
/// nothing is lost.
fn remade(old: &Column, new: &Column) -> bool {
    new.generated.is_some() && (old.generated != new.generated || old.ty != new.ty || old.collation != new.collation)
}

/// Whether `CREATE OR REPLACE` can do it: the server lets a function keep its name, arguments and result.
fn in_place(old: &Object, new: &Object) -> bool {
    let head = |object: &Object| object.definition.split_once("\n LANGUAGE ").map(|(head, _)| head.to_owned());
    let replaces = |object: &Object| object.definition.starts_with("CREATE OR REPLACE ");
    replaces(new) && head(old).is_some() && head(old) == head(new)
}
