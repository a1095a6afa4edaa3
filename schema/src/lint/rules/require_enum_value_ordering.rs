//! ADD VALUE without a place.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-enum-value-ordering",
    aliases: &[],
    level: Level::Off,
    danger: "the value comes last, wherever it was meant to be",
    harm: Harm::Regretted,
    safe: "ADD VALUE .. BEFORE or AFTER another one",
    example: Example {
        before: "CREATE TYPE mood AS ENUM ('sad');",
        bad: together("ALTER TYPE mood ADD VALUE 'glad';"),
        good: &[together("ALTER TYPE mood ADD VALUE 'glad' BEFORE 'sad';")],
    },
    check: Check::Tree(|it| {
        let mut found = below(&it.node, &[K::ADD_VALUE]);
        found.retain(|node| below(node, &[K::AFTER_VALUE, K::BEFORE_VALUE]).is_empty());
        found
    }),
    fix: None,
};
