//! A default dropped.

use super::prelude::*;
use crate::lint::script::Statement;

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
        found.retain(|node| {
            let column = first(node, &[K::COLUMN_NAME_REF]);
            let adds = |before: &Statement| {
                let added = children(&before.node, K::ADD_COLUMN);
                before.table == it.table && added.iter().any(|it| first(it, &[K::COLUMN_NAME]) == column)
            };
            !it.before().any(adds)
        });
        found
    }),
    fix: None,
};
