//! An exclusion constraint on rows that are there.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "avoid-adding-exclusion-constraint",
    aliases: &["avoidAddingExclusionConstraint", "E8"],
    level: Level::Error,
    danger: "an index is built while the table is locked against reads and writes, and there is no other way",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "a window of maintenance, or a new table that is filled in batches",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT t_a_excl EXCLUDE USING btree (a WITH =);"),
        good: &[together(
            "CREATE TABLE t_new (LIKE t);
ALTER TABLE t_new ADD CONSTRAINT t_a_excl EXCLUDE USING btree (a WITH =);",
        )],
    },
    check: Check::Tree(|it| it.added_constraints(K::EXCLUDE_CONSTRAINT)),
    fix: None,
};
