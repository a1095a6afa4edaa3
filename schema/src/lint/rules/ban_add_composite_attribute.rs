//! An attribute more of a composite type.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-add-composite-attribute",
    aliases: &[],
    level: Level::Warn,
    danger: "an application that reads or writes the type by its attributes fails",
    harm: Harm::Breaks,
    safe: "a second type, and a column of it",
    example: Example {
        before: "CREATE TYPE address AS (town text);",
        bad: together("ALTER TYPE address ADD ATTRIBUTE street text;"),
        good: &[together(
            "CREATE TYPE place AS (town text);
ALTER TYPE place ADD ATTRIBUTE street text;",
        )],
    },
    check: Check::Tree(|it| if it.own { Vec::new() } else { below(&it.node, &[K::ADD_ATTRIBUTE]) }),
    fix: None,
};
