//! A materialized view filled by a migration.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "concurrent-refresh-matview-lock",
    aliases: &["concurrentRefreshMatviewLock"],
    level: Level::Off,
    danger: "the view is read, and written by nobody, while it is compared",
    harm: Harm::Locks("EXCLUSIVE"),
    safe: "refresh it from a job, not from a migration",
    example: Example {
        before: "CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
CREATE UNIQUE INDEX m_id ON m (id);",
        bad: together("REFRESH MATERIALIZED VIEW CONCURRENTLY m;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::REFRESH) && it.concurrently())),
    fix: None,
};
