//! ALTER TABLE without ALGORITHM.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-algorithm",
    aliases: &[],
    level: Level::Error,
    danger: "MySQL takes the cheapest way that there is without a word, and that may be a copy of the table that nobody can write to meanwhile",
    harm: Harm::Breaks,
    safe: "ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE: then it fails where it would block",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN a INT;"),
        good: &[together("ALTER TABLE t ADD COLUMN a INT, ALGORITHM=INSTANT;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let alters = |it: &Statement<'_>| {
            it.starts("alter table") || (it.starts("create") && it.words.iter().take(4).any(|word| word == "index"))
        };
        script.which(|it| alters(it) && !it.fresh && !it.has("algorithm") && it.renamed_to().is_none())
    }),
    fix: None,
};
