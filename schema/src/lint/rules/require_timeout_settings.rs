//! A lock without lock_timeout and statement_timeout.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-timeout-settings",
    aliases: &[],
    level: Level::Off,
    danger: "whoever needs the table waits behind this statement, as long as it waits itself; diesel-schema's own runner sets lock_timeout",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s'",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together(
            "SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE t ADD COLUMN z integer;",
        )],
    },
    check: Check::Tree(|it| {
        it.whole(
            it.locks() && !(it.timeouts.contains_key("lock_timeout") && it.timeouts.contains_key("statement_timeout")),
        )
    }),
    fix: None,
};
