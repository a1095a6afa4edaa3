//! IF NOT EXISTS.

use diesel_schema_core::Dialect;

use super::prelude::*;

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
    check: Check::Words(Dialect::Mysql, |script| {
        let temporary = |word: &String| matches!(word.as_str(), "temp" | "temporary" | "temp.");
        script.which(|it| it.has("if not exists") && !it.words.iter().take(4).any(temporary))
    }),
    fix: None,
};
