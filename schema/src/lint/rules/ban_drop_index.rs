//! An index dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-index",
    aliases: &[],
    level: Level::Warn,
    danger: "queries that used it scan the table",
    harm: Harm::Breaks,
    safe: "look at pg_stat_user_indexes first",
    example: Example {
        before: "",
        bad: alone("DROP INDEX CONCURRENTLY t_b_idx;"),
        good: &[alone("REINDEX INDEX CONCURRENTLY t_b_idx;")],
    },
    check: Check::Tree(|it| {
        // What a failed build may have left is no index that anybody uses.
        let name = first(&it.node, &[K::INDEX_REF]);
        let made = name.as_ref().is_some_and(|name| it.earlier().makes_index(name, it.statement));
        let sweeps = !children(&it.node, K::IF_EXISTS).is_empty() && made;
        let known = name.as_ref().is_some_and(|name| it.known.indexes.get(name).is_some_and(|index| index.valid));
        it.whole(it.is(K::DROP_INDEX) && (known || !sweeps))
    }),
    fix: None,
};
