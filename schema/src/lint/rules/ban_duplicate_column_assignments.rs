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
    check: Check::Tree(|it| lists(&it.node).iter().flat_map(|list| repeated(list)).collect()),
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

/// What a select gives, by names that are said.
fn selected(list: &SyntaxNode) -> Vec<(SyntaxNode, String)> {
    let alias = |target: SyntaxNode| {
        let name = first(&target, &[K::AS_NAME])?;
        Some((target, name.strip_prefix("as").filter(|_| name.len() > 2).unwrap_or(&name).to_owned()))
    };
    children(list, K::TARGET).into_iter().filter_map(alias).collect()
}

/// Those that stood there already.
fn repeated(list: &[(SyntaxNode, String)]) -> Vec<SyntaxNode> {
    let again = |(at, (_, name)): &(usize, &(SyntaxNode, String))| list[..*at].iter().any(|(_, it)| it == name);
    list.iter().enumerate().filter(again).map(|(_, (node, _))| node.clone()).collect()
}
