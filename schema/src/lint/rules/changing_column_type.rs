//! Another type for a column.

use super::prelude::*;
use crate::lint::catalog;
use crate::lint::types::Type;

pub(super) const RULE: Rule = Rule {
    name: "changing-column-type",
    aliases: &["changingColumnType", "E5"],
    level: Level::Error,
    danger: "unless the type only becomes wider, the table and its indexes are written again under ACCESS EXCLUSIVE",
    harm: Harm::Rewrites,
    safe: "a second column, kept equal by a trigger and filled in batches, which takes the name over",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN a TYPE bigint;"),
        good: &[together(
            "ALTER TABLE t ALTER COLUMN b TYPE varchar(40);
ALTER TABLE t ALTER COLUMN b TYPE text;",
        )],
    },
    check: Check::Tree(|it| {
        if !it.is(K::ALTER_TABLE) || it.quiet() {
            return Vec::new();
        }
        let mut found = children(&it.node, K::ALTER_COLUMN);
        found.retain(|action| children(action, K::SET_TYPE).iter().any(|node| is_costly(it, action, node)));
        found.iter().flat_map(|action| children(action, K::SET_TYPE)).collect()
    }),
    fix: None,
};

/// Whether the change reads or writes all rows: as measured where the type of before is known. Where it is not, what takes
/// the values of the type that is usual there is no cost.
fn is_costly(it: &Place<'_>, action: &SyntaxNode, node: &SyntaxNode) -> bool {
    let (Some(column), Some(new)) = (first(action, &[K::COLUMN_NAME_REF]), type_of(node)) else { return true };
    let table = it.table.as_deref().unwrap_or_default();
    if computes(node, &column) {
        return true;
    }
    let known = it.known.column(table, &column);
    let new = Type::parse(&new);
    let Some(rewrites) = it.known.rewrites(known.and_then(|it| it.ty.as_ref()), &new) else {
        return !matches!(new.base(), "text" | "character varying" | "numeric") || !new.is_unlimited();
    };
    // A collation leaves the rows as they are, and no index over them.
    let collation = first(node, &[K::COLLATION_REF]);
    let collates = known.is_some_and(|it| it.collation != collation);
    let indexed = it.known.indexes_of(table).any(|(_, index)| index.columns.contains(&Some(column.clone())));
    // A CHECK of the column is tested again.
    let tested = |check: &catalog::Check| !check.is_not_null && check.words.contains(&column);
    let checks = it.known.tables.get(table).is_some_and(|it| it.checks.values().any(tested));
    rewrites || (collates && indexed) || checks
}

/// Whether USING says more than the column itself.
fn computes(node: &SyntaxNode, column: &str) -> bool {
    let using = first(node, &[K::USING_EXPR]);
    using.is_some_and(|using| {
        let using = using.strip_prefix("using").unwrap_or(&using);
        let (name, _) = using.split_once("::").unwrap_or((using, ""));
        name.trim_matches(['(', ')']) != column
    })
}
