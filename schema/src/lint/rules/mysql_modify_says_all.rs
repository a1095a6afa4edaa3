//! MODIFY and CHANGE, which say all of a column.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "mysql-modify-says-all",
    aliases: &[],
    level: Level::Warn,
    danger: "what it does not say is gone: without NOT NULL the column takes NULL from now on, which an application that runs fails to read, and without DEFAULT its default is none",
    harm: Harm::Breaks,
    safe: "repeat NOT NULL, DEFAULT and COMMENT; a column that is to take NULL says NULL, once the field is an Option",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t MODIFY n INT, ALGORITHM=INPLACE, LOCK=NONE;"),
        good: &[together("ALTER TABLE t MODIFY n INT NOT NULL DEFAULT 3, ALGORITHM=INPLACE, LOCK=NONE;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let says_all = |it: &Statement<'_>| it.has("modify") || it.has("change");
        script.which(|it| it.starts("alter table") && !it.fresh && says_all(it) && !it.has("not null"))
    }),
    fix: None,
};
