//! Which tables can be joined, and which may appear in one query.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{PrintSchema, SameQuery};
use crate::schema::{ForeignKey, Name, Schema, Table};

/// A `joinable!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joinable<'a> {
    /// The table with the foreign key.
    pub(super) child: &'a Name,
    /// The table that it points at.
    pub(super) parent: &'a Name,
    /// The column of the foreign key.
    pub(super) column: &'a str,
}

/// The table's foreign keys, and as a partition those of its parents.
fn foreign_keys<'a>(schema: &'a Schema, table: &'a Table) -> Vec<&'a ForeignKey> {
    let parents = table.inheritance.parents.iter().filter(|_| table.inheritance.bound.is_some());
    let of_parents = parents.filter_map(|name| schema.tables.get(name)).flat_map(|it| foreign_keys(schema, it));
    table.foreign_keys.iter().chain(of_parents).collect()
}

/// The pairs of printed tables with exactly one foreign key between them, either way, that is of one column and points
/// at the whole primary key. Tables that are not printed count where there is a second foreign key.
pub(super) fn joinables<'a>(
    schema: &'a Schema,
    namespace: Option<&str>,
    printed: &BTreeMap<&'a Name, &'a Table>,
) -> Vec<Joinable<'a>> {
    let mut between: BTreeMap<(&Name, &Name), Vec<(&str, &str)>> = BTreeMap::new();
    for (child, table) in &schema.tables {
        for key in foreign_keys(schema, table) {
            if child.namespace.as_deref() == namespace && key.references.namespace.as_deref() == namespace {
                let columns = key.columns.iter().zip(&key.references_columns);
                let columns = columns.map(|(column, target)| (column.as_str(), target.as_str()));
                between.entry((child, &key.references)).or_default().extend(columns);
            }
        }
    }
    let is_one = |(&(child, parent), columns): (&(&'a Name, &'a Name), &Vec<(&'a str, &'a str)>)| {
        let [(column, target)] = columns[..] else { return None };
        let target_is_key = printed
            .get(parent)?
            .primary_key
            .as_ref()
            .is_some_and(|key| matches!(&key.columns[..], [it] if it == target));
        let alone = child != parent && !between.contains_key(&(parent, child));
        (alone && target_is_key && printed.contains_key(child)).then_some(Joinable { child, parent, column })
    };
    between.iter().filter_map(is_one).collect()
}

/// The lists for `allow_tables_to_appear_in_same_query!`, of two tables or more.
pub(super) fn same_query<'a>(
    options: &PrintSchema,
    printed: &BTreeMap<&'a Name, &'a Table>,
    joinables: &[Joinable<'a>],
) -> Vec<Vec<&'a Name>> {
    let mut groups: Vec<Vec<&Name>> = match options.allow_tables_to_appear_in_same_query_config {
        SameQuery::None => Vec::new(),
        SameQuery::AllTables => vec![printed.keys().copied().collect()],
        SameQuery::FkRelatedTables => related(printed, joinables),
    };
    groups.retain(|group| group.len() > 1);
    groups
}

fn related<'a>(printed: &BTreeMap<&'a Name, &'a Table>, joinables: &[Joinable<'a>]) -> Vec<Vec<&'a Name>> {
    let mut ties: BTreeMap<&Name, Vec<&'a Name>> = BTreeMap::new();
    for joinable in joinables {
        ties.entry(joinable.child).or_default().push(joinable.parent);
        ties.entry(joinable.parent).or_default().push(joinable.child);
    }
    let mut seen: BTreeSet<&Name> = BTreeSet::new();
    let mut groups = Vec::new();
    for &table in printed.keys() {
        let mut group = BTreeSet::new();
        let mut open = vec![table];
        while let Some(table) = open.pop() {
            if seen.insert(table) {
                group.insert(table);
                open.extend(ties.get(table).into_iter().flatten());
            }
        }
        groups.push(group.into_iter().collect());
    }
    groups
}
