//! A type that rewrites the table: the column is made a second time, a trigger fills that one with whatever is written,
//! the rows of before are filled in batches, and what stands on the column (indexes, keys, checks) is built on the second
//! one beside the writes. Then the two change places, under a lock that is held for a moment.
//!
//! The plan treats the change of places as any other change that nothing may stand on meanwhile: views, policies and
//! their like go before and come again after it. Where a column can't be made a second time, the type is changed by the
//! one statement that there is.

mod fits;
mod prepare;
mod spare;
mod swap;

use std::collections::BTreeSet;

use diesel_schema_core::naming;

use crate::change::{Change, Step};
use crate::dialect::{Beside, End, Refusal};
use crate::schema::{Column, Name};
use spare::Spares;

/// A column that is made a second time.
#[derive(Debug, Clone)]
struct Second<'a> {
    table: &'a Name,
    old: &'a Column,
    new: &'a Column,
    /// The name of the second one until the two change places.
    name: String,
    /// The check that says that every row has its value.
    check: String,
}

/// What is the same for all of a plan.
struct Seconds<'a> {
    all: Vec<Second<'a>>,
    old: End<'a>,
    new: End<'a>,
}

impl<'a> Seconds<'a> {
    fn of(&self, table: &'a Name) -> impl Iterator<Item = &Second<'a>> + '_ {
        self.all.iter().filter(move |it| it.table == table)
    }

    fn find(&self, table: &Name, column: &str) -> Option<&Second<'a>> {
        self.all.iter().find(|it| it.table == table && it.new.name == column)
    }

    /// Each table with such columns, once.
    fn tables(&self) -> BTreeSet<&'a Name> {
        self.all.iter().map(|it| it.table).collect()
    }

    /// The columns as they are called beforehand.
    fn named(&self, table: &Name, columns: &[String]) -> Vec<String> {
        let name = |column: &String| self.find(table, column).map_or(column, |it| &it.name).clone();
        columns.iter().map(name).collect()
    }
}

/// The trigger's name: of those of a kind the last one by name is the last to run, and sees what others have made of a row.
const TRIGGER: &str = "zzzz_second";

/// The trigger's function.
fn function(table: &Name) -> Name {
    Name::qualified(table.namespace.clone(), naming::object_name(&table.name, "", "second"))
}

/// Finds the columns of the plan whose tables are busy, and says how they change.
pub(super) fn beside(
    changes: &[Change],
    (old, new): (End<'_>, End<'_>),
    busy: &dyn Fn(&Name) -> bool,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Beside, Refusal> {
    let alters = changes.iter().filter_map(|change| match change {
        Change::AlterColumn { table, old: was, new: is } if busy(table) => Some((change, table, was, is)),
        _ => None,
    });
    let found: Vec<_> =
        alters.filter(|(_, table, was, is)| fits::can_be_second((table, was, is), changes, (old, new))).collect();
    if found.is_empty() {
        return Ok(Beside::default());
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let tables = found.iter().flat_map(|(_, table, ..)| [old, new].map(|end| end.schema.tables.get(*table)));
    for table in tables.flatten() {
        taken.extend(table.columns.iter().map(|it| it.name.clone()));
        taken.extend(table.relation_names().map(str::to_owned));
    }
    let all = found.iter().map(|(_, table, was, is)| Second {
        table,
        old: was,
        new: is,
        name: naming::choose(&mut taken, &is.name, "", "second"),
        check: naming::choose(&mut taken, &table.name, &is.name, "is_filled"),
    });
    let seconds = Seconds { all: all.collect(), old, new };
    let spares = Spares::of(&seconds);
    if spares.trade_names(old.schema) {
        return Ok(Beside::default());
    }
    Ok(Beside {
        changes: found.iter().map(|(change, ..)| (*change).clone()).collect(),
        before: prepare::steps(&seconds, &spares, plain)?,
        swap: swap::steps(&seconds),
        instead: spares.instead(plain)?,
    })
}
