//! A constraint on a domain that tables use.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-alter-domain-with-add-constraint",
    aliases: &[],
    level: Level::Error,
    danger: "every table that uses the domain is scanned, and can't be written meanwhile",
    harm: Harm::Scans("SHARE"),
    safe: "checks on the tables, NOT VALID and validated",
    example: Example {
        before: "CREATE DOMAIN positive AS integer;
CREATE TABLE d (v positive);
INSERT INTO d SELECT i FROM generate_series(1, 1000) i;",
        bad: together("ALTER DOMAIN positive ADD CONSTRAINT small CHECK (value < 100000);"),
        good: &[
            together("ALTER TABLE d ADD CONSTRAINT small CHECK (v < 100000) NOT VALID;"),
            together("ALTER TABLE d VALIDATE CONSTRAINT small;"),
        ],
    },
    check: Check::Tree(|it| {
        if it.is(K::ALTER_DOMAIN) && !it.own { below(&it.node, &[K::ADD_CONSTRAINT]) } else { Vec::new() }
    }),
    fix: None,
};
