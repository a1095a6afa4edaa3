//! A foreign key that is checked at once.

use super::prelude::*;
use super::rewrites::not_valid_first;

pub(super) const RULE: Rule = Rule {
    name: "adding-foreign-key-constraint",
    aliases: &["addingForeignKeyConstraint"],
    level: Level::Error,
    danger: "nobody can write to either table while the rows are compared",
    harm: Harm::Scans("SHARE ROW EXCLUSIVE"),
    safe: "ADD CONSTRAINT .. FOREIGN KEY .. NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id);"),
        good: &[
            together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
            together("ALTER TABLE t VALIDATE CONSTRAINT t_p_fkey;"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_constraints(K::FOREIGN_KEY_CONSTRAINT);
        found.retain(|node| below(node, &[K::NOT_VALID, K::NOT_ENFORCED]).is_empty());
        found.extend(it.inline_constraints(K::REFERENCES_CONSTRAINT));
        found
    }),
    fix: Some(not_valid_first),
};
