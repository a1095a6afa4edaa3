//! A default dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-default",
    aliases: &[],
    level: Level::Warn,
    danger: "an application that leaves the column out writes NULL from now on, or fails where the column is NOT NULL",
    harm: Harm::Breaks,
    safe: "drop it once no release relies on it",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN n DROP DEFAULT;"),
        good: &[together("ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;")],
    },
    check: Check::Tree(|it| {
        let mut found = it.altered(&[K::ALTER_COLUMN]);
        found.retain(|node| !children(node, K::DROP_DEFAULT).is_empty());
        // The default of a column that is as new as that no application writes yet.
        found.retain(|node| !it.earlier().adds_column(first(node, &[K::COLUMN_NAME_REF]), it.statement));
        found
    }),
    fix: None,
};
