//! Something in another schema.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-set-schema",
    aliases: &[],
    level: Level::Error,
    danger: "whoever uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "leave it where it is",
    example: Example {
        before: "CREATE SCHEMA s;",
        bad: together("ALTER TABLE t SET SCHEMA s;"),
        good: &[together("CREATE VIEW s.t AS SELECT id FROM t;")],
    },
    check: Check::Tree(|it| if it.own { Vec::new() } else { below(&it.node, &[K::SET_SCHEMA]) }),
    fix: None,
};
