//! TRUNCATE .. CASCADE.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-truncate-cascade",
    aliases: &["banTruncateCascade"],
    level: Level::Error,
    danger: "the data of every table that points at this one is lost as well",
    harm: Harm::Loses,
    safe: "DELETE in batches, from a job",
    example: Example {
        before: "",
        bad: together("TRUNCATE p CASCADE;"),
        good: &[together("DELETE FROM t WHERE id BETWEEN 1 AND 100;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::TRUNCATE) && has_word(&it.node, "cascade"))),
    fix: None,
};
