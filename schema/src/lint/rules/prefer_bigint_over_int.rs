//! integer.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-bigint-over-int",
    aliases: &["preferBigintOverInt", "preferBigInt"],
    level: Level::Warn,
    danger: "it ends at 2147483647, and a wider one rewrites the table",
    harm: Harm::Regretted,
    safe: "bigint",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c integer);"),
        good: &[together("CREATE TABLE u (c bigint);")],
    },
    check: Check::Tree(|it| typed(it, |list| matches!(list[0], "int" | "integer" | "int4" | "serial" | "serial4"))),
    fix: None,
};
