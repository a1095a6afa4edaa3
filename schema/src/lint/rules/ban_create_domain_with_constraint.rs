//! A domain with a constraint.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-create-domain-with-constraint",
    aliases: &[],
    level: Level::Warn,
    danger: "the constraint can't be changed later without locking every table that uses the domain",
    harm: Harm::Regretted,
    safe: "a domain without constraint, or checks on the tables",
    example: Example {
        before: "",
        bad: together("CREATE DOMAIN positive AS integer CHECK (value > 0);"),
        good: &[together("CREATE DOMAIN amount AS integer;")],
    },
    check: Check::Tree(|it| {
        let kinds = [K::CHECK_CONSTRAINT, K::NOT_NULL_CONSTRAINT];
        if it.is(K::CREATE_DOMAIN) { below(&it.node, &kinds) } else { Vec::new() }
    }),
    fix: None,
};
