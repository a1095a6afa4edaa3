//! A column of a domain that has a constraint.

use super::prelude::*;
use crate::lint::types::Type;

pub(super) const RULE: Rule = Rule {
    name: "adding-constrained-domain-field",
    aliases: &[],
    level: Level::Error,
    danger: "every row is tested against the domain: the table and its indexes are written again under ACCESS EXCLUSIVE, whatever the default",
    harm: Harm::Rewrites,
    safe: "a column of the domain's base type, with a CHECK that is added NOT VALID and validated",
    example: Example {
        before: "CREATE DOMAIN positive AS integer CHECK (value > 0);",
        bad: together("ALTER TABLE t ADD COLUMN z positive;"),
        good: &[
            together(
                "ALTER TABLE t ADD COLUMN z integer;
ALTER TABLE t ADD CONSTRAINT z_positive CHECK (z > 0) NOT VALID;",
            ),
            together("ALTER TABLE t VALIDATE CONSTRAINT z_positive;"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_columns();
        found.retain(|node| {
            let ty = type_of(node).map(|ty| Type::parse(&ty));
            ty.is_some_and(|ty| it.known.stored_as(&ty).is_none())
        });
        found
    }),
    fix: None,
};
