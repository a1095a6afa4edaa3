//! An index dropped before the one that takes its place.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-index-gap",
    aliases: &[],
    level: Level::Warn,
    danger: "in between, queries scan the table, and a unique index keeps nothing out",
    harm: Harm::Breaks,
    safe: "add the new one and drop the old one in one ALTER TABLE",
    example: Example {
        before: "",
        bad: together(
            "DROP INDEX i ON t;
CREATE INDEX i ON t (a, b) ALGORITHM=INPLACE LOCK=NONE;",
        ),
        good: &[together("ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b), ALGORITHM=INPLACE, LOCK=NONE;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let makes = |it: &Statement<'_>| it.starts("create index") || it.starts("create unique index");
        let later = |at: usize| script.statements[at..].iter().any(makes);
        script.which(|it| it.starts("drop index")).into_iter().filter(|at| later(*at)).collect()
    }),
    fix: None,
};
