//! A partition or a child that leaves.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-detach-inheritance",
    aliases: &[],
    level: Level::Warn,
    danger: "its rows are gone from the parent at once, for everybody who reads that",
    harm: Harm::Breaks,
    safe: "once no application reads them through the parent",
    example: Example {
        before: "CREATE TABLE child () INHERITS (t);",
        bad: together("ALTER TABLE child NO INHERIT t;"),
        good: &[together(
            "CREATE TABLE other () INHERITS (t);
ALTER TABLE other NO INHERIT t;",
        )],
    },
    check: Check::Tree(
        |it| if it.own { Vec::new() } else { below(&it.node, &[K::DETACH_PARTITION, K::NO_INHERIT_TABLE]) },
    ),
    fix: None,
};
