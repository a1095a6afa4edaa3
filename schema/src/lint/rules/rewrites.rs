//! Safe forms that several rules write.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::fix::Fix;
use crate::lint::names::{below, children, first, folded};
use crate::lint::place::Place;

/// The table of a statement as it is written there.
pub(super) fn relation(statement: &SyntaxNode) -> Option<String> {
    let found = below(statement, &[K::TABLE_RELATION_NAME, K::TABLE_NAME_REF, K::RELATION_NAME_REF]);
    found.first().map(|it| it.text().to_string().trim().to_owned())
}

/// A name for a constraint of a column, as PostgreSQL would make it up; `None` where that is too long or needs quotes.
pub(super) fn check_name(table: &str, column: &str, end: &str) -> Option<String> {
    let table = table.rsplit('.').next().unwrap_or(table);
    let name = format!("{table}_{}_{end}", folded(column));
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_');
    (name.len() <= 63 && begins && name.chars().all(plain)).then_some(name)
}

/// The name that a constraint has or gets.
fn name_of(it: &Place<'_>, constraint: &SyntaxNode, columns: &[String], end: &str) -> Option<String> {
    match below(constraint, &[K::CONSTRAINT_NAME]).first() {
        Some(name) => Some(name.text().to_string()),
        None => check_name(it.table.as_deref()?, &columns.join("_"), end),
    }
}

/// The one constraint that an ALTER TABLE adds, and nothing else.
fn only(it: &Place<'_>, constraint: &SyntaxNode) -> bool {
    let whole = constraint.parent().is_some_and(|parent| parent.kind() == K::ADD_CONSTRAINT);
    whole && it.actions().len() == 1
}

fn columns(constraint: &SyntaxNode, list: K) -> Vec<String> {
    let lists = below(constraint, &[list]);
    let names = lists.first().map(|it| below(it, &[K::COLUMN_NAME_REF])).unwrap_or_default();
    names.iter().map(|it| folded(&it.text().to_string())).collect()
}

/// A CHECK or a foreign key, added NOT VALID and validated by itself.
pub(super) fn not_valid_first(it: &Place<'_>, constraint: &SyntaxNode) -> Option<Fix> {
    let partitioned = it.table.as_ref().and_then(|table| it.known.tables.get(table)).is_some_and(|it| it.partitioned);
    if !only(it, constraint) || partitioned {
        return None;
    }
    let name = match constraint.kind() {
        K::FOREIGN_KEY_CONSTRAINT => name_of(it, constraint, &columns(constraint, K::FOREIGN_KEY_COLUMN_LIST), "fkey")?,
        // What the server calls a check depends on the columns that it names.
        K::CHECK_CONSTRAINT => below(constraint, &[K::CONSTRAINT_NAME]).first()?.text().to_string(),
        _ => return None,
    };
    let (table, text) = (relation(&it.node)?, constraint.text().to_string());
    let named =
        if first(constraint, &[K::CONSTRAINT_NAME]).is_some() { String::new() } else { format!("CONSTRAINT {name} ") };
    let statements = [
        format!("ALTER TABLE {table} ADD {named}{} NOT VALID", text.trim()),
        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
    ];
    Fix::statements(&it.node, &statements).alone(it)
}

/// A unique constraint or a primary key over an index that is built beside the writes.
pub(super) fn index_first(it: &Place<'_>, constraint: &SyntaxNode) -> Option<Fix> {
    let known = it.table.as_ref().and_then(|table| it.known.tables.get(table));
    if !only(it, constraint) || known.is_some_and(|it| it.partitioned) {
        return None;
    }
    let list = below(constraint, &[K::CONSTRAINT_COLUMN_REF_LIST, K::COLUMN_REF_LIST]);
    let list = list.first()?;
    let names: Vec<String> = columns(constraint, list.kind());
    let table = relation(&it.node)?;
    let (kind, name) = if constraint.kind() == K::PRIMARY_KEY_CONSTRAINT {
        // Else the statement scans the table for NULLs all the same.
        let there = |column: &String| known.and_then(|it| it.columns.get(column)).is_some_and(|it| it.not_null);
        if !names.iter().all(there) {
            return None;
        }
        ("PRIMARY KEY", name_of(it, constraint, &[], "pkey")?.replace("__", "_"))
    } else {
        ("UNIQUE", name_of(it, constraint, &names, "key")?)
    };
    // What else a key may say belongs to the index, or behind the constraint.
    let plain = children(constraint, K::INDEX_PARAMETERS).iter().all(|it| it.children().count() == 1);
    let options = constraint.children().any(|it| format!("{:?}", it.kind()).ends_with("_CONSTRAINT_OPTION"));
    if !plain || options {
        return None;
    }
    let statements = [
        format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {}", list.text().to_string().trim()),
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {name}"),
    ];
    Fix::statements(&it.node, &statements).alone(it)
}
