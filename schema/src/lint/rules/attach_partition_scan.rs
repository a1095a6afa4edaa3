//! A partition attached of which nothing proves its bounds.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "attach-partition-scan",
    aliases: &["avoidAttachingPartition"],
    level: Level::Warn,
    danger: "the new partition, and the default one, are scanned under ACCESS EXCLUSIVE where no valid CHECK proves the bounds",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "add a CHECK of the bounds NOT VALID to the partition, and its opposite to the default one, validate both, then attach",
    example: Example {
        before: "CREATE TABLE parts (id bigint) PARTITION BY RANGE (id);
CREATE TABLE more (id bigint);
INSERT INTO more SELECT i FROM generate_series(1, 1000) i;",
        bad: together("ALTER TABLE parts ATTACH PARTITION more FOR VALUES FROM (0) TO (10000);"),
        good: &[
            together(
                "ALTER TABLE more ADD CONSTRAINT bounds CHECK (id IS NOT NULL AND id >= 0 AND id < 10000) NOT VALID;",
            ),
            together("ALTER TABLE more VALIDATE CONSTRAINT bounds;"),
            together("ALTER TABLE parts ATTACH PARTITION more FOR VALUES FROM (0) TO (10000);"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = below(&it.node, &[K::ATTACH_PARTITION]);
        // Whether a check is the one of the bounds is the server's to say.
        let proven = |table: &str| {
            let table = it.known.tables.get(table);
            table.is_some_and(|it| it.checks.values().any(|check| check.validated && !check.words.is_empty()))
        };
        let parent = it.table.as_ref().and_then(|table| it.known.tables.get(table));
        let default = parent.and_then(|it| it.default_partition.clone());
        found.retain(|node| {
            let Some(name) = first(node, &[K::TABLE_NAME_REF]) else { return true };
            let small = it.known.is_small(&name) || it.earlier().makes(&name, it.statement);
            let default_holds = default.as_ref().is_none_or(|default| it.known.is_small(default) || proven(default));
            !((small || proven(&name)) && default_holds)
        });
        found
    }),
    fix: None,
};
