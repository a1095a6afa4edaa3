//! A database dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-database",
    aliases: &["banDropDatabase"],
    level: Level::Error,
    danger: "everything is lost",
    harm: Harm::Loses,
    safe: "take it out of the migrations",
    example: Example {
        before: "",
        bad: alone("DROP DATABASE IF EXISTS no_such_database;"),
        good: &[together("SELECT 1;")],
    },
    check: Check::Tree(|it| it.whole(it.is(K::DROP_DATABASE))),
    fix: None,
};
