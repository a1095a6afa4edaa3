//! What MySQL can do by a copy alone.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-copy",
    aliases: &[],
    level: Level::Error,
    danger: "the whole table is copied, and nobody can write to it meanwhile: another type, another character set, a CHECK, a foreign key that is checked, another primary key alone",
    harm: Harm::Breaks,
    safe: "a second column or table, filled in batches, that takes the name over; a foreign key with SET foreign_key_checks = 0",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t MODIFY a BIGINT, ALGORITHM=COPY;"),
        good: &[together("ALTER TABLE t ADD COLUMN a BIGINT, ALGORITHM=INSTANT;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let unchecked = script.statements.iter().any(|it| it.has("foreign_key_checks = 0"));
        let copies = |it: &Statement<'_>| {
            let words = ["modify", "change", "convert to", "add check", "drop primary key", "algorithm = copy"];
            let foreign = it.has("foreign key") && it.has("add") && !unchecked;
            foreign || words.iter().any(|words| it.has(words)) || (it.has("add constraint") && it.has("check"))
        };
        script.which(|it| it.starts("alter table") && !it.fresh && copies(it))
    }),
    fix: None,
};
