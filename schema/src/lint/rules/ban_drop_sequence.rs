//! A sequence dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-sequence",
    aliases: &[],
    level: Level::Warn,
    danger: "the numbers that were given are forgotten",
    harm: Harm::Breaks,
    safe: "drop it in a later release",
    example: Example {
        before: "CREATE SEQUENCE numbers;",
        bad: together("DROP SEQUENCE numbers;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_SEQUENCE))),
    fix: None,
};
