//! A partition detached while the table is locked.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-concurrent-partition-detach",
    aliases: &["requireConcurrentDetachPartition"],
    level: Level::Error,
    danger: "the partitioned table is locked against reads and writes",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "DETACH PARTITION .. CONCURRENTLY, in a revision with run_in_transaction = false, and DROP CONSTRAINT of the CHECK that it leaves; where it was interrupted, FINALIZE",
    example: Example {
        before: "CREATE TABLE parts (id bigint) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);",
        bad: together("ALTER TABLE parts DETACH PARTITION parts_1;"),
        good: &[alone("ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;")],
    },
    check: Check::Tree(|it| {
        // CONCURRENTLY is PostgreSQL 14's.
        let is_better = !it.quiet() && it.may_have(14);
        let mut found = if is_better { below(&it.node, &[K::DETACH_PARTITION]) } else { Vec::new() };
        found.retain(|node| below(node, &[K::DETACH_CONCURRENTLY, K::DETACH_FINALIZE]).is_empty());
        found
    }),
    // It leaves a CHECK of the bounds on the partition, and so does not come to the same schema.
    fix: None,
};
