//! REINDEX in one go.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-concurrent-reindex",
    aliases: &["requireConcurrentReindex"],
    level: Level::Error,
    danger: "nobody can write to the table, and most queries wait, while the index is built",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "REINDEX INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
    example: Example {
        before: "",
        bad: together("REINDEX INDEX t_b_idx;"),
        good: &[alone("REINDEX INDEX CONCURRENTLY t_b_idx;")],
    },
    check: Check::Tree(|it| {
        // PostgreSQL has no REINDEX SYSTEM CONCURRENTLY.
        let blocks = it.is(K::REINDEX) && !it.concurrently() && !has_word(&it.node, "system");
        it.whole(blocks && !it.quiet())
    }),
    fix: Some(|it, _| {
        let kinds = ["index", "table", "schema", "database"];
        let kind = kinds.into_iter().find(|kind| has_word(&it.node, kind))?;
        Fix::insert(&it.node, kind, "CONCURRENTLY")?.alone(it)
    }),
};
