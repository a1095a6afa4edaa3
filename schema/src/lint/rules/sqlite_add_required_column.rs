//! A NOT NULL column without a default.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-add-required-column",
    aliases: &[],
    level: Level::Error,
    danger: "SQLite refuses it, whether the table has rows or not",
    harm: Harm::Refused("Cannot add a NOT NULL column"),
    safe: "NOT NULL DEFAULT a constant",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("ALTER TABLE c ADD COLUMN z INTEGER NOT NULL;"),
        good: &[together("ALTER TABLE c ADD COLUMN z INTEGER NOT NULL DEFAULT 0;")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let required = |it: &Statement<'_>| it.has("not null") && (!it.has("default") || it.has("default null"));
        script.which(|it| it.starts("alter table") && it.has("add") && required(it) && !it.has("generated"))
    }),
    fix: None,
};
