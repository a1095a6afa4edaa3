//! A column under another name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "renaming-column",
    aliases: &["renamingColumn"],
    level: Level::Error,
    danger: "an application that uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "keep the name in the database: #[sql_name] on the field",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t RENAME COLUMN a TO c;"),
        good: &[together("ALTER TABLE t ADD COLUMN c integer;")],
    },
    check: Check::Tree(|it| it.altered(&[K::RENAME_COLUMN])),
    fix: None,
};
