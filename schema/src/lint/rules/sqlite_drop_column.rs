//! A column dropped.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-drop-column",
    aliases: &[],
    level: Level::Error,
    danger: "the data is lost; an application that still reads it fails; SQLite refuses it where an index, a view or a trigger names it",
    harm: Harm::Loses,
    safe: "take it out of the model first, drop it in a later release; its index before it",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("ALTER TABLE c DROP COLUMN a;"),
        good: &[together("ALTER TABLE c ADD COLUMN z INTEGER;")],
    },
    check: Check::Words(Dialect::Sqlite, |script| {
        script.which(|it| it.starts("alter table") && it.has("drop") && !it.has("drop constraint") && !it.fresh)
    }),
    fix: None,
};
