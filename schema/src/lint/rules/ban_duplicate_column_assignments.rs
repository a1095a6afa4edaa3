//! A column that is said twice.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-duplicate-column-assignments",
    aliases: &[],
    level: Level::Error,
    danger: "PostgreSQL refuses it: which of the two is meant is not known",
    harm: Harm::Refused("multiple assignments to same column"),
    safe: "say each column once",
    example: Example {
        before: "",
        bad: together("UPDATE t SET a = 1, a = 2 WHERE id = 1;"),
        good: &[together("UPDATE t SET a = 1, n = 2 WHERE id = 1;")],
    },
    check: Check::Tree(|it| {
        let mut found: Vec<SyntaxNode> = lists(&it.node).iter().flat_map(|list| repeated(list)).collect();
        found.extend(in_part(&it.node));
        found
    }),
    fix: None,
};

/// The lists in which each column stands once: what is set, what is inserted, what is made.
fn lists(statement: &SyntaxNode) -> Vec<Vec<(SyntaxNode, String)>> {
    let name = |node: &SyntaxNode| (node.clone(), folded(&node.text().to_string()));
    let mut lists = Vec::new();
    for clause in below(statement, &[K::SET_COLUMN_LIST, K::SET_CLAUSE]) {
        if clause.kind() == K::SET_CLAUSE && !below(&clause, &[K::SET_COLUMN_LIST]).is_empty() {
            continue;
        }
        let targets = below(&clause, &[K::COLUMN_TARGET]);
        // A target inside a sub-select belongs to another list.
        lists.push(targets.iter().filter(|it| is_whole(it)).map(name).collect());
    }
    if matches!(statement.kind(), K::INSERT | K::MERGE) {
        let set = |it: &SyntaxNode| it.ancestors().any(|it| matches!(it.kind(), K::SET_CLAUSE | K::SET_COLUMN_LIST));
        for list in below(statement, &[K::COLUMN_TARGET_LIST]).into_iter().filter(|it| !set(it)) {
            let targets = children(&list, K::COLUMN_TARGET);
            lists.push(targets.iter().filter(|it| is_whole(it)).map(name).collect());
        }
    }
    if matches!(statement.kind(), K::CREATE_TABLE | K::CREATE_FOREIGN_TABLE) {
        let columns = below(statement, &[K::COLUMN]);
        lists.push(columns.iter().flat_map(|it| children(it, K::COLUMN_NAME)).map(|it| name(&it)).collect());
    }
    let views = [K::CREATE_VIEW, K::CREATE_MATERIALIZED_VIEW, K::CREATE_TABLE_AS, K::SELECT_INTO];
    if views.contains(&statement.kind()) {
        let named = below(statement, &[K::COLUMN_LIST, K::TABLE_ARG_LIST]);
        match named.first().filter(|_| statement.kind() != K::SELECT_INTO) {
            Some(list) => lists.push(below(list, &[K::COLUMN_NAME]).iter().map(name).collect()),
            None => lists.extend(below(statement, &[K::TARGET_LIST]).first().map(selected)),
        }
    }
    lists
}

/// Whether a target is the whole column, no field or element of it.
fn is_whole(target: &SyntaxNode) -> bool {
    !words(target).any(|word| matches!(word.as_str(), "." | "["))
}

/// The fields and elements that are set of a column which is set whole, too.
fn in_part(statement: &SyntaxNode) -> Vec<SyntaxNode> {
    let column = |node: &SyntaxNode| {
        let text = node.text().to_string();
        folded(text.split(['.', '[']).next().unwrap_or_default().trim())
    };
    let of = |clause: &SyntaxNode| {
        let (whole, part): (Vec<_>, Vec<_>) = below(clause, &[K::COLUMN_TARGET]).into_iter().partition(is_whole);
        part.into_iter().filter(|part| whole.iter().any(|it| column(it) == column(part))).collect::<Vec<_>>()
    };
    below(statement, &[K::SET_CLAUSE]).iter().flat_map(of).collect()
}

/// What a select gives, by names that are said, or that the server takes.
fn selected(list: &SyntaxNode) -> Vec<(SyntaxNode, String)> {
    let name = |target: SyntaxNode| {
        let name = match first(&target, &[K::AS_NAME]) {
            Some(name) => name.strip_prefix("as").filter(|_| name.len() > 2).unwrap_or(&name).to_owned(),
            None => taken(&target.text().to_string())?,
        };
        Some((target, name))
    };
    children(list, K::TARGET).into_iter().filter_map(name).collect()
}

/// The name that the server gives to a column without one, where it is plain: that of the column which is selected, and
/// one for all numbers.
fn taken(expression: &str) -> Option<String> {
    const WORDS: &[&str] = &["true", "false", "null", "default", "user"];
    let text = expression.trim();
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    if text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some("?column?".to_owned());
    }
    let last = text.rsplit('.').next().filter(|_| text.split('.').all(is_name))?.to_lowercase();
    (!WORDS.contains(&last.as_str()) && !last.starts_with("current_") && !last.starts_with("session_")).then_some(last)
}

/// Those that stood there already.
fn repeated(list: &[(SyntaxNode, String)]) -> Vec<SyntaxNode> {
    let again = |(at, (_, name)): &(usize, &(SyntaxNode, String))| list[..*at].iter().any(|(_, it)| it == name);
    list.iter().enumerate().filter(again).map(|(_, (node, _))| node.clone()).collect()
}
