//! varchar(n).

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-text-field",
    aliases: &["preferTextField"],
    level: Level::Warn,
    danger: "a smaller limit needs a scan of the table",
    harm: Harm::Regretted,
    safe: "text, with a CHECK of its length",
    example: Example {
        before: "",
        bad: together("CREATE TABLE u (c varchar(20));"),
        good: &[together("CREATE TABLE u (c text CHECK (char_length(c) <= 20));")],
    },
    check: Check::Tree(|it| {
        typed(it, |list| list.contains(&"(") && (list[0] == "varchar" || list.get(1) == Some(&"varying")))
    }),
    fix: None,
};
