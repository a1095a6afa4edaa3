//! A function dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-function",
    aliases: &[],
    level: Level::Warn,
    danger: "whoever calls it fails at once",
    harm: Harm::Breaks,
    safe: "drop it in a later release",
    example: Example {
        before: "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
        bad: together("DROP FUNCTION one();"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_FUNCTION) || it.is(K::DROP_PROCEDURE) || it.is(K::DROP_ROUTINE))),
    fix: None,
};
