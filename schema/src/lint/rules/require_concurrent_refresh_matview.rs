//! A materialized view filled while nobody can read it.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-concurrent-refresh-matview",
    aliases: &["requireConcurrentRefreshMatview"],
    level: Level::Error,
    danger: "nobody can read the view while it is filled",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index",
    example: Example {
        before: "CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
CREATE UNIQUE INDEX m_id ON m (id);",
        bad: together("REFRESH MATERIALIZED VIEW m;"),
        good: &[together("REFRESH MATERIALIZED VIEW CONCURRENTLY m;")],
    },
    check: Check::Tree(|it| {
        let empties = has_word(&it.node, "no") && has_word(&it.node, "data");
        it.whole(it.is(K::REFRESH) && !it.own && !it.concurrently() && !empties)
    }),
    fix: Some(|it, _| {
        let view = first(&it.node, &[K::VIEW_REF])?;
        let unique = it
            .known
            .indexes_of(&view)
            .any(|(_, index)| index.unique && index.valid && !index.partial && !index.columns.contains(&None));
        if unique { Fix::insert(&it.node, "view", "CONCURRENTLY") } else { None }
    }),
};
