//! Constraints: added unproven and proven afterwards, or put on an index that was built before.

use std::collections::BTreeSet;

use diesel_schema_core::naming;

use super::{index, quick};
use crate::change::{Change, Constraint, Stage, Step};
use crate::dialect::Refusal;
use crate::dialect::postgres::{ddl, quote};
use crate::schema::{Key, Name, Schema, Table};

/// Whether the server looks at the rows of before. One that is declared `NOT VALID` is cheap as it is.
pub(super) fn is_checked(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Check(check) => check.validated,
        Constraint::ForeignKey(key) => key.validated,
        _ => true,
    }
}

/// A primary key that takes another one's place: it is built while the other stands, and both change places in one
/// statement. The columns of neither may come, go or be NULL meanwhile.
pub(super) fn replaced<'a>(table: &Name, old: &'a Schema, new: &'a Schema) -> Option<(&'a Key, &'a Key)> {
    let (was, is) = (old.tables.get(table)?, new.tables.get(table)?);
    let (before, after) = (was.primary_key.as_ref()?, is.primary_key.as_ref()?);
    let set = |side: &Table, key: &Key| {
        key.columns.iter().all(|name| side.column(name).is_some_and(|column| !column.nullable))
    };
    // A column that comes to be generated, or is so otherwise, is made anew, and takes its key along when it goes.
    let generated = |side: &Table, name: &String| side.column(name).and_then(|column| column.generated.clone());
    let made_anew = |key: &Key| key.columns.iter().any(|name| generated(was, name) != generated(is, name));
    // Another relation could take the old one's name before it is free.
    let stays = before != after
        && !made_anew(before)
        && !made_anew(after)
        && before.name == after.name
        && [was, is].into_iter().all(|side| set(side, before) && set(side, after));
    stays.then_some((before, after))
}

/// The new key on an index that is built under a spare name, and the statement in which it takes the old one's place.
pub(super) fn in_its_place(table: &Name, before: &Key, after: &Key, old: &Schema, plain: Vec<Step>) -> Vec<Step> {
    let mut taken: BTreeSet<String> = old.tables.values().flat_map(Table::relation_names).map(str::to_owned).collect();
    let spare = naming::choose(&mut taken, &table.name, "", "new_pkey");
    let mut built = ddl::index_of(after);
    built.name.clone_from(&spare);
    let mut steps = index::create(ddl::create_index(table, &built, true), true);
    let sql = format!(
        "ALTER TABLE {}\n    DROP CONSTRAINT {},\n    ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}{}",
        quote::name(table),
        quote::ident(&before.name),
        quote::ident(&after.name),
        quote::ident(&spare),
        ddl::deferrable(after.deferrable)
    );
    let mut rest = plain.into_iter();
    steps.extend(rest.next().map(|step| quick(Step { sql, ..step })));
    steps.extend(rest);
    steps
}

/// `NOT VALID` now, and `VALIDATE` behind the commit.
pub(super) fn validated_later(
    table: &Name,
    constraint: &Constraint,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let mut unproven = constraint.clone();
    match &mut unproven {
        Constraint::Check(check) => check.validated = false,
        Constraint::ForeignKey(key) => key.validated = false,
        _ => {}
    }
    let mut steps = plain(&Change::AddConstraint { table: table.clone(), constraint: unproven })?;
    steps.push(validate(table, constraint.name()));
    Ok(steps)
}

/// Behind the commit.
pub(super) fn validate(table: &Name, constraint: &str) -> Step {
    Step { stage: Stage::Validate, ..ddl::validate(table, constraint) }
}

/// A unique index beside the writes, which becomes the constraint's own under a lock that is held for a moment. It comes
/// behind all else, where no foreign key needs it.
pub(super) fn on_an_index(table: &Name, key: &Key, needed: bool, plain: Vec<Step>) -> Vec<Step> {
    let stage = if needed { Stage::Main } else { Stage::Settle };
    let mut steps = index::create(ddl::create_index(table, &ddl::index_of(key), true), needed);
    let (on, name, deferrable) = (quote::name(table), quote::ident(&key.name), ddl::deferrable(key.deferrable));
    let sql = format!("ALTER TABLE {on}\n    ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{deferrable}");
    let mut rest = plain.into_iter();
    steps.extend(rest.next().map(|step| quick(Step { sql, stage, ..step })));
    steps.extend(rest.map(|step| Step { stage, ..step }));
    steps
}
