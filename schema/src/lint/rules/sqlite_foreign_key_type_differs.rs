//! A foreign key between columns of different types.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "sqlite-foreign-key-type-differs",
    aliases: &[],
    level: Level::Warn,
    danger: "the two are stored in different ways: 1 and '1' are one value to the key, and two to a comparison",
    harm: Harm::Regretted,
    safe: "the type of the column that it points at",
    example: Example {
        before: "",
        bad: together(
            "CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (a_id TEXT REFERENCES a (id));",
        ),
        good: &[together(
            "CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (a_id INTEGER REFERENCES a (id));",
        )],
    },
    check: Check::Words(Dialect::Sqlite, |script| script.keys_of_other_types()),
    fix: None,
};
