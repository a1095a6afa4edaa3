//! Something under another name.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-rename",
    aliases: &[],
    level: Level::Error,
    danger: "an application that uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "keep the name in the database: #[sql_name] on the field, #[model(table = ..)] on the struct",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("ALTER TABLE c RENAME COLUMN a TO b;"),
        good: &[together("ALTER TABLE c ADD COLUMN b INTEGER;")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        let dropped = |table: Option<&String>| {
            script.statements.iter().any(|it| it.starts("drop table") && it.table().as_ref() == table)
        };
        script.which(|it| {
            it.starts("alter table")
                && it.has("rename")
                && !it.fresh
                && !(it.renamed_to().is_some() && dropped(it.renamed_to()))
        })
    }),
    fix: None,
};
