//! A lock without statement_timeout.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-statement-timeout",
    aliases: &["requireStatementTimeout"],
    level: Level::Off,
    danger: "a statement that takes long holds its lock as long",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "SET LOCAL statement_timeout = '5s'",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together(
            "SET LOCAL statement_timeout = '10s';
ALTER TABLE t ADD COLUMN z integer;",
        )],
    },
    check: Check::Tree(|it| it.whole(it.locks() && !it.timeouts.contains_key("statement_timeout"))),
    fix: None,
};
