//! A trigger, or a rule.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "avoid-create-trigger",
    aliases: &["avoidCreateTrigger"],
    level: Level::Warn,
    danger: "writes wait for the lock, and cost more ever after",
    harm: Harm::Locks("SHARE ROW EXCLUSIVE"),
    safe: "keep the rule in the application",
    example: Example {
        before: "",
        bad: together(
            "CREATE TRIGGER same BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        ),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole((it.is(K::CREATE_TRIGGER) || it.is(K::CREATE_RULE)) && !it.fresh)),
    fix: None,
};
