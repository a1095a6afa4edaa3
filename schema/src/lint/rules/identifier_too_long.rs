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
        let mut found: Vec<SyntaxNode> = it.node.descendants().filter(is_name).collect();
        found.retain(|node| folded(&node.text().to_string()).len() > 63);
        found
    }),
    fix: None,
};

/// Whether it is one name, whatever of: what a path consists of stands in it once more.
fn is_name(node: &SyntaxNode) -> bool {
    let is = |node: &SyntaxNode| {
        let kind = format!("{:?}", node.kind());
        kind == "PATH_SEGMENT" || kind.ends_with("NAME") || kind.ends_with("NAME_REF")
    };
    is(node) && !node.descendants().skip(1).any(|below| is(&below))
}
