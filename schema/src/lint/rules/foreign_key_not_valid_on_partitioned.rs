//! A foreign key of a partitioned table, NOT VALID.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-not-valid-on-partitioned",
    aliases: &[],
    level: Level::Error,
    danger: "PostgreSQL before 18 refuses NOT VALID there, and without it nobody can write to any partition while the rows are compared",
    harm: Harm::Refused("NOT VALID"),
    safe: "the foreign key on each partition, NOT VALID and validated; then on the partitioned table, which takes them over without a scan",
    example: Example {
        before: "CREATE TABLE parts (id bigint, p_id bigint) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);
INSERT INTO parts SELECT i, i FROM generate_series(1, 1000) i;",
        bad: together("ALTER TABLE parts ADD CONSTRAINT parts_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
        good: &[
            together("ALTER TABLE parts_1 ADD CONSTRAINT parts_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
            together("ALTER TABLE parts_1 VALIDATE CONSTRAINT parts_p_fkey;"),
        ],
    },
    check: Check::Tree(|it| {
        let table = it.table.as_ref().and_then(|table| it.known.tables.get(table));
        let mut found = it.added_constraints(K::FOREIGN_KEY_CONSTRAINT);
        let refused = table.is_some_and(|it| it.partitioned) && it.before_version(18);
        found.retain(|node| refused && !below(node, &[K::NOT_VALID]).is_empty());
        found
    }),
    fix: None,
};
