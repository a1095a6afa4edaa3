//! A unique constraint that builds its index.

use super::prelude::*;
use super::rewrites::index_first;

pub(super) const RULE: Rule = Rule {
    name: "disallowed-unique-constraint",
    aliases: &["disallowUniqueConstraint", "E7"],
    level: Level::Error,
    danger: "an index is built while the table is locked against reads and writes",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT .. UNIQUE USING INDEX",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);"),
        good: &[
            alone("CREATE UNIQUE INDEX CONCURRENTLY t_a_key ON t (a);"),
            together("ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key;"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_constraints(K::UNIQUE_CONSTRAINT);
        found.retain(|node| below(node, &[K::USING_INDEX_NAME]).is_empty());
        found.extend(it.inline_constraints(K::UNIQUE_CONSTRAINT));
        found
    }),
    fix: Some(index_first),
};
