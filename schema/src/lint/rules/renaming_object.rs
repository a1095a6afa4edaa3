//! Something else under another name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "renaming-object",
    aliases: &[],
    level: Level::Warn,
    danger: "whoever uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "a second object, and the old one dropped later",
    example: Example {
        before: "",
        bad: together(
            "CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood RENAME VALUE 'sad' TO 'low';",
        ),
        good: &[together("CREATE SEQUENCE other;")],
    },
    check: Check::Tree(|it| {
        let mut found = below(&it.node, &[K::RENAME_CONSTRAINT, K::RENAME_VALUE, K::RENAME_ATTRIBUTE]);
        // Nobody but the database asks for an index by its name.
        let named = |node: &SyntaxNode| node.kind() != K::TABLE_RENAME_TO && node.kind() != K::INDEX_RENAME_TO;
        let renames =
            it.node.children().filter(|node| named(node) && format!("{:?}", node.kind()).ends_with("RENAME_TO"));
        found.extend(renames);
        found
    }),
    fix: None,
};
