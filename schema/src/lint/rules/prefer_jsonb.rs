//! json.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-jsonb",
    aliases: &["preferJsonb", "E3"],
    level: Level::Warn,
    danger: "json has no equality: DISTINCT and GROUP BY fail",
    harm: Harm::Regretted,
    safe: "jsonb",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c json);"),
        good: &[together("CREATE TABLE u (c jsonb);")],
    },
    check: Check::Tree(|it| typed(it, |list| list[0] == "json")),
    fix: None,
};
