//! What takes data away.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-data-loss",
    aliases: &[],
    level: Level::Error,
    danger: "the data is lost, and MySQL commits it at once",
    harm: Harm::Loses,
    safe: "drop it in the release after the last one that used it; delete in batches",
    example: Example {
        before: "",
        bad: together("DROP TABLE t;"),
        good: &[together("DELETE FROM t WHERE id BETWEEN 1 AND 100;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let rows = |it: &Statement<'_>| (it.starts("delete from") || it.starts("update")) && !it.has("where");
        let column = Statement::drops_column;
        let whole = |it: &Statement<'_>| {
            ["drop table", "drop database", "drop schema", "truncate"].iter().any(|words| it.starts(words))
        };
        script.which(|it| !it.fresh && (rows(it) || column(it) || whole(it)))
    }),
    fix: None,
};
