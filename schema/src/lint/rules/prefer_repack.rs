//! What PostgreSQL 19 has REPACK CONCURRENTLY for.

use super::ban_vacuum_full::is_full;
use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-repack",
    aliases: &[],
    level: Level::Warn,
    danger: "the whole table is written again under ACCESS EXCLUSIVE, and PostgreSQL 19 can do it beside the writes",
    harm: Harm::Regretted,
    safe: "REPACK (CONCURRENTLY)",
    example: Example { before: "", bad: alone("VACUUM FULL t;"), good: &[alone("VACUUM t;")] },
    check: Check::Tree(|it| {
        let repacks = it.is(K::REPACK) && !it.concurrently();
        it.whole(!it.before_version(19) && (repacks || it.is(K::CLUSTER) || is_full(it.statement)))
    }),
    fix: None,
};
