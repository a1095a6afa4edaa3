//! char(n).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-char-field",
    aliases: &["banCharField"],
    level: Level::Warn,
    danger: "blanks are added up to the length, and ignored by some comparisons",
    harm: Harm::Regretted,
    safe: "text",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c char(3));"),
        good: &[together("CREATE TABLE u (c text);")],
    },
    check: Check::Tree(|it| {
        typed(it, |list| {
            matches!(list[0], "char" | "character" | "bpchar" | "nchar") && list.get(1) != Some(&"varying")
        })
    }),
    fix: None,
};
