//! Something under another name.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-rename",
    aliases: &[],
    level: Level::Error,
    danger: "an application that uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "keep the name in the database: #[sql_name] on the field, #[model(table = ..)] on the struct",
    example: Example {
        before: "",
        bad: together("RENAME TABLE t TO things;"),
        good: &[together("CREATE TABLE things (id BIGINT PRIMARY KEY);")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let column =
            |it: &Statement<'_>| it.starts("alter table") && (it.has("rename column") || it.renamed_to().is_some());
        script.which(|it| !it.fresh && (it.starts("rename table") || column(it)))
    }),
    fix: None,
};
