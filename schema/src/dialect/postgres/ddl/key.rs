//! Keys on indexes that stand already.

use super::exclusive;
use super::table::{constraint_comment, deferrable};
use crate::change::{Constraint, Step};
use crate::dialect::postgres::quote;
use crate::schema::*;

/// The index that the constraint would make for itself.
pub(in crate::dialect::postgres) fn index_of(key: &Key) -> Index {
    let by = |column: &String| IndexKey {
        what: IndexKeyWhat::Column(column.clone()),
        descending: false,
        nulls: NullsOrder::Default,
        opclass: None,
        collation: None,
    };
    Index {
        name: key.name.clone(),
        unique: true,
        nulls_not_distinct: key.nulls_not_distinct,
        method: "btree".to_owned(),
        keys: key.columns.iter().map(by).collect(),
        include: key.include.clone(),
        predicate: None,
        with: Vec::new(),
        valid: true,
        comment: None,
    }
}

/// A key on an index that stands already. A partitioned table's can't be one.
pub(in crate::dialect::postgres) fn key_of_index(
    table: &Name,
    index: &Index,
    added: &Constraint,
    old: &Schema,
    new: &Schema,
) -> Option<Vec<Step>> {
    let (kind, key) = match added {
        Constraint::PrimaryKey(key) => ("PRIMARY KEY", key),
        Constraint::Unique(key) => ("UNIQUE", key),
        _ => return None,
    };
    let split = |schema: &Schema| schema.tables.get(table).is_none_or(|it| it.inheritance.partition_by.is_some());
    let would_be = Index { name: index.name.clone(), ..index_of(key) };
    if would_be != *index || key.without_overlaps || split(old) || split(new) {
        return None;
    }
    let sql = format!(
        "ALTER TABLE {}\n    ADD CONSTRAINT {} {kind} USING INDEX {}{}",
        quote::name(table),
        quote::ident(&key.name),
        quote::ident(&index.name),
        deferrable(key.deferrable)
    );
    let comment = constraint_comment(table, &key.name, key.comment.as_ref());
    Some(std::iter::once(exclusive(sql)).chain(comment).collect())
}
