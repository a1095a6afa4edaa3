//! NOT NULL dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-not-null",
    aliases: &["banDropNotNull"],
    level: Level::Warn,
    danger: "an application that does not expect NULL there fails to read the row",
    harm: Harm::Breaks,
    safe: "make the field an Option first, in an earlier release",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN n DROP NOT NULL;"),
        good: &[together("ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;")],
    },
    check: Check::Tree(|it| if it.own { Vec::new() } else { below(&it.node, &[K::DROP_NOT_NULL]) }),
    fix: None,
};
