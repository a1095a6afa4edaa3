//! A lock without lock_wait_timeout.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "mysql-lock-wait-timeout",
    aliases: &[],
    level: Level::Off,
    danger: "the statement waits a year (MariaDB: a day) for whoever uses the table, and everybody else behind it",
    harm: Harm::Breaks,
    safe: "SET SESSION lock_wait_timeout = 5; on MariaDB also ALTER TABLE .. WAIT 5",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN a INT, ALGORITHM=INSTANT;"),
        good: &[together(
            "SET SESSION lock_wait_timeout = 5;
ALTER TABLE t ADD COLUMN a INT, ALGORITHM=INSTANT;",
        )],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let patient = script.statements.iter().any(|it| it.starts("set") && it.has("lock_wait_timeout"));
        script.which(|it| !patient && !it.fresh && it.starts("alter table") && !it.has("wait"))
    }),
    fix: None,
};
