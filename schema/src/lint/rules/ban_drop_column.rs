//! A column dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-column",
    aliases: &["banDropColumn"],
    level: Level::Error,
    danger: "the data is lost, and so are indexes and constraints over the column; an application that still reads it fails",
    harm: Harm::Loses,
    safe: "take it out of the model first, drop it in a later release",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t DROP COLUMN a;"),
        good: &[together("ALTER TABLE t ALTER COLUMN n DROP NOT NULL;")],
    },
    check: Check::Tree(|it| it.altered(&[K::DROP_COLUMN])),
    fix: None,
};
