//! A sequence that counts otherwise.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-alter-sequence-values",
    aliases: &[],
    level: Level::Warn,
    danger: "numbers come again, or run out earlier; INSERTs wait for the lock",
    harm: Harm::Locks("SHARE ROW EXCLUSIVE"),
    safe: "forwards only: setval to a greater number",
    example: Example {
        before: "CREATE SEQUENCE numbers;",
        bad: together("ALTER SEQUENCE numbers RESTART WITH 1;"),
        good: &[together("ALTER SEQUENCE numbers OWNED BY t.id;")],
    },
    check: Check::Tree(|it| {
        let counts = [
            K::OPTION_AS_TYPE,
            K::OPTION_INCREMENT,
            K::OPTION_RESTART,
            K::OPTION_START,
            K::OPTION_MAX_VALUE,
            K::OPTION_MIN_VALUE,
            K::OPTION_NO_MAX_VALUE,
            K::OPTION_NO_MIN_VALUE,
            K::OPTION_CYCLE,
            K::OPTION_NO_CYCLE,
            K::OPTION_CACHE,
        ];
        if it.own {
            return Vec::new();
        }
        let mut found = if it.is(K::ALTER_SEQUENCE) { below(&it.node, &counts) } else { Vec::new() };
        if it.is(K::ALTER_TABLE) {
            found.extend(below(&it.node, &[K::RESTART, K::SET_SEQUENCE_OPTION]));
        }
        found
    }),
    fix: None,
};
