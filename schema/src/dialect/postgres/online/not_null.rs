//! `SET NOT NULL` on rows that a check has proven already (PostgreSQL manual, `ALTER TABLE`: it reads no row where a
//! valid CHECK says that there is no NULL).

use std::collections::BTreeSet;

use diesel_schema_core::naming;

use super::{constraint, quick};
use crate::change::{Change, Stage, Step};
use crate::dialect::Refusal;
use crate::dialect::postgres::{ddl, quote};
use crate::schema::{Column, Name, Schema, Table};

/// Whether nothing else of the plan has to see the column without NULLs: a primary key that is added and an identity
/// do.
pub(super) fn is_late_enough(table: &Name, was: &Column, is: &Column, old: &Schema, new: &Schema) -> bool {
    let in_key = |schema: &Schema| {
        let key = schema.tables.get(table).and_then(|table| table.primary_key.as_ref());
        key.is_some_and(|key| key.columns.contains(&is.name))
    };
    was.nullable && !is.nullable && is.identity.is_none() && (in_key(old) || !in_key(new))
}

pub(super) fn proven_first(
    table: &Name,
    was: &Column,
    is: &Column,
    old: &Schema,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let alter = |old: Column, new: &Column| plain(&Change::AlterColumn { table: table.clone(), old, new: new.clone() });
    let still_nullable = Column { nullable: true, ..is.clone() };
    let mut steps = if *was == still_nullable { Vec::new() } else { alter(was.clone(), &still_nullable)? };
    let proof = Proof::new(table, is, old);
    steps.extend(proof.before);
    let settle = |step: Step| Step { stage: Stage::Settle, ..quick(step) };
    steps.extend(alter(still_nullable.clone(), is)?.into_iter().map(settle));
    steps.push(proof.after);
    Ok(steps)
}

/// The check that says the same as `NOT NULL`, for as long as it is needed.
pub(super) struct Proof {
    /// Added, and validated behind the commit.
    pub(super) before: [Step; 2],
    /// Dropped once `SET NOT NULL` has made use of it.
    pub(super) after: Step,
}

impl Proof {
    pub(super) fn new(table: &Name, column: &Column, old: &Schema) -> Self {
        let names = old.tables.get(table).into_iter().flat_map(Table::relation_names);
        let mut taken: BTreeSet<String> = names.map(str::to_owned).collect();
        let check = naming::choose(&mut taken, &table.name, &column.name, "is_set");
        let (on, column, name) = (quote::name(table), quote::ident(&column.name), quote::ident(&check));
        let add = format!("ALTER TABLE {on}\n    ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID");
        let drop = ddl::exclusive(format!("ALTER TABLE {on} DROP CONSTRAINT {name}"));
        Self {
            before: [ddl::exclusive(add), constraint::validate(table, &check)],
            after: Step { stage: Stage::Settle, ..drop },
        }
    }
}
