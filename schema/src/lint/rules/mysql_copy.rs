//! What MySQL can do by a copy alone.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-copy",
    aliases: &[],
    level: Level::Error,
    danger: "the whole table is copied, and nobody can write to it meanwhile: another type or character set, a CHECK, a foreign key that is checked, an expression as the default, a STORED column, no primary key any more",
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
            let words = [
                "modify",
                "change",
                "convert to",
                "add check",
                "drop primary key",
                "algorithm = copy",
                "default (",
                "stored",
                "persistent",
                "order by",
            ];
            let foreign = it.has("references") && it.has("add") && !unchecked;
            foreign || words.iter().any(|words| it.has(words)) || (it.has("add constraint") && it.has("check"))
        };
        // With these it fails where it would copy.
        let refuses = |it: &Statement<'_>| it.has("algorithm = inplace") || it.has("algorithm = instant");
        script.which(|it| it.starts("alter table") && !it.fresh && copies(it) && !refuses(it))
    }),
    fix: None,
};
