//! A primary key that builds its index.

use super::prelude::*;
use super::rewrites::index_first;

pub(super) const RULE: Rule = Rule {
    name: "adding-serial-primary-key-field",
    aliases: &["addingPrimaryKeyConstraint"],
    level: Level::Error,
    danger: "an index is built, and the columns are scanned for NULLs, while the table is locked against reads and writes",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "make the columns NOT NULL by a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX",
    example: Example {
        before: "CREATE TABLE q (id bigint NOT NULL);
INSERT INTO q SELECT i FROM generate_series(1, 1000) i;",
        bad: together("ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY (id);"),
        good: &[
            alone("CREATE UNIQUE INDEX CONCURRENTLY q_pkey ON q (id);"),
            together("ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY USING INDEX q_pkey;"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_constraints(K::PRIMARY_KEY_CONSTRAINT);
        found.retain(|node| below(node, &[K::USING_INDEX_NAME]).is_empty());
        found.extend(it.inline_constraints(K::PRIMARY_KEY_CONSTRAINT));
        found
    }),
    fix: Some(index_first),
};
