//! An index dropped before the one that takes its place.

use super::prelude::*;
use crate::lint::catalog::{Index, index_of, names};

pub(super) const RULE: Rule = Rule {
    name: "index-gap",
    aliases: &[],
    level: Level::Warn,
    danger: "in between, queries scan the table, and a unique index keeps nothing out",
    harm: Harm::Breaks,
    safe: "create the new one under another name, drop the old one, then rename",
    example: Example {
        before: "",
        bad: alone(
            "DROP INDEX CONCURRENTLY t_b_idx;
CREATE INDEX CONCURRENTLY t_b_idx ON t (b) INCLUDE (a);",
        ),
        good: &[alone(
            "CREATE INDEX CONCURRENTLY t_b_new ON t (b) INCLUDE (a);
DROP INDEX CONCURRENTLY t_b_idx;
ALTER INDEX t_b_new RENAME TO t_b_idx;",
        )],
    },
    check: Check::Tree(|it| {
        let names = if it.is(K::DROP_INDEX) { names(&it.node, K::INDEX_REF) } else { Vec::new() };
        let gone: Vec<&Index> = names.iter().filter_map(|name| it.known.indexes.get(name)).collect();
        let later = &it.script.statements[it.index + 1..];
        let mut made = later
            .iter()
            .filter(|it| it.is(K::CREATE_INDEX))
            .filter_map(|it| it.table.as_ref().map(|table| index_of(&it.node, table)));
        // Inside one transaction nobody sees the time in between.
        let replaced = made.any(|new| {
            gone.iter().any(|old| old.valid && old.table == new.table && old.columns.first() == new.columns.first())
        });
        it.whole(replaced && it.transaction.is_none())
    }),
    fix: None,
};
