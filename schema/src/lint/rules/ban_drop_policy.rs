//! A policy dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-policy",
    aliases: &[],
    level: Level::Warn,
    danger: "who may see which rows changes at once",
    harm: Harm::Breaks,
    safe: "drop it with the roles in view",
    example: Example {
        before: "CREATE POLICY all_rows ON t USING (true);",
        bad: together("DROP POLICY all_rows ON t;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_POLICY))),
    fix: None,
};
