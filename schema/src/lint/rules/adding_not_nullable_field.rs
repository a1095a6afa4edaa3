//! SET NOT NULL of a column of which nothing proves that it holds no NULL.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "adding-not-nullable-field",
    aliases: &["addingNotNullField", "E2"],
    level: Level::Error,
    danger: "the table is scanned while it is locked against reads and writes",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "ADD CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its own, then SET NOT NULL and, in a statement of its own, drop the CHECK",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ALTER COLUMN a SET NOT NULL;"),
        good: &[
            together("ALTER TABLE t ADD CONSTRAINT a_there CHECK (a IS NOT NULL) NOT VALID;"),
            together("ALTER TABLE t VALIDATE CONSTRAINT a_there;"),
            together(
                "ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_there;",
            ),
        ],
    },
    check: Check::Tree(|it| {
        if !it.is(K::ALTER_TABLE) || it.quiet() {
            return Vec::new();
        }
        let mut found = children(&it.node, K::ALTER_COLUMN);
        found.retain(|node| {
            let Some(column) = first(node, &[K::COLUMN_NAME_REF]) else { return false };
            !below(node, &[K::SET_NOT_NULL]).is_empty() && !is_proven(it, &column)
        });
        found
    }),
    fix: Some(prove_first),
};

fn is_proven(it: &Place<'_>, column: &str) -> bool {
    // Dropping the proof in the same statement happens before it is used.
    let drops = !below(&it.node, &[K::DROP_CONSTRAINT]).is_empty();
    !drops && it.known.holds_no_null(it.table.as_deref().unwrap_or_default(), column)
}

/// A CHECK that is validated, and goes once it was used.
fn prove_first(it: &Place<'_>, node: &SyntaxNode) -> Option<Fix> {
    if it.actions().len() != 1 {
        return None;
    }
    let table = relation(&it.node)?;
    let column = below(node, &[K::COLUMN_NAME_REF]).first()?.text().to_string();
    let name = check_name(it.table.as_deref()?, &column, "not_null")?;
    let alter = format!("ALTER TABLE {table}");
    let statements = [
        format!("{alter} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"),
        format!("{alter} VALIDATE CONSTRAINT {name}"),
        format!("{alter} ALTER COLUMN {column} SET NOT NULL"),
        format!("{alter} DROP CONSTRAINT {name}"),
    ];
    Fix::statements(&it.node, &statements).alone(it)
}
