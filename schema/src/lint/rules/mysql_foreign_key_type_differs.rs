//! A foreign key between columns of different types.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "mysql-foreign-key-type-differs",
    aliases: &[],
    level: Level::Warn,
    danger: "the server refuses the key, or compares with a cast that uses no index",
    harm: Harm::Regretted,
    safe: "the type of the column that it points at",
    example: Example {
        before: "",
        bad: together(
            "CREATE TABLE a (id BIGINT PRIMARY KEY);
CREATE TABLE b (a_id INT, FOREIGN KEY (a_id) REFERENCES a (id));",
        ),
        good: &[together(
            "CREATE TABLE a (id BIGINT PRIMARY KEY);
CREATE TABLE b (a_id BIGINT, FOREIGN KEY (a_id) REFERENCES a (id));",
        )],
    },
    check: Check::Words(Dialect::Mysql, |script| script.keys_of_other_types()),
    fix: None,
};
