//! An index dropped before the one that takes its place.

use super::prelude::*;
use crate::lint::catalog::names;

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
        let gone = names.iter().filter_map(|name| it.known.indexes.get(name));
        let replaced = gone.filter(|old| old.valid).any(|old| it.earlier().replaces(old, it.statement));
        // Inside one transaction nobody sees the time in between.
        it.whole(replaced && it.transaction.is_none())
    }),
    fix: None,
};
