//! PRAGMA foreign_keys inside a transaction.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-foreign-keys-in-transaction",
    aliases: &[],
    level: Level::Error,
    danger: "inside a transaction it does nothing: a DROP TABLE that follows deletes every row that points there",
    harm: Harm::Loses,
    safe: "PRAGMA foreign_keys = OFF before BEGIN, in a revision with run_in_transaction = false",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together(
            "PRAGMA foreign_keys = OFF;
CREATE TABLE p_new (id INTEGER PRIMARY KEY, note TEXT);
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
        script.which(|it| it.in_transaction && it.starts("pragma foreign_keys"))
    }),
    fix: None,
};
