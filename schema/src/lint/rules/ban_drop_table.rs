//! A table dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-table",
    aliases: &["banDropTable"],
    level: Level::Error,
    danger: "the data is lost; parents of its foreign keys are locked too",
    harm: Harm::Loses,
    safe: "drop it in the release after the last one that used it; its foreign keys before, one a transaction",
    example: Example {
        before: "",
        bad: together("DROP TABLE t;"),
        good: &[together("ALTER TABLE t ADD COLUMN gone boolean;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_TABLE))),
    fix: None,
};
