//! A lock without lock_timeout.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-lock-timeout",
    aliases: &["lockTimeoutWarning", "E9"],
    level: Level::Off,
    danger: "whoever needs the table waits behind this statement, as long as it waits itself; diesel-schema's own runner sets lock_timeout",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "SET LOCAL lock_timeout = '2s'",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together(
            "SET LOCAL lock_timeout = '10s';
ALTER TABLE t ADD COLUMN z integer;",
        )],
    },
    check: Check::Tree(|it| it.whole(it.locks() && !is_made_alone(it) && !it.timeouts.contains_key("lock_timeout"))),
    fix: None,
};

/// Whether it makes something that needs no table, or at most its ACCESS SHARE.
fn is_made_alone(it: &Place<'_>) -> bool {
    let needs = ["references", "partition", "inherits"].iter().any(|word| has_word(&it.node, word));
    let alone = [
        K::CREATE_TYPE,
        K::CREATE_DOMAIN,
        K::CREATE_FUNCTION,
        K::CREATE_PROCEDURE,
        K::CREATE_SCHEMA,
        K::CREATE_SEQUENCE,
        K::CREATE_EXTENSION,
        K::CREATE_TABLE_AS,
        K::CREATE_MATERIALIZED_VIEW,
    ];
    alone.contains(&it.node.kind()) || (it.is(K::CREATE_TABLE) && !needs)
}
