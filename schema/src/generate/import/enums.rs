//! Enums: which ones a Rust enum can be, and its text.

use std::fmt::Write as _;

use diesel_schema_core::declared::Enum;
use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::attributes::{Argument, attribute, doc, literal};
use super::names::{self, Given};
use crate::schema::Schema;

/// The enums that a Rust enum can be: each value is a word of some kind.
pub(super) fn raise(schema: &Schema, given: &mut Given) -> Vec<Enum> {
    let sayable = |values: &[String]| values.iter().all(|value| !value.trim().is_empty());
    let found = schema.enums.values().filter(|item| sayable(&item.values));
    found
        .map(|item| {
            let wanted = names::type_name(&item.name.name);
            let folder = item.name.namespace.as_deref().map(names::type_name).unwrap_or_default();
            let wanted = if given.is_free(&wanted) { wanted } else { format!("{folder}{wanted}") };
            Enum {
                namespace: item.name.namespace.clone(),
                name: item.name.name.clone(),
                rust: given.choose(&wanted, "Enum"),
                values: item.values.clone(),
                comment: item.comment.clone().unwrap_or_default().trim().to_owned(),
                at: String::new(),
            }
        })
        .collect()
}

type Spell = fn(&str) -> String;

/// How `rename_all` spells a variant, the macro's own way first.
const CASES: [(&str, Spell); 7] = [
    ("snake_case", |name| name.to_snake_case()),
    ("lowercase", |name| name.to_lowercase()),
    ("UPPERCASE", |name| name.to_uppercase()),
    ("PascalCase", |name| name.to_upper_camel_case()),
    ("camelCase", |name| name.to_lower_camel_case()),
    ("kebab-case", |name| name.to_kebab_case()),
    ("SCREAMING_SNAKE_CASE", |name| name.to_shouty_snake_case()),
];

/// The file of all of them.
pub(super) fn text(enums: &[Enum]) -> String {
    let mut out = "//! Enum types.\n\nuse diesel_schema::prelude::*;\n".to_owned();
    for item in enums {
        out.push('\n');
        out.push_str(&one(item));
    }
    out
}

fn one(item: &Enum) -> String {
    let mut given = Given::default();
    let variants: Vec<String> =
        item.values.iter().map(|value| given.choose(&names::type_name(value), "Value")).collect();
    let all = |spell: Spell| variants.iter().zip(&item.values).all(|(variant, value)| spell(variant) == *value);
    let (case, spell) = CASES.into_iter().find(|(_, spell)| all(*spell)).unwrap_or(CASES[0]);
    let mut arguments = Vec::new();
    if item.rust.to_snake_case() != item.name {
        arguments.push(Argument::text("name", &item.name));
    }
    if let Some(namespace) = &item.namespace {
        arguments.push(Argument::text("schema", namespace));
    }
    if case != CASES[0].0 {
        arguments.push(Argument::text("rename_all", case));
    }
    if item.values.is_empty() {
        arguments.push(Argument::Known("no_values".to_owned()));
    }
    let mut out = doc(0, &item.comment);
    out.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, SqlEnum)]\n");
    if !arguments.is_empty() {
        out.push_str(&attribute(0, "sql_enum", &arguments));
    }
    if item.values.is_empty() {
        let _ = writeln!(out, "pub enum {} {{}}", item.rust);
        return out;
    }
    let _ = writeln!(out, "pub enum {} {{", item.rust);
    for (variant, value) in variants.iter().zip(&item.values) {
        if spell(variant) != *value {
            out.push_str(&attribute(4, "sql_value", &[Argument::Known(literal(value))]));
        }
        let _ = writeln!(out, "    {variant},");
    }
    out.push_str("}\n");
    out
}
