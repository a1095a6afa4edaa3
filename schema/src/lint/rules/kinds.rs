//! What several rules ask of a statement or of a part of it.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::names::{below, children, first, words};
use crate::lint::place::Place;
use crate::lint::script::Statement;

/// Whether a column is a serial.
pub(super) fn is_serial(column: &SyntaxNode) -> bool {
    const NAMES: &[&str] = &["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"];
    let types = children(column, K::PATH_TYPE);
    types.iter().any(|it| words(it).any(|word| NAMES.contains(&word.trim_matches('"'))))
}

/// Whether a table goes with its session.
pub(super) fn is_temporary(statement: &SyntaxNode) -> bool {
    words(statement).take(4).any(|word| matches!(word.as_str(), "temp" | "temporary"))
}

/// The column of which a constraint is a part.
pub(super) fn own_column(constraint: &SyntaxNode) -> Option<String> {
    let column = constraint.parent().filter(|it| matches!(it.kind(), K::COLUMN | K::ADD_COLUMN))?;
    first(&column, &[K::COLUMN_NAME])
}

/// The strongest lock that a statement takes on its table, of those that block reads or writes.
pub(in crate::lint) fn lock(statement: &Statement) -> Option<&'static str> {
    const WEAK: &[K] = &[
        K::VALIDATE_CONSTRAINT,
        K::SET_OPTIONS,
        K::RESET_OPTIONS,
        K::CLUSTER_ON,
        K::SET_WITHOUT_CLUSTER,
        K::ATTACH_PARTITION,
    ];
    const MIDDLE: &[K] = &[K::ENABLE_TRIGGER, K::DISABLE_TRIGGER, K::ENABLE_REPLICA_TRIGGER, K::ENABLE_ALWAYS_TRIGGER];
    let strong = Some("ACCESS EXCLUSIVE");
    match statement.node.kind() {
        K::ALTER_TABLE => {
            let named = [K::TABLE_RELATION_NAME, K::IF_EXISTS];
            let mut found = None;
            for action in statement.node.children().filter(|it| !named.contains(&it.kind())) {
                let foreign =
                    action.kind() == K::ADD_CONSTRAINT && !children(&action, K::FOREIGN_KEY_CONSTRAINT).is_empty();
                let statistics = action.kind() == K::ALTER_COLUMN && !children(&action, K::SET_STATISTICS).is_empty();
                let detaches = !below(&action, &[K::DETACH_CONCURRENTLY]).is_empty();
                if WEAK.contains(&action.kind()) || statistics || detaches {
                    continue;
                }
                if !MIDDLE.contains(&action.kind()) && !foreign {
                    return strong;
                }
                found = Some("SHARE ROW EXCLUSIVE");
            }
            found
        }
        K::DROP_TABLE | K::TRUNCATE | K::CLUSTER | K::DROP_TRIGGER | K::CREATE_RULE => strong,
        K::CREATE_TRIGGER => Some("SHARE ROW EXCLUSIVE"),
        _ => None,
    }
}

/// Whether a model says which type the column has that is made or changed here.
pub(super) fn is_decided(it: &Place<'_>, node: &SyntaxNode) -> bool {
    let column = node.ancestors().find_map(|it| match it.kind() {
        K::COLUMN | K::ADD_COLUMN => first(&it, &[K::COLUMN_NAME]),
        K::ALTER_COLUMN => first(&it, &[K::COLUMN_NAME_REF]),
        _ => None,
    });
    let table = it.table.as_deref();
    table.zip(column).is_some_and(|(table, column)| it.known.is_decided(table, &column))
}

/// The types of columns, made or changed, of which `matches` is true: their tokens in lower case, without quotes. What a
/// model decides is left to it.
pub(super) fn typed(it: &Place<'_>, matches: fn(&[&str]) -> bool) -> Vec<SyntaxNode> {
    let mut columns = below(&it.node, &[K::COLUMN, K::ADD_COLUMN, K::SET_TYPE]);
    columns.retain(|node| !is_decided(it, node));
    let types = columns
        .iter()
        .filter_map(|node| node.children().find(|child| format!("{:?}", child.kind()).ends_with("_TYPE")));
    let mut found: Vec<SyntaxNode> = types.collect();
    found.retain(|node| {
        let list: Vec<String> = words(node).map(|word| word.trim_matches('"').to_owned()).collect();
        let mut list: Vec<&str> = list.iter().map(String::as_str).collect();
        if list.starts_with(&["pg_catalog", "."]) {
            list.drain(..2);
        }
        !list.is_empty() && matches(&list)
    });
    found
}
