//! A primary key over an index whose columns may be NULL.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "primary-key-over-nullable",
    aliases: &["W14"],
    level: Level::Error,
    danger: "the columns become NOT NULL with it: the table is scanned while it is locked against reads and writes",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "make the columns NOT NULL by a validated CHECK first",
    example: Example {
        before: "CREATE TABLE q (id bigint);
INSERT INTO q SELECT i FROM generate_series(1, 1000) i;
CREATE UNIQUE INDEX q_id_idx ON q (id);",
        bad: together("ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY USING INDEX q_id_idx;"),
        good: &[
            together("ALTER TABLE q ADD CONSTRAINT q_id CHECK (id IS NOT NULL) NOT VALID;"),
            together("ALTER TABLE q VALIDATE CONSTRAINT q_id;"),
            together(
                "ALTER TABLE q ALTER COLUMN id SET NOT NULL;
ALTER TABLE q DROP CONSTRAINT q_id;",
            ),
            together("ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY USING INDEX q_id_idx;"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_constraints(K::PRIMARY_KEY_CONSTRAINT);
        let table = it.table.as_deref().unwrap_or_default();
        found.retain(|node| {
            let index = first(node, &[K::USING_INDEX_NAME]).and_then(|_| first(node, &[K::INDEX_REF]));
            let index = index.and_then(|index| it.known.indexes.get(&beside(table, &index)));
            let mut columns = index.iter().flat_map(|index| index.columns.iter().flatten());
            // PostgreSQL looks for the column's own NOT NULL, whatever a CHECK says.
            columns.any(|column| it.known.column(table, column).is_some_and(|column| !column.not_null))
        });
        found
    }),
    fix: None,
};
