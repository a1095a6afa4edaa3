//! TRUNCATE.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-truncate",
    aliases: &["banTruncate"],
    level: Level::Error,
    danger: "the data is lost, under ACCESS EXCLUSIVE",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "DELETE in batches, from a job",
    example: Example {
        before: "",
        bad: together("TRUNCATE t;"),
        good: &[together("DELETE FROM t WHERE id BETWEEN 1 AND 100;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::TRUNCATE) && !it.fresh)),
    fix: None,
};
