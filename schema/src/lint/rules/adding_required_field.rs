//! A column that every row needs a value for, and none has.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "adding-required-field",
    aliases: &["addingRequiredField"],
    level: Level::Error,
    danger: "it fails where the table has rows, and so does every INSERT of an application that does not know the column",
    harm: Harm::Refused("contains null values"),
    safe: "ADD COLUMN .. NOT NULL DEFAULT a constant",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer NOT NULL;"),
        good: &[together("ALTER TABLE t ADD COLUMN z integer NOT NULL DEFAULT 7;")],
    },
    check: Check::Tree(|it| {
        // Also of a small table: it has rows.
        let there = it.is(K::ALTER_TABLE) && !it.fresh;
        let mut found = if there { children(&it.node, K::ADD_COLUMN) } else { Vec::new() };
        found.retain(|node| {
            let filled = [K::DEFAULT_CONSTRAINT, K::GENERATED_CONSTRAINT];
            let required = !children(node, K::NOT_NULL_CONSTRAINT).is_empty();
            required && below(node, &filled).is_empty() && !is_serial(node)
        });
        found
    }),
    fix: None,
};
