//! A table dropped.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-drop-table",
    aliases: &[],
    level: Level::Error,
    danger: "the data is lost, and with foreign keys on that of every row that points there",
    harm: Harm::Loses,
    safe: "drop it in the release after the last one that used it",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("DROP TABLE c;"),
        good: &[together(
            "CREATE TABLE d (id INTEGER PRIMARY KEY);
DROP TABLE d;",
        )],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        // One that takes its name over holds its rows.
        let again = |table: &Option<String>| {
            script.statements.iter().any(|it| it.renamed_to().is_some() && it.renamed_to() == table.as_ref())
        };
        script.which(|it| it.starts("drop table") && !it.fresh && !again(&it.table()))
    }),
    fix: None,
};
