//! A name of more than 64 characters.

use diesel_schema_core::Dialect;

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "mysql-name-too-long",
    aliases: &[],
    level: Level::Error,
    danger: "MySQL refuses the name",
    harm: Harm::Breaks,
    safe: "a name of at most 64 characters",
    example: Example {
        before: "",
        bad: together("CREATE TABLE t (`nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` INT);"),
        good: &[together("CREATE TABLE t (`nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` INT);")],
    },
    check: Check::Words(Dialect::Mysql, |script| {
        let long = |raw: &&str| {
            raw.starts_with(|it: char| it == '`' || it.is_alphabetic()) && raw.trim_matches('`').chars().count() > 64
        };
        script.which(|it| it.raw.iter().any(&long))
    }),
    fix: None,
};
