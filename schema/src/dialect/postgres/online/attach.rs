//! `ATTACH PARTITION`: the rows are proven to belong there before, so that the statement reads none of them (PostgreSQL
//! manual, `ALTER TABLE .. ATTACH PARTITION`).

use super::{constraint, index, partitions, quick};
use crate::change::{Change, Constraint, Stage, Step};
use crate::dialect::Refusal;
use crate::dialect::postgres::{ddl, quote};
use crate::schema::{Check, ForeignKey, Index, Inheritance, Key, Name, Schema, Table};

/// What the rows of a partition have in common, for a table that is split by one column. Of other ones, and of the
/// default partition, the server alone knows how to say it.
pub(super) fn condition(partition_by: &str, bound: &str) -> Option<String> {
    let (method, key) = partition_by.strip_suffix(')')?.split_once(" (")?;
    let is_column = |key: &str| {
        let inside = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        inside.map_or_else(|| key.chars().all(plain), |key| !key.contains('"'))
    };
    if !is_column(key) {
        return None;
    }
    let values = bound.strip_prefix("FOR VALUES ")?;
    match method {
        "RANGE" => {
            let (from, to) = values.strip_prefix("FROM (")?.strip_suffix(')')?.split_once(") TO (")?;
            let mut parts = vec![format!("{key} IS NOT NULL")];
            parts.extend((from != "MINVALUE").then(|| format!("{key} >= {from}")));
            parts.extend((to != "MAXVALUE").then(|| format!("{key} < {to}")));
            Some(parts.join(" AND "))
        }
        "LIST" => {
            let values = values.strip_prefix("IN ")?;
            // Which of the commas separate and which are text is not worth knowing for the odd list with a NULL.
            (!values.contains("NULL")).then(|| format!("{key} IS NOT NULL AND {key} IN {values}"))
        }
        _ => None,
    }
}

/// The table that becomes a partition, and its parent, where it was none before.
pub(super) fn joins<'a>(old: &Inheritance, new: &'a Inheritance) -> Option<(&'a Name, &'a str)> {
    match (old.parents.as_slice(), new.parents.as_slice(), &new.bound) {
        ([], [parent], Some(bound)) => Some((parent, bound)),
        _ => None,
    }
}

/// Whether the table gets checks first that its parents ask for: they are proven in a transaction of their own.
pub(super) fn waits_for_checks(table: &Name, (old, new): (&Schema, &Schema)) -> bool {
    let (Some(was), Some(is)) = (old.tables.get(table), new.tables.get(table)) else { return false };
    let has = |check: &Check| was.checks.iter().any(|it| it.name == check.name);
    let above = new.ancestors(is).into_iter().filter_map(|name| new.tables.get(name));
    above.flat_map(|parent| &parent.checks).any(|check| !check.no_inherit && !has(check))
}

/// The statements once those are proven: none of them reads a row.
pub(super) fn behind_checks(steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().map(|step| Step { stage: Stage::Settle, ..step }).collect()
}

pub(super) fn proven_first(
    table: &Name,
    (parent, bound): (&Name, &str),
    (old, new): (&Schema, &Schema),
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
    attach: Vec<Step>,
) -> Result<Option<Vec<Step>>, Refusal> {
    let (Some(above), Some(child)) = (old.tables.get(parent), old.tables.get(table)) else { return Ok(None) };
    let partition_by = above.inheritance.partition_by.as_deref().unwrap_or_default();
    let Some(rows) = condition(partition_by, bound) else { return Ok(None) };
    let is_default =
        |it: &&Table| it.inheritance.parents.contains(parent) && it.inheritance.bound.as_deref() == Some("DEFAULT");
    // One that goes, or leaves, holds nothing by then that could be in the way.
    let stays = |it: &&Table| new.tables.get(&it.name).is_some_and(|it| is_default(&it));
    let rest = old.tables.values().find(|it| is_default(it) && stays(it)).map(|it| (&it.name, format!("NOT ({rows})")));
    let mut steps = Vec::new();
    let mut after = Vec::new();
    for (on, expr) in [(table, rows)].into_iter().chain(rest) {
        let name = partitions::name_of_its_own(on, &table.name, "bounds", old, new);
        let check = Check { name, expr, no_inherit: false, validated: true, enforced: true, comment: None };
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {}", quote::name(on), quote::ident(&check.name));
        steps.extend(constraint::validated_later(on, &Constraint::Check(check), plain)?);
        after.push(Step { stage: Stage::Settle, ..ddl::exclusive(drop) });
    }
    steps.extend(of_its_parent(table, above, child, (old, new), plain)?);
    steps.extend(attach.into_iter().map(|step| Step { stage: Stage::Settle, ..quick(step) }));
    steps.extend(after);
    Ok(Some(steps))
}

/// The indexes, unique constraints and foreign keys that a partition of this parent has, as far as the table lacks them:
/// attaching would build and check them under its lock.
fn of_its_parent(
    table: &Name,
    parent: &Table,
    child: &Table,
    (old, new): (&Schema, &Schema),
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let mut steps = Vec::new();
    let own = |name: &str| partitions::name_of_its_own(table, name, "part", old, new);
    let part = |name: &str| partitions::part_of(table, (&parent.name, name), (old, new));
    // What the plan drops of the parent's is none of a partition's, and what it adds is built on all of them later.
    let Some(after) = new.tables.get(&parent.name) else { return Ok(steps) };
    for index in &parent.indexes {
        let alike =
            |it: &&Index| Index { name: index.name.clone(), comment: index.comment.clone(), ..(*it).clone() } == *index;
        if !after.indexes.iter().any(|it| alike(&it)) {
            continue;
        }
        if !child.indexes.iter().any(|it| alike(&it)) {
            let own = Index { name: part(&index.name), comment: None, ..index.clone() };
            steps.extend(index::create(ddl::create_index(table, &own, true), false));
        }
    }
    let same = |a: &Key, b: &Key| Key { name: b.name.clone(), comment: b.comment.clone(), ..a.clone() } == *b;
    let stays = |key: &&Key| after.uniques.iter().any(|it| same(it, key));
    for key in parent.uniques.iter().filter(stays).filter(|key| !child.uniques.iter().any(|it| same(it, key))) {
        let own = Key { name: part(&key.name), comment: None, ..key.clone() };
        steps.extend(constraint::on_an_index(table, &own, false, vec![ddl::exclusive(String::new())]));
    }
    // The parent's columns are without NULLs, and so are those of whatever becomes its partition.
    let stays = |key: &&Key| after.primary_key.as_ref().is_some_and(|it| same(it, key));
    for key in parent.primary_key.iter().filter(stays).filter(|_| child.primary_key.is_none()) {
        let own = Key { name: part(&key.name), comment: None, ..key.clone() };
        steps.extend(index::create(ddl::create_index(table, &ddl::index_of(&own), true), false));
        let (on, name) = (quote::name(table), quote::ident(&own.name));
        let add = format!("ALTER TABLE {on}\n    ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}");
        steps.push(Step { stage: Stage::Settle, ..ddl::exclusive(add) });
    }
    for key in &parent.foreign_keys {
        let alike =
            |it: &ForeignKey| ForeignKey { name: key.name.clone(), comment: key.comment.clone(), ..it.clone() } == *key;
        if after.foreign_keys.iter().any(alike) && !child.foreign_keys.iter().any(alike) {
            let own = ForeignKey { name: own(&key.name), comment: None, ..key.clone() };
            steps.extend(constraint::validated_later(table, &Constraint::ForeignKey(own), plain)?);
        }
    }
    Ok(steps)
}
