//! What a model says that SQLite has nothing for.

use diesel_schema_core::declared::{Column, Inheritance, Model};

use super::lower::Errors;

/// The option of a table that is its primary key's index.
pub(super) const WITHOUT_ROWID: &str = "WITHOUT ROWID";

/// The types that a STRICT table knows.
const STRICT_TYPES: [&str; 6] = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];

pub(super) fn refuse_untyped(ty: &str, column: &Column, model: &Model, errors: &mut Errors) {
    if model.options.iter().any(|it| it == "STRICT") && !STRICT_TYPES.contains(&ty) {
        let what = format!("`{}.{}`, a {ty} in a strict table,", model.rust, column.rust);
        let instead = "write `#[sql_type(sql = \"..\", diesel = ..)]` with INTEGER, REAL, TEXT, BLOB or ANY, or leave `strict` out";
        errors.add(&column.at, what, instead);
    }
}

pub(super) fn refuse(model: &Model, errors: &mut Errors) {
    let rust = &model.rust;
    if model.inheritance != Inheritance::default() {
        let instead = "leave `partition_by`, `partition_of` and `inherits` out, or write for postgres alone";
        errors.add(&model.at, format!("partitions and parents of `{rust}`"), instead);
    }
    for key in model.uniques.iter().chain([&model.primary_key]).filter(|key| key.without_overlaps) {
        errors.add(&key.at, format!("without_overlaps of a key of `{rust}`"), "leave it out, or write a trigger");
    }
    for key in &model.foreign_keys {
        if key.period {
            errors.add(&key.at, format!("period of a foreign key of `{rust}`"), "leave it out, or write a trigger");
        }
        if key.not_enforced {
            errors.add(&key.at, format!("not_enforced of a foreign key of `{rust}`"), "leave the foreign key out");
        }
    }
    for check in model.checks.iter().filter(|check| check.not_enforced) {
        errors.add(&check.at, format!("not_enforced of a check of `{rust}`"), "leave the check out");
    }
    for column in &model.columns {
        if column.not_null.as_ref().is_some_and(|said| said.not_valid) {
            let what = format!("not_valid of the NOT NULL of `{rust}.{}`", column.rust);
            errors.add(&column.at, what, "make the field an `Option`, or leave it out");
        }
    }
}
