//! A lock without idle_in_transaction_session_timeout.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-idle-in-transaction-timeout",
    aliases: &["requireIdleInTransactionTimeout"],
    level: Level::Off,
    danger: "a client that hangs between two statements keeps its locks",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "SET LOCAL idle_in_transaction_session_timeout = '10s'",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together(
            "SET LOCAL idle_in_transaction_session_timeout = '10s';
ALTER TABLE t ADD COLUMN z integer;",
        )],
    },
    check: Check::Tree(|it| it.whole(it.locks() && !it.timeouts.contains_key("idle_in_transaction_session_timeout"))),
    fix: None,
};
