//! A type dropped, or made anew under its name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-type",
    aliases: &[],
    level: Level::Warn,
    danger: "a connection that has read the type keeps its number: Diesel's cache of custom types then fails with `cache lookup failed for type` until it reconnects",
    harm: Harm::Breaks,
    safe: "add values to the enum that is there; to take one out, a second type, and a column of it that takes the name over",
    example: Example {
        before: "CREATE TYPE mood AS ENUM ('sad', 'low');",
        bad: together(
            "DROP TYPE mood;
CREATE TYPE mood AS ENUM ('sad');",
        ),
        good: &[together("ALTER TYPE mood ADD VALUE 'glad';")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_TYPE) && !it.own)),
    fix: None,
};
