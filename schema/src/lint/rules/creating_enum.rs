//! An enum.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "creating-enum",
    aliases: &["creatingEnum", "W13"],
    level: Level::Off,
    danger: "a value can't be taken out again",
    harm: Harm::Regretted,
    safe: "a table of the values",
    example: Example {
        before: "",
        bad: together("CREATE TYPE mood AS ENUM ('sad');"),
        good: &[together("CREATE TABLE moods (mood text PRIMARY KEY);")],
    },
    check: Check::Tree(|it| below(&it.node, &[K::ENUM_TYPE])),
    fix: None,
};
