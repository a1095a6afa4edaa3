//! What can be judged of one model by looking at it alone.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Ident, LitStr};

use crate::ast::{DefaultValue, Field, Identity, IndexKeyWhat, Model};
use crate::{rust_type, suggest};

/// Every mistake that was found.
pub(crate) fn check(model: &Model) -> syn::Result<()> {
    let mut found = Found(None);
    columns(model, &mut found);
    primary_key(model, &mut found);
    references(model, &mut found);
    names(model, &mut found);
    ties(model, &mut found);
    for index in crate::repeats::indexes(model) {
        let say = "this index repeats one above: remove it, or give it a name of its own where both are meant";
        found.add(index.span, say);
    }
    for field in &model.fields {
        nullable_key(field, &mut found);
        values(model, field, &mut found);
    }
    match found.0 {
        None => Ok(()),
        Some(errors) => Err(errors),
    }
}

struct Found(Option<syn::Error>);

impl Found {
    fn add(&mut self, span: Span, message: impl std::fmt::Display) {
        let error = syn::Error::new(span, message);
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }
}

fn columns(model: &Model, found: &mut Found) {
    if model.fields.is_empty() {
        found
            .add(model.ident.span(), "a model without fields is a table without columns: add `#[primary_key] id: i32`");
    }
    let mut seen = BTreeSet::new();
    for field in &model.fields {
        if !seen.insert(field.column()) {
            found.add(
                field.sql_name.as_ref().map_or(field.ident.span(), LitStr::span),
                format!(
                    "two fields of `{}` are the column `{}`: give one of them another name",
                    model.ident,
                    field.column()
                ),
            );
        }
        if let Some(from) = &field.renamed_from
            && from.value() == field.column()
        {
            found.add(
                from.span(),
                format!(
                    "the column `{}` can't be renamed from itself: write its old name, or remove the attribute",
                    from.value()
                ),
            );
        }
        if field.sql_type.is_none() {
            let inner = rust_type::inside_option(&field.ty).unwrap_or(&field.ty);
            if let Some(advice) = rust_type::advice(inner) {
                found.add(inner.span(), advice);
            }
        }
    }
    if let Some(from) = &model.renamed_from
        && from.value() == model.table.value()
    {
        found.add(
            from.span(),
            format!(
                "the table `{}` can't be renamed from itself: write its old name, or remove the attribute",
                from.value()
            ),
        );
    }
}

fn primary_key(model: &Model, found: &mut Found) {
    let on_fields: Vec<Span> = model.fields.iter().filter_map(|field| field.primary_key).collect();
    match (&model.primary_key, on_fields.first()) {
        (None, None) if !model.fields.is_empty() && !model.no_primary_key => found.add(
            model.ident.span(),
            format!("`{}` has no primary key: write `#[primary_key]` on the field, or on several", model.ident),
        ),
        (Some(_), Some(span)) => {
            found.add(*span, "the struct says its primary key already: write `#[primary_key]` in one place");
        }
        _ => {}
    }
    if model.no_primary_key
        && let Some(span) = model.primary_key.as_ref().map(|key| key.span).or(on_fields.first().copied())
    {
        found.add(span, "`no_primary_key` is said of this table: remove that or this");
    }
    for column in model.primary_key_columns() {
        if let Some(field) = model.field(&column).filter(|field| !field.nullable_key)
            && rust_type::inside_option(&field.ty).is_some()
        {
            found.add(field.ty.span(), "a primary key is never NULL: write the type without `Option`");
        }
    }
}

/// Where the type says that it is never NULL; behind a name of the user's own it may be.
fn nullable_key(field: &Field, found: &mut Found) {
    let never = field.sql_type.is_some() || rust_type::known(&field.ty).is_some();
    if let Some(span) = field.primary_key.filter(|_| field.nullable_key && never)
        && rust_type::inside_option(&field.ty).is_none()
    {
        let say = "a key that may be NULL is an `Option`: write `Option<..>`, or `#[primary_key]` alone";
        found.add(span, say);
    }
}

