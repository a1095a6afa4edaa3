//! Several statements where each is committed by itself.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "mysql-implicit-commit",
    aliases: &[],
    level: Level::Error,
    danger: "MySQL commits before and after each DDL statement: an error in the second one leaves the first one done, in no history",
    harm: Harm::Breaks,
    safe: "one DDL statement a revision",
    example: Example {
        before: "",
        bad: together(
            "ALTER TABLE t ADD COLUMN a INT, ALGORITHM=INSTANT;
ALTER TABLE t ADD COLUMN b INT, ALGORITHM=INSTANT;",
        ),
        good: &[together("ALTER TABLE t ADD COLUMN a INT, ADD COLUMN b INT, ALGORITHM=INSTANT;")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let ddl =
            script.which(|it| ["create", "alter", "drop", "rename", "truncate"].iter().any(|word| it.starts(word)));
        ddl.into_iter().skip(1).collect()
    }),
    fix: None,
};
