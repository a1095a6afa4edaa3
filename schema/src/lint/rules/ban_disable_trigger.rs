//! A trigger, a rule or row level security that holds for fewer sessions.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-disable-trigger",
    aliases: &[],
    level: Level::Warn,
    danger: "what it kept right is right no longer; a foreign key is checked by a trigger",
    harm: Harm::Locks("SHARE ROW EXCLUSIVE"),
    safe: "leave it on",
    example: Example {
        before: "CREATE TRIGGER same BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        bad: together("ALTER TABLE t DISABLE TRIGGER same;"),
        good: &[together("ALTER TABLE t ENABLE TRIGGER same;")],
    },
    check: Check::Tree(|it| {
        let kinds = [
            K::DISABLE_TRIGGER,
            K::DISABLE_RULE,
            K::DISABLE_RLS,
            K::ENABLE_REPLICA_TRIGGER,
            K::ENABLE_REPLICA_RULE,
            K::ENABLE_ALWAYS_TRIGGER,
            K::ENABLE_ALWAYS_RULE,
            K::NO_FORCE_RLS,
        ];
        if it.own { Vec::new() } else { below(&it.node, &kinds) }
    }),
    fix: None,
};
