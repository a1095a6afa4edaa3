//! An enum's new value, used in the transaction that adds it.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "enum-value-used-at-once",
    aliases: &[],
    level: Level::Error,
    danger: "PostgreSQL refuses a value that its own transaction has added, except to a type that is as new",
    harm: Harm::Refused("unsafe use of new value"),
    safe: "ADD VALUE in a revision of its own, before what uses it",
    example: Example {
        before: "CREATE TYPE mood AS ENUM ('sad');",
        bad: together(
            "ALTER TYPE mood ADD VALUE 'glad';
ALTER TABLE t ADD COLUMN m mood DEFAULT 'glad';",
        ),
        good: &[
            together("ALTER TYPE mood ADD VALUE 'glad';"),
            together("ALTER TABLE t ADD COLUMN m mood DEFAULT 'glad';"),
        ],
    },
    check: Check::Tree(|it| {
        if it.is(K::ALTER_TYPE) {
            return Vec::new();
        }
        let mut found = below(&it.node, &[K::LITERAL]);
        found.retain(|node| it.earlier().adds_value(&node.text().to_string(), it.statement));
        found
    }),
    fix: None,
};
