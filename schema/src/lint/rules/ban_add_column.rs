//! A column more.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-add-column",
    aliases: &[],
    level: Level::Off,
    danger: "a prepared `SELECT *` of an application that runs fails once: cached plan must not change result type",
    harm: Harm::Breaks,
    safe: "name the columns, as Diesel does; or add it while no other application reads the table",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together(
            "CREATE TABLE u (id bigint);
ALTER TABLE u ADD COLUMN z integer;",
        )],
    },
    check: Check::Tree(
        |it| if it.is(K::ALTER_TABLE) && !it.own { children(&it.node, K::ADD_COLUMN) } else { Vec::new() },
    ),
    fix: None,
};
