//! A statement that can't run twice, where it may have to.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "prefer-robust-stmts",
    aliases: &["preferRobustStmts"],
    level: Level::Off,
    danger: "outside a transaction a part of the file may be done when it fails, and what is done fails the second time; diesel-schema's own runner goes on behind it",
    harm: Harm::Refused("already exists"),
    safe: "IF EXISTS, IF NOT EXISTS, or a transaction",
    example: Example {
        before: "",
        bad: alone(
            "CREATE TABLE u (id bigint);
CREATE TABLE u (id bigint);",
        ),
        good: &[alone(
            "CREATE TABLE IF NOT EXISTS u (id bigint);
CREATE TABLE IF NOT EXISTS u (id bigint);",
        )],
    },
    check: Check::Tree(|it| {
        let apart = it.concurrently();
        let single = it.script.statements.len() == 1;
        if (is_undone(it) || single || is_temporary(&it.node)) && !apart {
            return Vec::new();
        }
        fragile(it)
    }),
    fix: Some(make_robust),
};

/// Whether an error undoes it together with whatever says that it was done. Alembic says that in a table of its own.
fn is_undone(it: &Place<'_>) -> bool {
    it.transaction.is_some_and(|transaction| it.earlier().says_itself(transaction))
}

/// What of the statement fails the second time.
fn fragile(it: &Place<'_>) -> Vec<SyntaxNode> {
    let name = format!("{:?}", it.node.kind());
    let guarded = |node: &SyntaxNode| node.children().any(|it| matches!(it.kind(), K::IF_EXISTS | K::IF_NOT_EXISTS));
    match it.node.kind() {
        K::ALTER_TABLE => {
            let kinds = [K::ADD_COLUMN, K::DROP_COLUMN, K::DROP_CONSTRAINT, K::ADD_CONSTRAINT];
            let mut found = it.actions();
            found.retain(|node| kinds.contains(&node.kind()) && !guarded(node) && !is_dropped_before(it, node));
            found
        }
        // One without a name gets another name each time.
        K::CREATE_INDEX => it.whole(!guarded(&it.node) && !below(&it.node, &[K::INDEX]).is_empty()),
        K::CREATE_TABLE
        | K::CREATE_TABLE_AS
        | K::CREATE_SEQUENCE
        | K::CREATE_SCHEMA
        | K::CREATE_EXTENSION
        | K::CREATE_MATERIALIZED_VIEW
        | K::CREATE_FOREIGN_TABLE => it.whole(!guarded(&it.node)),
        _ if name.starts_with("DROP_") && it.node.kind() != K::DROP_OWNED => it.whole(!guarded(&it.node)),
        _ => Vec::new(),
    }
}

/// Whether a constraint that is added was dropped before, where it was there.
fn is_dropped_before(it: &Place<'_>, node: &SyntaxNode) -> bool {
    let name = |node: &SyntaxNode, kind: K| below(node, &[kind]).first().map(|it| folded(&it.text().to_string()));
    let added = name(node, K::CONSTRAINT_NAME);
    if added.is_none() || !it.earlier().drops(added.clone(), it.statement) {
        return false;
    }
    let has =
        |other: &SyntaxNode, what: K, named: K| below(other, &[what]).iter().any(|node| name(node, named) == added);
    let drops = |other: &SyntaxNode| has(other, K::DROP_CONSTRAINT, K::CONSTRAINT_NAME_REF);
    // Added once more behind that, it is there.
    let before =
        it.script.statements[..it.statement.index].iter().rev().filter(|other| other.table == it.statement.table);
    let mut last = before.filter_map(|other| match drops(&other.node) {
        true => Some(true),
        false => has(&other.node, K::ADD_CONSTRAINT, K::CONSTRAINT_NAME).then_some(false),
    });
    drops(&it.node) || last.next().unwrap_or(true)
}

fn make_robust(it: &Place<'_>, node: &SyntaxNode) -> Option<Fix> {
    match node.kind() {
        K::ADD_COLUMN => Fix::insert(node, "column", "IF NOT EXISTS"),
        K::DROP_COLUMN => Fix::insert(node, "column", "IF EXISTS"),
        K::DROP_CONSTRAINT => Fix::insert(node, "constraint", "IF EXISTS"),
        // IF NOT EXISTS takes what a failed build leaves for the index.
        K::CREATE_INDEX if it.concurrently() => None,
        K::CREATE_INDEX => Fix::insert(node, "index", "IF NOT EXISTS"),
        K::CREATE_TABLE => Fix::insert(node, "table", "IF NOT EXISTS"),
        K::CREATE_SEQUENCE => Fix::insert(node, "sequence", "IF NOT EXISTS"),
        K::DROP_TABLE => Fix::insert(node, "table", "IF EXISTS"),
        K::DROP_TYPE => Fix::insert(node, "type", "IF EXISTS"),
        K::DROP_INDEX => Fix::insert(node, if it.concurrently() { "concurrently" } else { "index" }, "IF EXISTS"),
        _ => None,
    }
}
