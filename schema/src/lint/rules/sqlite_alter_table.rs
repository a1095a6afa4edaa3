//! What SQLite's ALTER TABLE does not know.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-alter-table",
    aliases: &[],
    level: Level::Error,
    danger: "SQLite's ALTER TABLE renames, adds and drops columns, from 3.53 on NOT NULL and checks too; a type or a key \
             stays as it is",
    harm: Harm::Refused("syntax error"),
    safe: "make the table anew: create, copy, drop, rename",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("ALTER TABLE c ADD CONSTRAINT one UNIQUE (a);"),
        good: &[together("ALTER TABLE c ADD COLUMN z INTEGER CHECK (z > 0);")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let actions = [
            "alter column",
            "add constraint",
            "drop constraint",
            "add foreign",
            "add primary",
            "add unique",
            "add check",
            "modify",
        ];
        script.which(|it| it.starts("alter table") && actions.iter().any(|action| it.has(action)))
    }),
    fix: None,
};
