//! A table made anew while foreign keys are on.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::Statement;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-rebuild-with-foreign-keys",
    aliases: &[],
    level: Level::Error,
    danger: "DROP TABLE deletes its rows first: every row that points there is deleted or set to NULL with them, and foreign_key_check finds nothing wrong",
    harm: Harm::Loses,
    safe: "PRAGMA foreign_keys = OFF before BEGIN, in a revision with run_in_transaction = false",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together(
            "CREATE TABLE p_new (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO p_new (id) SELECT id FROM p;
DROP TABLE p;
ALTER TABLE p_new RENAME TO p;",
        ),
        good: &[alone(
            "PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE p_new (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO p_new (id) SELECT id FROM p;
DROP TABLE p;
ALTER TABLE p_new RENAME TO p;
PRAGMA foreign_key_check;
COMMIT;
PRAGMA foreign_keys = ON;",
        )],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let mut off = false;
        let mut found = Vec::new();
        for (at, it) in script.statements.iter().enumerate() {
            if it.starts("pragma foreign_keys") && !it.in_transaction {
                off = it.words.last().is_some_and(|word| matches!(word.as_str(), "off" | "0" | "false" | "no"));
            }
            let again = |next: &Statement<'_>| next.renamed_to().is_some() && next.renamed_to() == it.table().as_ref();
            if it.starts("drop table") && !off && script.statements[at..].iter().any(again) {
                found.push(at);
            }
        }
        found
    }),
    fix: None,
};
