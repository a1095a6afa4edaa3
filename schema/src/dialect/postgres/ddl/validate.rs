//! A constraint that was `NOT VALID` and is so no longer: its rows are read, and nothing is dropped (PostgreSQL manual,
//! `ALTER TABLE`, "VALIDATE CONSTRAINT").

use super::{other, risk};
use crate::change::{Constraint, HazardKind, Step, TableLock, Work};
use crate::dialect::postgres::quote;
use crate::schema::{Check, ForeignKey, Name, ObjectId, Schema, Table};

/// Reads every row, while all others read and write.
pub(in crate::dialect::postgres) fn validate(table: &Name, constraint: &str) -> Step {
    let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", quote::name(table), quote::ident(constraint));
    let step = Step {
        lock: Some(TableLock::ShareUpdateExclusive),
        work: Work::Reads,
        table: Some(table.clone()),
        ..Step::harmless(sql)
    };
    risk(step, HazardKind::MayFail, format!("fails if rows of {table} break {constraint}"))
}

/// The steps where the constraint of that name is validated by the plan, and else stays as it is. What it stands on has
/// to stay, too: the server would not validate it on the way.
pub(in crate::dialect::postgres) fn validated(
    table: &Name,
    constraint: &str,
    old: &Schema,
    new: &Schema,
) -> Option<Vec<Step>> {
    let (was, is) = (old.tables.get(table)?, new.tables.get(table)?);
    let (before, after) = (Constraint::all_of(was), Constraint::all_of(is));
    let comes = after.get(constraint)?;
    let goes = before.get(constraint)?;
    // Another one takes its name, or it takes another name: neither is the one that is there by then.
    if before.iter().any(|(name, it)| !after.contains_key(name) && it.is_like(comes))
        || after.iter().any(|(name, it)| !before.contains_key(name) && it.is_like(goes))
    {
        return None;
    }
    let comments = check(was, is, constraint).or_else(|| foreign_key((was, old), (is, new), constraint))?;
    if was.columns != is.columns {
        return None;
    }
    let [said, says] = comments;
    let id = ObjectId::Constraint(table.clone(), constraint.to_owned());
    let remark = (said != says).then(|| other::comment(&id, says));
    Some(std::iter::once(validate(table, constraint)).chain(remark).collect())
}

/// The comments on both sides, where a check is validated.
fn check<'a>(was: &'a Table, is: &'a Table, name: &str) -> Option<[Option<&'a String>; 2]> {
    let find = |table: &'a Table| table.checks.iter().find(|it| it.name == name);
    let (was, is) = (find(was)?, find(is)?);
    let same = Check { validated: true, comment: is.comment.clone(), ..was.clone() } == *is;
    (same && !was.validated).then_some([was.comment.as_ref(), is.comment.as_ref()])
}

/// The same of a foreign key, whose parent stays.
fn foreign_key<'a>(
    (was, old): (&'a Table, &Schema),
    (is, new): (&'a Table, &Schema),
    name: &str,
) -> Option<[Option<&'a String>; 2]> {
    let find = |table: &'a Table| table.foreign_keys.iter().find(|it| it.name == name);
    let (was, is) = (find(was)?, find(is)?);
    let same = ForeignKey { validated: true, comment: is.comment.clone(), ..was.clone() } == *is;
    let (before, after) = (old.tables.get(&is.references)?, new.tables.get(&is.references)?);
    let keys = |table: &Table| (table.columns.clone(), table.primary_key.clone(), table.uniques.clone());
    let stays = same && !was.validated && keys(before) == keys(after);
    stays.then_some([was.comment.as_ref(), is.comment.as_ref()])
}
