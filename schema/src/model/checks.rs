//! What the macros ask of constants at compile time.

use crate::def::{IdentityDef, SchemaDef, TypeDef, TypeKind};
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

/// What the one column of a primary key is when nothing is said: identity for an integer.
#[must_use]
pub const fn identity_of(ty: &TypeDef) -> Option<IdentityDef> {
    if matches!(ty.kind, TypeKind::Diesel) && ty.array == 0 && TypeDef::is_integer(ty.name) {
        Some(IdentityDef::ByDefault)
    } else {
        None
    }
}

/// Panics where a text is none of the values that a column can have; where they can't be told, nothing is wrong with it.
///
/// # Panics
///
/// At the caller, with what to write instead.
#[track_caller]
pub const fn default_fits(values: Option<&[&str]>, text: &str) {
    let Some(values) = values else { return };
    let mut said: Text<1024> = Text::new();
    said.push("the default \"");
    said.push(text);
    said.push("\" is no value of this field's enum: ");
    let mut at = 0;
    while at < values.len() {
        if same(values[at], text) {
            return;
        }
        said.push(if at == 0 { "write \"" } else { " or \"" });
        said.push(values[at]);
        said.push("\"");
        at += 1;
    }
    if at == 0 {
        said.push("it has none, so remove the default");
    }
    panic!("{}", said.as_str());
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
