//! BEGIN and COMMIT where the runner has said it.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-transaction-nesting",
    aliases: &[],
    level: Level::Error,
    danger: "BEGIN inside a transaction fails, and COMMIT ends the runner's: the revision and its row are apart",
    harm: Harm::Refused("cannot start a transaction within a transaction"),
    safe: "leave transactions to run_in_transaction, or say it there: run_in_transaction = false",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together(
            "BEGIN;
SELECT 1;
COMMIT;",
        ),
        good: &[alone(
            "BEGIN;
SELECT 1;
COMMIT;",
        )],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let begun = script.in_transaction;
        script.which(|it| {
            begun && (it.starts("begin") || it.starts("commit") || it.starts("end") || it.starts("rollback"))
        })
    }),
    fix: None,
};
