//! A generated column that becomes a plain one.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-generated-expression",
    aliases: &[],
    level: Level::Warn,
    danger: "whoever relied on it writes NULL from now on",
    harm: Harm::Breaks,
    safe: "keep it, or fill it by a trigger from the same transaction on",
    example: Example {
        before: "CREATE TABLE g (a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED);",
        bad: together("ALTER TABLE g ALTER COLUMN twice DROP EXPRESSION;"),
        good: &[together("ALTER TABLE g ADD COLUMN more integer;")],
    },
    check: Check::Tree(|it| if it.own { Vec::new() } else { below(&it.node, &[K::DROP_EXPRESSION]) }),
    fix: None,
};
