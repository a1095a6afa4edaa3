//! lock_timeout around CONCURRENTLY.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "lock-timeout-with-concurrently",
    aliases: &[],
    level: Level::Warn,
    danger: "CONCURRENTLY waits for every transaction that began before it, in any table: lock_timeout cancels it, and an invalid index is left",
    harm: Harm::Breaks,
    safe: "SET lock_timeout = 0 before it",
    example: Example {
        before: "",
        bad: alone(
            "SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY t_a_idx ON t (a);",
        ),
        good: &[alone(
            "SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY t_a_idx ON t (a);",
        )],
    },
    check: Check::Tree(|it| {
        let indexes = [K::CREATE_INDEX, K::DROP_INDEX, K::REINDEX].contains(&it.node.kind());
        let short =
            it.timeouts.get("lock_timeout").is_some_and(|value| !matches!(value.trim_matches('\''), "0" | "default"));
        it.whole(indexes && it.concurrently() && short)
    }),
    fix: None,
};
