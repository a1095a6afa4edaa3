//! A domain dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-domain",
    aliases: &[],
    level: Level::Warn,
    danger: "whoever uses it fails at once",
    harm: Harm::Breaks,
    safe: "drop it in a later release",
    example: Example {
        before: "CREATE DOMAIN amount AS integer;",
        bad: together("DROP DOMAIN amount;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_DOMAIN))),
    fix: None,
};
