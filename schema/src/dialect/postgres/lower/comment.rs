//! `COMMENT ON` in a `sql:` file, of what is no object of a `sql:` file itself.

use diesel_schema_core::{Dialect, sql::split};

use super::object::{qualified, unquote};
use crate::schema::{ObjectId, Schema};

/// Puts the comment where the schema keeps it, and says whether it did. One on what is not in the schema, or in words
/// that only the server can read, stays a statement.
pub(super) fn place(schema: &mut Schema, sql: &str) -> bool {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let [comment, on, address @ .., is, literal] = tokens.as_slice() else { return false };
    let reads = |token: &split::Statement<'_>, word: &str| token.sql.eq_ignore_ascii_case(word);
    if !(reads(comment, "comment") && reads(on, "on") && reads(is, "is")) {
        return false;
    }
    let (Some(text), Some(target)) = (text(literal.sql), target(schema, address)) else { return false };
    schema.comment_mut(&target).map(|comment| *comment = text).is_some()
}

/// What a plain literal says: `Some(None)` is NULL.
fn text(literal: &str) -> Option<Option<String>> {
    if literal.eq_ignore_ascii_case("null") {
        return Some(None);
    }
    let inside = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(Some(inside.replace("''", "'")).filter(|text| !text.is_empty()))
}

/// What stands between `COMMENT ON` and `IS`.
fn target(schema: &Schema, address: &[split::Statement<'_>]) -> Option<ObjectId> {
    let (kind, rest) = address.split_first()?;
    let word = |at: usize| rest.get(at).map(|token| token.sql.to_ascii_lowercase()).unwrap_or_default();
    let (name, after) = qualified(rest, 0)?;
    let whole = after == rest.len();
    match kind.sql.to_ascii_lowercase().as_str() {
        "schema" if whole => Some(ObjectId::Namespace(name.name)),
        "type" if whole => Some(ObjectId::Enum(name)),
        "sequence" if whole => Some(ObjectId::Sequence(name)),
        "table" if whole => Some(ObjectId::Table(name)),
        "column" => {
            let [table @ .., dot, column] = rest else { return None };
            let (table, after) = qualified(table, 0).filter(|_| dot.sql == ".")?;
            (after + 2 == rest.len()).then(|| ObjectId::Column(table, unquote(column.sql)))
        }
        "index" if whole => {
            let mut beside = schema.tables.values().filter(|table| table.name.namespace == name.namespace);
            let table = beside.find(|table| table.indexes.iter().any(|index| index.name == name.name))?;
            Some(ObjectId::Index(table.name.clone(), name.name))
        }
        "constraint" if word(after) == "on" => {
            let (table, end) = qualified(rest, after + 1)?;
            (end == rest.len()).then_some(ObjectId::Constraint(table, name.name))
        }
        _ => None,
    }
}
