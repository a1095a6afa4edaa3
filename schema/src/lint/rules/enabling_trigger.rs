//! A trigger that fires from now on, or no more.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "enabling-trigger",
    aliases: &["avoidEnableDisableTrigger"],
    level: Level::Warn,
    danger: "writes wait for the lock; from now on they cost what the trigger costs, or go without what it keeps",
    harm: Harm::Locks("SHARE ROW EXCLUSIVE"),
    safe: "by itself, under a short lock_timeout",
    example: Example {
        before:
            "CREATE TRIGGER same BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE t DISABLE TRIGGER same;",
        bad: together("ALTER TABLE t ENABLE TRIGGER same;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| {
        let switches = [K::ENABLE_TRIGGER, K::ENABLE_RULE, K::DISABLE_TRIGGER, K::DISABLE_RULE];
        if it.own { Vec::new() } else { below(&it.node, &switches) }
    }),
    fix: None,
};
