//! Another type for a column that a view shows.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "type-of-viewed-column",
    aliases: &[],
    level: Level::Warn,
    danger: "PostgreSQL refuses another type for a column that a view uses, even one that only becomes wider",
    harm: Harm::Refused("used by a view"),
    safe: "DROP VIEW, the change, and CREATE VIEW again, in one transaction",
    example: Example {
        before: "CREATE VIEW notes AS SELECT id, b FROM t;",
        bad: together("ALTER TABLE t ALTER COLUMN b TYPE text;"),
        good: &[
            together("ALTER TABLE t ALTER COLUMN a TYPE integer;"),
            together(
                "DROP VIEW notes;
ALTER TABLE t ALTER COLUMN b TYPE text;
CREATE VIEW notes AS SELECT id, b FROM t;",
            ),
        ],
    },
    check: Check::Tree(|it| {
        let Some(table) = it.table.as_deref().filter(|_| it.is(K::ALTER_TABLE)) else { return Vec::new() };
        let mut found = children(&it.node, K::ALTER_COLUMN);
        found.retain(|action| {
            let column = first(action, &[K::COLUMN_NAME_REF]);
            !children(action, K::SET_TYPE).is_empty() && column.is_some_and(|column| it.known.is_viewed(table, &column))
        });
        found
    }),
    fix: None,
};
