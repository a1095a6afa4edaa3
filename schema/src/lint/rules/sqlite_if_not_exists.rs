//! IF NOT EXISTS.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::made_if_not_there;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-if-not-exists",
    aliases: &[],
    level: Level::Off,
    danger: "something of the same name and another shape passes for it: the revision counts as applied, and the schema is another one",
    harm: Harm::Breaks,
    safe: "without IF NOT EXISTS",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("CREATE TABLE IF NOT EXISTS c (other TEXT);"),
        good: &[together("CREATE TABLE d (other TEXT);")],
    },
    check: Check::Words(Dialect::Sqlite, made_if_not_there),
    fix: None,
};
