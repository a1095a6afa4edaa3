//! Along which foreign keys Diesel can join.

use diesel_schema_core::declared::{DeclaredSchema, ForeignKey, Model};

use super::raise::InRust;

fn leads_to(key: &ForeignKey, model: &Model) -> bool {
    key.references_table == model.table && key.references_namespace == model.namespace
}

fn diesel<'a>(model: &Model, in_rust: &'a InRust, column: &str) -> Option<(&'a str, bool)> {
    let at = model.columns.iter().position(|it| it.name == column)?;
    Some((&in_rust.fields[at].diesel, model.columns[at].nullable))
}

/// Turns off the joins that would not compile: between two tables that point at each other, in one direction, and along
/// columns of two types.
pub(super) fn decide(declared: &DeclaredSchema, in_rust: &mut [InRust]) {
    let mut off = Vec::new();
    for (at, model) in declared.models.iter().enumerate() {
        for (number, key) in model.foreign_keys.iter().enumerate() {
            let Some(parent) = declared.models.iter().position(|it| leads_to(key, it)) else { continue };
            let back = declared.models[parent].foreign_keys.iter().any(|it| leads_to(it, model));
            let mutual = back && parent < at;
            let types = match (key.columns.as_slice(), key.references_columns.as_slice()) {
                ([column], [there]) => {
                    let here = diesel(model, &in_rust[at], column).map(|(diesel, _)| diesel);
                    let there = diesel_of(&declared.models[parent], &in_rust[parent], there);
                    there.is_some() && here == there
                }
                _ => true,
            };
            if mutual || !types {
                off.push((at, number));
            }
        }
    }
    for (at, number) in off {
        in_rust[at].joins[number] = false;
    }
}

/// The type of a column that is never NULL.
fn diesel_of<'a>(model: &Model, in_rust: &'a InRust, column: &str) -> Option<&'a str> {
    diesel(model, in_rust, column).filter(|(_, nullable)| !nullable).map(|(diesel, _)| diesel)
}
