//! UPDATE or DELETE of all rows.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-write-without-where",
    aliases: &[],
    level: Level::Error,
    danger: "the data is lost, and the whole database is locked against writes meanwhile",
    harm: Harm::Loses,
    safe: "with WHERE, in batches",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("DELETE FROM c;"),
        good: &[together("DELETE FROM c WHERE id = 1;")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        script.which(|it| (it.starts("delete from") || it.starts("update")) && !it.has("where"))
    }),
    fix: None,
};
