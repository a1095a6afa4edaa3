//! An index dropped.

use super::prelude::*;
use crate::lint::script::Statement;

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
        let made = |next: &Statement| next.is(K::CREATE_INDEX) && first(&next.node, &[K::INDEX]) == name;
        let sweeps = !children(&it.node, K::IF_EXISTS).is_empty() && it.script.statements[it.index..].iter().any(made);
        let known = name.as_ref().is_some_and(|name| it.known.indexes.get(name).is_some_and(|index| index.valid));
        it.whole(it.is(K::DROP_INDEX) && (known || !sweeps))
    }),
    fix: None,
};
