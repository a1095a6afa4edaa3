//! timestamp without time zone.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-timestamp-tz",
    aliases: &["preferTimestamptz"],
    level: Level::Warn,
    danger: "the time depends on who reads it",
    harm: Harm::Regretted,
    safe: "timestamptz",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c timestamp);"),
        good: &[together("CREATE TABLE u (c timestamptz);")],
    },
    check: Check::Tree(|it| {
        typed(it, |list| list[0] == "timestamp" && !list.windows(2).any(|it| it == ["with", "time"]))
    }),
    fix: None,
};
