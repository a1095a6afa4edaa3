//! What the macros ask of constants at compile time.

use crate::def::{ColumnDef, IdentityDef, IndexDef, IndexKeyWhat, ModelDef, SchemaDef, TypeDef, TypeKind};
use crate::drift::Text;

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

const fn same_option(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// Whether the model has a column of that name in the database.
#[must_use]
pub const fn has_column(model: &ModelDef, name: &str) -> bool {
    let mut at = 0;
    while at < model.columns.len() {
        if same(model.columns[at].name, name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a foreign key may point at these columns: they are the primary key or unique, in whatever order. Of a column
/// that is not there nothing is said: [`has_column`] does.
#[must_use]
pub const fn may_be_referenced(model: &ModelDef, columns: &[&str]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        if !has_column(model, columns[at]) {
            return true;
        }
        at += 1;
    }
    if same_set(model.primary_key.columns, columns) {
        return true;
    }
    at = 0;
    while at < model.uniques.len() {
        if same_set(model.uniques[at].columns, columns) {
            return true;
        }
        at += 1;
    }
    at = 0;
    while at < model.indexes.len() {
        let index = &model.indexes[at];
        if index.unique && index.predicate.is_none() && is_on(index, columns) {
            return true;
        }
        at += 1;
    }
    false
}

const fn same_set(a: &[&str], b: &[&str]) -> bool {
    let mut at = 0;
    while at < a.len() {
        if !holds(b, a[at]) {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

const fn holds(list: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < list.len() {
        if same(list[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

const fn is_on(index: &IndexDef, columns: &[&str]) -> bool {
    let mut at = 0;
    while at < index.keys.len() {
        match index.keys[at].what {
            IndexKeyWhat::Column(name) if holds(columns, name) => {}
            _ => return false,
        }
        at += 1;
    }
    index.keys.len() == columns.len()
}

/// What `CompleteInsert` says of a struct that gives a value to these columns, by Diesel's names; nothing where no column
/// is left out that needs one.
#[must_use]
pub const fn left_out(insert: &str, model: &ModelDef, columns: &[&str]) -> Text<2048> {
    let (mut text, mut at) = (Text::new(), 0);
    while at < model.columns.len() {
        let column = &model.columns[at];
        let needed =
            !column.nullable && column.default.is_none() && column.identity.is_none() && column.generated.is_none();
        if needed && !gives(columns, column) {
            if !text.as_str().is_empty() {
                text.push("\n");
            }
            text.push("`");
            text.push(insert);
            text.push("` may leave out `");
            text.push(model.table);
            text.push(".");
            text.push(column.name);
            text.push("`, which is NOT NULL and has no default: add `pub ");
            text.push(column.rust);
            text.push(": ..`, not as an `Option`, or write `#[default(..)]` in `");
            text.push(model.rust);
            text.push("`");
        }
        at += 1;
    }
    text
}

/// Diesel's name of a column is the field's, or has a `_` behind it where the name is taken.
const fn gives(columns: &[&str], column: &ColumnDef) -> bool {
    let mut at = 0;
    while at < columns.len() {
        let given = columns[at];
        if same(given, column.rust) || same(given, column.name) {
            return true;
        }
        if let Some((b'_', before)) = given.as_bytes().split_last()
            && let Ok(before) = core::str::from_utf8(before)
            && same(before, column.rust)
        {
            return true;
        }
        at += 1;
    }
    false
}

/// What the one column of a primary key is when nothing is said: identity for an integer.
#[must_use]
pub const fn identity_of(ty: &TypeDef) -> Option<IdentityDef> {
    if matches!(ty.kind, TypeKind::Diesel) && ty.array == 0 && TypeDef::is_integer(ty.name) {
        Some(IdentityDef::ByDefault)
    } else {
        None
    }
}

/// Of each model, whether no earlier one declares its table. `N` is the number of models.
#[must_use]
pub const fn tables_first<const N: usize>(schema: &SchemaDef) -> [bool; N] {
    let mut names = [(None, ""); N];
    let mut at = 0;
    while at < N {
        names[at] = (schema.models[at].namespace, schema.models[at].table);
        at += 1;
    }
    first(&names)
}

/// Of each enum, whether no earlier one has its name. `N` is the number of enums.
#[must_use]
pub const fn names_first<const N: usize>(schema: &SchemaDef) -> [bool; N] {
    let mut names = [(None, ""); N];
    let mut at = 0;
    while at < N {
        names[at] = (schema.enums[at].namespace, schema.enums[at].name);
        at += 1;
    }
    first(&names)
}

/// Names are looked up by a hash, in chains: comparing each with all before it takes seconds in a large schema.
const fn first<const N: usize>(names: &[(Option<&str>, &str); N]) -> [bool; N] {
    let mut first = [true; N];
    let mut heads = [usize::MAX; N];
    let mut next = [usize::MAX; N];
    let mut at = 0;
    while at < N {
        let (namespace, name) = names[at];
        let slot = hash(name) % N;
        let mut other = heads[slot];
        while other != usize::MAX {
            if same(name, names[other].1) && same_option(namespace, names[other].0) {
                first[at] = false;
            }
            other = next[other];
        }
        next[at] = heads[slot];
        heads[slot] = at;
        at += 1;
    }
    first
}

/// FNV-1a.
const fn hash(text: &str) -> usize {
    let text = text.as_bytes();
    let mut hash: u32 = 0x811c_9dc5;
    let mut at = 0;
    while at < text.len() {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn every_name_but_the_first_of_its_kind_is_found() {
        let names = [(None, "a"), (None, "b"), (Some("x"), "a"), (None, "a"), (Some("x"), "a"), (None, "ab")];
        assert_eq!(first(&names), [true, true, true, false, false, true]);
        let many: [String; 300] = std::array::from_fn(|number| format!("t{number}"));
        assert_eq!(first(&std::array::from_fn::<_, 300, _>(|at| (None, many[at].as_str()))), [true; 300]);
        assert_eq!(first(&[]), [true; 0]);
    }
}
