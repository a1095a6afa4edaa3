//! A default set or dropped.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "mysql-change-default",
    aliases: &[],
    level: Level::Warn,
    danger: "an application that leaves the column out writes another value from now on, or fails",
    harm: Harm::Breaks,
    safe: "change it once no release relies on it",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN n DROP DEFAULT, ALGORITHM=INSTANT;"),
        good: &[together("ALTER TABLE t ADD COLUMN a INT DEFAULT 0, ALGORITHM=INSTANT;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        script.which(|it| it.starts("alter table") && !it.fresh && (it.has("drop default") || it.has("set default")))
    }),
    fix: None,
};
