//! A privilege taken away.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-revoke",
    aliases: &[],
    level: Level::Warn,
    danger: "whoever relied on it fails at once",
    harm: Harm::Breaks,
    safe: "revoke it once nobody relies on it",
    example: Example {
        before: "",
        bad: together("REVOKE SELECT ON t FROM public;"),
        good: &[together("GRANT SELECT ON t TO public;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::REVOKE))),
    fix: None,
};