fn references(model: &Model, found: &mut Found) {
    let names: Vec<String> = model.fields.iter().map(|field| field.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut field = |ident: &Ident| {
        if model.field(ident).is_none() {
            let hint = suggest::hint(&ident.to_string(), &names);
            found.add(ident.span(), format!("`{ident}` is no field of `{}`: {hint}", model.ident));
        }
    };
    for key in model.primary_key.iter().chain(&model.uniques) {
        key.columns.iter().chain(&key.include).for_each(&mut field);
    }
    for key in &model.foreign_keys {
        key.columns.iter().chain(&key.on_delete_columns).for_each(&mut field);
    }
    for index in &model.indexes {
        for key in &index.keys {
            if let IndexKeyWhat::Column(column) = &key.what {
                field(column);
            }
        }
        index.include.iter().for_each(&mut field);
    }
    for columns in model.uniques.iter().chain(&model.primary_key).map(|key| &key.columns) {
        let mut seen = BTreeSet::new();
        for column in columns {
            if !seen.insert(column.to_string()) {
                found.add(column.span(), format!("`{column}` stands in this key twice: remove one"));
            }
        }
    }
}

fn ties(model: &Model, found: &mut Found) {
    for parent in model.inheritance.parents.iter().filter(|it| it.is_ident(&model.ident) || it.is_ident("Self")) {
        found.add(parent.span(), format!("`{}` can't be its own parent: write another model", model.ident));
    }
    for field in &model.fields {
        if let Some(said) = field.not_null.as_ref().filter(|_| rust_type::inside_option(&field.ty).is_some()) {
            let say = "an `Option` may be NULL: write the type without it, or remove `#[not_null]`";
            found.add(said.span, say);
        }
    }
}

fn names(model: &Model, found: &mut Found) {
    let constraints = model.uniques.iter().map(|key| &key.name);
    let constraints = constraints.chain(model.primary_key.iter().map(|key| &key.name));
    let constraints = constraints.chain(model.foreign_keys.iter().map(|key| &key.name));
    let constraints = constraints.chain(model.checks.iter().map(|check| &check.name));
    let all = constraints.chain(model.indexes.iter().map(|index| &index.name));
    let mut seen = BTreeSet::new();
    for name in all.flatten() {
        if !seen.insert(name.value()) {
            found.add(
                name.span(),
                format!("`{}` is the name of two things of this table: give one of them another name", name.value()),
            );
        }
    }
}

fn values(model: &Model, field: &Field, found: &mut Found) {
    let inner = rust_type::inside_option(&field.ty).unwrap_or(&field.ty);
    let known = if field.sql_type.is_none() { rust_type::known(inner).map(|known| known.name) } else { None };
    if let Some((identity, span)) = field.identity
        && identity != Identity::None
    {
        if known.is_some_and(|name| !name.starts_with("Int")) {
            found.add(span, "only integers count up: remove `#[identity]`, or write `i32` or `i64` as the type");
        }
        if field.default.is_some() || field.generated.is_some() {
            found.add(span, "a column takes its values from one place: keep `#[identity]` or the other attribute");
        }
    } else if let (Some(_), Some(generated)) = (&field.default, &field.generated) {
        found.add(generated.sql.span(), "a generated column has no default: keep `#[generated]` or `#[default]`");
    }
    if field.generated.is_some() && model.primary_key_columns().contains(&field.ident) {
        found.add(
            field.ident.span(),
            "a generated column can't be the primary key on every dialect: remove one of the two",
        );
    }
    if let (Some(name), Some(default)) = (known, &field.default) {
        fits(name, default, found);
    }
}

/// Whether a default is a value of one of Rust's own types.
fn fits(name: &str, default: &DefaultValue, found: &mut Found) {
    let range = match name {
        "Int2" => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        "Int4" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        "Int8" => Some((i64::MIN, i64::MAX)),
        _ => None,
    };
    let (what, span, ok) = match default {
        DefaultValue::Bool(value, span) => (format!("`{value}`"), *span, name == "Bool"),
        DefaultValue::Int(value, span) => {
            let float = name.starts_with("Float");
            (format!("`{value}`"), *span, float || range.is_some_and(|(low, high)| (low..=high).contains(value)))
        }
        DefaultValue::Float(value, span) => (format!("`{value}`"), *span, name.starts_with("Float")),
        DefaultValue::Text(value) => {
            (format!("\"{}\"", value.value()), value.span(), matches!(name, "Text" | "Binary"))
        }
        DefaultValue::Expr(_) | DefaultValue::Words(_) => return,
    };
    if !ok {
        let wanted = match name {
            "Bool" => "`true` or `false`".to_owned(),
            "Text" | "Binary" => "a string in double quotes".to_owned(),
            "Int2" => "a whole number from -32768 to 32767".to_owned(),
            "Int4" => "a whole number from -2147483648 to 2147483647".to_owned(),
            "Int8" => "a whole number".to_owned(),
            _ => "a number".to_owned(),
        };
        found.add(
            span,
            format!("the default {what} is no value of this field's type: write {wanted}, or SQL as `sql = \"..\"`"),
        );
    }
}
