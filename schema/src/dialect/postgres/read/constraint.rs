//! From a constraint's row to its table's constraint.

use super::assemble::Assembly;
use super::record::Row;
use crate::dialect::postgres::quote::bare;
use crate::schema::*;

/// A constraint that stands on an index.
pub(super) struct OnIndex {
    pub(super) name: String,
    /// `contype`: `p`, `u` or `x`.
    pub(super) kind: String,
    pub(super) deferrable: bool,
}

fn deferrable(row: &Row, at: usize) -> Deferrable {
    match (row.flag(at), row.flag(at + 1)) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}

fn action(code: &str) -> ForeignKeyAction {
    match code {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}

/// Whether it is a name that the server gives to a NOT NULL: `users_email_not_null`.
fn is_picked(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

impl Assembly {
    /// Takes a constraint, when all tables have their columns and all indexes are there.
    pub(super) fn constraint(&mut self, row: &Row) {
        let index = row.oid(13);
        let (conname, kind) = (row.text(1).to_owned(), row.text(2));
        // That of a foreign key is the other table's.
        if matches!(kind, "p" | "u" | "x") {
            let key = OnIndex { name: conname.clone(), kind: kind.to_owned(), deferrable: row.flag(9) };
            self.keys.insert(index, key);
        }
        let target = self.drafts.get(&row.oid(4));
        let target = target.map(|target| (target.table.name.clone(), target.names(&row.list(5))));
        let Some(draft) = self.drafts.get_mut(&row.oid(0)) else { return };
        let comment = self.said.of("pg_constraint", row.oid(15));
        let columns = draft.names(&row.list(3));
        match kind {
            "p" | "u" => {
                draft.backing.push(index);
                let index = self.indexes.get(&index);
                let include = index.map(|index| {
                    let keys = index.list(6);
                    draft.names(&keys[columns.len().min(keys.len())..])
                });
                let key = Key {
                    name: conname,
                    columns,
                    include: include.unwrap_or_default(),
                    nulls_not_distinct: index.is_some_and(|index| index.flag(4)),
                    without_overlaps: row.flag(19),
                    deferrable: deferrable(row, 9),
                    comment,
                };
                let parents = row.flag(16);
                draft.table.inheritance.has_parents_key |= parents && kind == "p";
                match kind {
                    "p" => draft.table.primary_key = Some(key),
                    _ if parents => {}
                    _ => draft.table.uniques.push(key),
                }
            }
            _ if row.flag(16) => draft.backing.push(index),
            "f" => match target {
                Some((references, references_columns)) => draft.table.foreign_keys.push(ForeignKey {
                    name: conname,
                    columns,
                    references,
                    references_columns,
                    on_delete: action(row.text(6)),
                    on_delete_columns: draft.names(&row.list(17)),
                    on_update: action(row.text(7)),
                    match_full: row.text(8) == "f",
                    period: row.flag(19),
                    deferrable: deferrable(row, 9),
                    validated: row.flag(11),
                    enforced: row.flag(18),
                    comment,
                }),
                None => {
                    let name = &draft.table.name;
                    self.schema.unread.push(format!("foreign key {name}.{conname} to a table that is not read"));
                }
            },
            "c" => draft.table.checks.push(Check {
                name: conname,
                expr: bare(row.text(14)),
                no_inherit: row.flag(12),
                validated: row.flag(11),
                enforced: row.flag(18),
                comment,
            }),
            "n" => {
                let place = row.list(3).first().and_then(|number| draft.place(number.parse().ok()?));
                let name = (!is_picked(&conname)).then_some(conname);
                let said = NotNull { name, no_inherit: row.flag(12), validated: row.flag(11) };
                if let Some(column) = place.and_then(|at| draft.table.columns.get_mut(at)) {
                    column.not_null = Some(said);
                }
            }
            // An exclusion constraint, which is read as text.
            _ => draft.backing.push(index),
        }
    }
}
