//! Another default.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-set-default",
    aliases: &[],
    level: Level::Off,
    danger: "an application that leaves the column out writes another value from now on",
    harm: Harm::Breaks,
    safe: "set it before the application relies on it",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;"),
        good: &[together("ALTER TABLE t ADD COLUMN z integer DEFAULT 1;")],
    },
    check: Check::Tree(|it| it.altered(&[K::SET_DEFAULT])),
    fix: None,
};
