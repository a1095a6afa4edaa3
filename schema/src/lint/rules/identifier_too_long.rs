//! A name of more than 63 bytes.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "identifier-too-long",
    aliases: &[],
    level: Level::Error,
    danger: "PostgreSQL cuts the name after 63 bytes, and two of them may become one",
    harm: Harm::Breaks,
    safe: "a name of at most 63 bytes",
    example: Example {
        before: "",
        bad: together(
            r#"CREATE TABLE u ("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" integer);"#,
        ),
        good: &[together(
            r#"CREATE TABLE u ("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" integer);"#,
        )],
    },
    check: Check::Tree(|it| {
        let names = [K::COLUMN_NAME, K::CONSTRAINT_NAME, K::PATH_SEGMENT];
        let mut found = below(&it.node, &names);
        found.retain(|node| folded(&node.text().to_string()).len() > 63);
        found
    }),
    fix: None,
};
