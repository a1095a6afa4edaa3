//! A schema dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-schema",
    aliases: &["banDropSchema"],
    level: Level::Error,
    danger: "everything in the schema is lost",
    harm: Harm::Loses,
    safe: "drop what is in it, one by one",
    example: Example {
        before: "CREATE SCHEMA s;
CREATE TABLE s.t (id bigint);",
        bad: together("DROP SCHEMA s CASCADE;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_SCHEMA))),
    fix: None,
};
