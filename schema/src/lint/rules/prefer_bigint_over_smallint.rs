//! smallint.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-bigint-over-smallint",
    aliases: &["preferBigintOverSmallint"],
    level: Level::Warn,
    danger: "it ends at 32767, and a wider one rewrites the table",
    harm: Harm::Regretted,
    safe: "bigint",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c smallint);"),
        good: &[together("CREATE TABLE u (c bigint);")],
    },
    check: Check::Tree(|it| typed(it, |list| matches!(list[0], "smallint" | "int2" | "smallserial" | "serial2"))),
    fix: None,
};
