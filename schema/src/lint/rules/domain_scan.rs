//! A validation of a domain's constraint.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "domain-scan",
    aliases: &[],
    level: Level::Error,
    danger: "every table that uses the domain is scanned, and can't be written meanwhile: VALIDATE has no weaker lock here",
    harm: Harm::Scans("SHARE"),
    safe: "checks on the tables, NOT VALID and validated",
    example: Example {
        before: "CREATE DOMAIN positive AS integer;
CREATE TABLE d (v positive);
INSERT INTO d SELECT i FROM generate_series(1, 1000) i;",
        bad: together("ALTER DOMAIN positive SET NOT NULL;"),
        good: &[
            together("ALTER TABLE d ADD CONSTRAINT there CHECK (v IS NOT NULL) NOT VALID;"),
            together("ALTER TABLE d VALIDATE CONSTRAINT there;"),
        ],
    },
    check: Check::Tree(|it| {
        let kinds = [K::SET_NOT_NULL, K::VALIDATE_CONSTRAINT];
        if it.is(K::ALTER_DOMAIN) && !it.own { below(&it.node, &kinds) } else { Vec::new() }
    }),
    fix: None,
};
