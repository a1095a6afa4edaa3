//! An index of many columns, or a second one of the same.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::costly_indexes;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-costly-index",
    aliases: &[],
    level: Level::Warn,
    danger: "every write pays for each column, hardly a query uses the fourth, and none a second index of the same",
    harm: Harm::Regretted,
    safe: "one index of the columns that queries select by, three at most",
    example: Example {
        before: "CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, a INTEGER);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1, 1);",
        bad: together("CREATE INDEX many ON c (a, p_id, id, a);"),
        good: &[together("CREATE INDEX few ON c (a, p_id);")],
    },
    check: Check::Words(Dialect::Sqlite, costly_indexes),
    fix: None,
};
