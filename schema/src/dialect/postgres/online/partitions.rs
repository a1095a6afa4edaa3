//! Tables that are split into partitions: what `CONCURRENTLY`, `USING INDEX` and, before PostgreSQL 18, a foreign key's
//! `NOT VALID` are refused for is done on each partition. The statement on the parent then finds what it would make
//! there already, and takes it over without a look at the rows (PostgreSQL manual, `CREATE INDEX`, "Building Indexes
//! Concurrently", and `ALTER TABLE .. ADD table_constraint`). A partition that is nobody's acquaintance here, made on one
//! server alone, gets its own from that statement.

use std::collections::BTreeSet;

use diesel_schema_core::naming;

use super::{constraint, index, quick};
use crate::change::{Change, Constraint, Stage, Step, TableLock};
use crate::dialect::Refusal;
use crate::dialect::postgres::{ddl, quote};
use crate::schema::{ForeignKey, Index, Key, Name, Schema};

/// The tables below this one that hold rows, itself among them where it does, and that were there before.
pub(super) fn leaves(table: &Name, old: &Schema, new: &Schema) -> Vec<Name> {
    let mut open = vec![table];
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        let (Some(_), Some(is)) = (old.tables.get(name), new.tables.get(name)) else { continue };
        if is.inheritance.partition_by.is_none() {
            found.insert(name.clone());
        }
        open.extend(new.tables.values().filter(|it| it.inheritance.parents.contains(name)).map(|it| &it.name));
    }
    found.into_iter().collect()
}

/// A name for what a partition has of its parent.
pub(super) fn name_of_its_own(partition: &Name, parents: &str, label: &str, old: &Schema, new: &Schema) -> String {
    let beside = |schema: &Schema| -> Vec<String> {
        let tables = schema.tables.values().filter(|it| it.name.namespace == partition.namespace);
        tables.flat_map(|it| it.relation_names().chain([it.name.name.as_str()]).map(str::to_owned)).collect()
    };
    let mut taken: BTreeSet<String> = beside(old).into_iter().chain(beside(new)).collect();
    naming::choose(&mut taken, &partition.name, parents, label)
}

/// The index of a partition that is its part of one of a table above it: as the server calls it, where it was asked.
pub(super) fn part_of(partition: &Name, (above, index): (&Name, &str), (old, new): (&Schema, &Schema)) -> String {
    fn known(partition: &Name, (above, index): (&Name, &str), new: &Schema) -> Option<String> {
        let ties = &new.tables.get(partition)?.inheritance;
        let of = match ties.parents.contains(above) {
            true => index.to_owned(),
            false => ties.parents.iter().find_map(|parent| known(parent, (above, index), new))?,
        };
        ties.attached.iter().find(|it| it.of == of).map(|it| it.name.clone())
    }
    let chosen = || name_of_its_own(partition, index, "part", old, new);
    known(partition, (above, index), new).unwrap_or_else(chosen)
}

/// The parent's statement, behind those of the partitions.
fn above(plain: Vec<Step>, needed: bool) -> impl Iterator<Item = Step> {
    let stage = if needed { Stage::Main } else { Stage::Settle };
    plain.into_iter().map(move |step| Step { stage, ..quick(step) })
}

/// An index on each partition beside the writes, and then theirs.
pub(super) fn index(
    table: &Name,
    of: &Index,
    needed: bool,
    (old, new): (&Schema, &Schema),
    plain: Vec<Step>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for leaf in leaves(table, old, new) {
        let name = part_of(&leaf, (table, &of.name), (old, new));
        let own = Index { name, comment: None, ..of.clone() };
        steps.extend(index::create(ddl::create_index(&leaf, &own, true), needed));
    }
    steps.extend(above(plain, needed));
    steps
}

/// A unique constraint on each partition, on an index that was built beside the writes, and then theirs.
pub(super) fn unique(table: &Name, key: &Key, (old, new): (&Schema, &Schema), plain: Vec<Step>) -> Vec<Step> {
    let needed = index::is_waited_for(table, key, new);
    let mut steps = Vec::new();
    for leaf in leaves(table, old, new) {
        let name = part_of(&leaf, (table, &key.name), (old, new));
        let own = Key { name, comment: None, ..key.clone() };
        let added = ddl::exclusive(String::new());
        let mut own = constraint::on_an_index(&leaf, &own, needed, vec![added]);
        steps.append(&mut own);
    }
    steps.extend(above(plain, needed));
    steps
}

/// A foreign key on each partition, proven behind the commit, and then theirs. The table is locked first, and its
/// partitions with it: a client that writes one of them and then what the key leads to would otherwise hold the one while
/// this transaction holds the other.
pub(super) fn foreign_key(
    table: &Name,
    key: &ForeignKey,
    (old, new): (&Schema, &Schema),
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let leaves = leaves(table, old, new);
    let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", quote::name(table));
    let lock = Step { lock: Some(TableLock::ShareRowExclusive), ..Step::harmless(lock) };
    let mut steps: Vec<Step> = (!leaves.is_empty()).then_some(lock).into_iter().collect();
    for leaf in leaves {
        let has =
            |schema: &Schema| schema.tables.get(&leaf).is_some_and(|it| it.relation_names().any(|it| it == key.name));
        let name = match has(old) || has(new) {
            true => name_of_its_own(&leaf, &key.name, "part", old, new),
            false => key.name.clone(),
        };
        let own = Constraint::ForeignKey(ForeignKey { name, comment: None, ..key.clone() });
        steps.extend(constraint::validated_later(&leaf, &own, plain)?);
    }
    let added = Change::AddConstraint { table: table.clone(), constraint: Constraint::ForeignKey(key.clone()) };
    steps.extend(above(plain(&added)?, false));
    Ok(steps)
}
