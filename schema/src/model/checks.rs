//! What the macros ask of constants at compile time.

use crate::def::{IdentityDef, ModelDef, SchemaDef, TypeDef, TypeKind};

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

/// What the one column of a primary key is when nothing is said: identity for an integer.
#[must_use]
pub const fn identity_of(ty: &TypeDef) -> Option<IdentityDef> {
    const INTEGERS: [&str; 6] = ["Int2", "Int4", "Int8", "SmallInt", "Integer", "BigInt"];
    if !matches!(ty.kind, TypeKind::Diesel) || ty.array != 0 {
        return None;
    }
    let mut at = 0;
    while at < INTEGERS.len() {
        if same(ty.name, INTEGERS[at]) {
            return Some(IdentityDef::ByDefault);
        }
        at += 1;
    }
    None
}

/// Whether no earlier model declares the table of the model at `index`.
#[must_use]
pub const fn first_of_its_table(schema: &SchemaDef, index: usize) -> bool {
    let this = schema.models[index];
    let mut at = 0;
    while at < index {
        let other = schema.models[at];
        if same(this.table, other.table) && same_option(this.namespace, other.namespace) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether no earlier enum has the name of the enum at `index`.
#[must_use]
pub const fn first_of_its_name(schema: &SchemaDef, index: usize) -> bool {
    let this = schema.enums[index];
    let mut at = 0;
    while at < index {
        let other = schema.enums[at];
        if same(this.name, other.name) && same_option(this.namespace, other.namespace) {
            return false;
        }
        at += 1;
    }
    true
}
