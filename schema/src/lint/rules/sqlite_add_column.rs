//! A column that SQLite can't add.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-add-column",
    aliases: &[],
    level: Level::Error,
    danger: "SQLite refuses a column that is UNIQUE or a PRIMARY KEY, a STORED one, one whose default is no constant, and one that REFERENCES with a default",
    harm: Harm::Refused("Cannot add"),
    safe: "make the table anew: create, copy, drop, rename",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("ALTER TABLE c ADD COLUMN z TEXT DEFAULT CURRENT_TIMESTAMP;"),
        good: &[together("ALTER TABLE c ADD COLUMN z TEXT DEFAULT 'none';")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let refused = |it: &Statement<'_>| {
            let computed = ["current_timestamp", "current_date", "current_time", "("].iter();
            let key = it.has("unique") || it.has("primary key") || it.has("stored");
            let referring = it.has("references") && it.has("default") && !it.has("default null");
            key || referring || computed.into_iter().any(|word| it.has(&format!("default {word}")))
        };
        script.which(|it| it.starts("alter table") && it.has("add") && !it.has("rename to") && refused(it))
    }),
    fix: None,
};
