//! IF NOT EXISTS.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::made_if_not_there;

pub(super) const RULE: Rule = Rule {
    name: "mysql-if-not-exists",
    aliases: &[],
    level: Level::Off,
    danger: "something of the same name and another shape passes for it: the revision counts as applied, and the schema is another one",
    harm: Harm::Breaks,
    safe: "without IF NOT EXISTS",
    example: Example {
        before: "",
        bad: together("CREATE TABLE IF NOT EXISTS t (other INT);"),
        good: &[together("CREATE TABLE u (other INT);")],
    },
    check: Check::Words(Dialect::Mysql, made_if_not_there),
    fix: None,
};
