//! A NOT NULL column without a default.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-add-required-column",
    aliases: &[],
    level: Level::Error,
    danger: "every row gets 0 or an empty text without a word, and an INSERT of an application that does not know the column fails",
    harm: Harm::Breaks,
    safe: "NOT NULL DEFAULT a constant",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN a INT NOT NULL, ALGORITHM=INSTANT;"),
        good: &[together("ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 0, ALGORITHM=INSTANT;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let required = |it: &Statement<'_>| {
            it.has("not null") && !it.has("default") && !it.has("auto_increment") && !it.has("generated")
        };
        script.which(|it| it.starts("alter table") && it.has("add") && !it.fresh && required(it) && !it.has("modify"))
    }),
    fix: None,
};
