//! A trigger dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-trigger",
    aliases: &["banDropTrigger"],
    level: Level::Warn,
    danger: "what the trigger kept right is right no longer, and the table is locked",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "drop it once nothing relies on it",
    example: Example {
        before: "CREATE TRIGGER same BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        bad: together("DROP TRIGGER same ON t;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_TRIGGER) || it.is(K::DROP_RULE))),
    fix: None,
};
