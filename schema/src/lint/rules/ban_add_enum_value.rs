//! A value more of an enum.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-add-enum-value",
    aliases: &["avoidAlterEnumAddValue"],
    level: Level::Warn,
    danger: "an application that does not know the value fails to read it",
    harm: Harm::Breaks,
    safe: "once every release knows the value",
    example: Example {
        before: "CREATE TYPE mood AS ENUM ('sad');",
        bad: together("ALTER TYPE mood ADD VALUE 'glad';"),
        good: &[together("CREATE TYPE other AS ENUM ('sad', 'glad');")],
    },
    check: Check::Tree(|it| if it.own { Vec::new() } else { below(&it.node, &[K::ADD_VALUE]) }),
    fix: None,
};
