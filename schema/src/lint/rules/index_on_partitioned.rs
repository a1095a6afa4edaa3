//! An index on a partitioned table.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "index-on-partitioned",
    aliases: &[],
    level: Level::Error,
    danger: "nobody can write to any partition while the indexes are built, and PostgreSQL refuses CONCURRENTLY there",
    harm: Harm::Scans("SHARE"),
    safe: "CREATE INDEX .. ON ONLY the table, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX .. ATTACH PARTITION",
    example: Example {
        before: "CREATE TABLE parts (id bigint, p_id bigint) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);
INSERT INTO parts SELECT i, i FROM generate_series(1, 1000) i;",
        bad: together("CREATE INDEX parts_p_idx ON parts (p_id);"),
        good: &[
            together("CREATE INDEX parts_p_idx ON ONLY parts (p_id);"),
            alone("CREATE INDEX CONCURRENTLY parts_1_p_idx ON parts_1 (p_id);"),
            together("ALTER INDEX parts_p_idx ATTACH PARTITION parts_1_p_idx;"),
        ],
    },
    check: Check::Tree(|it| {
        let table = it.table.as_ref().and_then(|table| it.known.tables.get(table));
        let parts = it.is(K::CREATE_INDEX) && table.is_some_and(|it| it.partitioned);
        it.whole(parts && !it.quiet() && !has_word(&it.node, "only"))
    }),
    fix: None,
};
