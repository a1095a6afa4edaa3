//! The attributes of a struct, and `#[model(..)]` itself.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Fields, Ident, Item, LitStr, Meta, Result, Token};

use super::index::index;
use super::key::key;
use super::partition;
use super::text::Words;
use super::{
    ON_FIELD, ON_STRUCT, comma, comment, field, inside, name, once, option_name, ours, reference, take_option, text,
    unconditional, unknown,
};
use crate::ast::{Check, Inheritance, Model};

/// What stands in `#[model(..)]`.
pub(crate) struct ModelArgs {
    table: LitStr,
    namespace: Option<LitStr>,
    no_primary_key: bool,
    inheritance: Inheritance,
    options: Vec<&'static str>,
}

impl Parse for ModelArgs {
    fn parse(input: ParseStream) -> Result<Self> {
        const MISSING: &str = "the table's name is missing: write `#[model(table = \"users\")]`";
        const KNOWN: &[&str] = &[
            "table",
            "schema",
            "no_primary_key",
            "partition_by",
            "partition_of",
            "inherits",
            "strict",
            "without_rowid",
        ];
        let (mut table, mut namespace, mut no_primary_key) = (None, None, false);
        let (mut inheritance, mut options) = (Inheritance::default(), Vec::new());
        while !input.is_empty() {
            let Some(option) = option_name(input) else {
                let word = input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), MISSING))?;
                match word.to_string().as_str() {
                    "no_primary_key" => no_primary_key = true,
                    "strict" => options.push("STRICT"),
                    "without_rowid" => options.push("WITHOUT ROWID"),
                    "partition_of" => partition::partition_of(input, &word, &mut inheritance)?,
                    "inherits" => partition::inherits(input, &word, &mut inheritance)?,
                    _ => return Err(unknown(&word, "model", KNOWN)),
                }
                comma(input)?;
                continue;
            };
            take_option(input)?;
            match option.to_string().as_str() {
                "table" => once(&mut table, name(input, "the table's name")?, option.span(), "the table's name")?,
                "partition_by" => {
                    let by = text(input, "how the table is split")?;
                    once(&mut inheritance.partition_by, by, option.span(), "`partition_by`")?;
                }
                "schema" => once(&mut namespace, name(input, "the schema's name")?, option.span(), "the schema")?,
                _ => return Err(unknown(&option, "model", KNOWN)),
            }
            comma(input)?;
        }
        let Some(table) = table else { return Err(syn::Error::new(Span::call_site(), MISSING)) };
        if let Some(namespace) = &namespace
            && syn::parse_str::<Ident>(&namespace.value()).is_err()
        {
            return Err(syn::Error::new(
                namespace.span(),
                "Diesel writes a schema's name as a Rust name: use letters, digits and `_` only",
            ));
        }
        options.sort_unstable();
        options.dedup();
        Ok(Self { table, namespace, no_primary_key, inheritance, options })
    }
}

/// Reads the struct under `#[model]`.
pub(crate) fn model(args: ModelArgs, item: Item) -> Result<Model> {
    let item = match item {
        Item::Struct(item) => item,
        Item::Enum(item) => {
            return Err(syn::Error::new(
                item.enum_token.span,
                "a model is a struct: write `#[derive(SqlEnum)]` for an enum that is a column's type",
            ));
        }
        other => return Err(syn::Error::new(other.span(), "`#[model]` stands on a struct with named fields")),
    };
    if item.ident != item.ident.unraw() {
        return Err(syn::Error::new(
            item.ident.span(),
            "Diesel's derives take no struct whose name is a raw identifier: give it another name, the table's may stay",
        ));
    }
    if !item.generics.params.is_empty() {
        return Err(syn::Error::new(
            item.generics.span(),
            "a model is one table, so it has no generics: write the types of its columns out",
        ));
    }
    let fields = match item.fields {
        Fields::Named(fields) => fields.named,
        other => {
            let span = if matches!(other, Fields::Unit) { item.ident.span() } else { other.span() };
            return Err(syn::Error::new(span, "a model's fields have names: write `struct Name { id: i32, .. }`"));
        }
    };
    let mut model = Model {
        vis: item.vis,
        ident: item.ident,
        table: args.table,
        namespace: args.namespace,
        no_primary_key: args.no_primary_key,
        comment: comment(&item.attrs),
        renamed_from: None,
        attrs: Vec::new(),
        fields: Vec::new(),
        primary_key: None,
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        inheritance: args.inheritance,
        options: args.options,
    };
    let mut errors: Option<syn::Error> = None;
    let mut note = |result: Result<()>| {
        if let Err(error) = result {
            match &mut errors {
                Some(all) => all.combine(error),
                None => errors = Some(error),
            }
        }
    };
    for field in fields {
        note(field::field(&mut model, field));
    }
    for attr in item.attrs {
        note(attribute(&mut model, attr));
    }
    match errors {
        Some(errors) => Err(errors),
        None => Ok(model),
    }
}

fn attribute(model: &mut Model, attr: Attribute) -> Result<()> {
    let elsewhere: Vec<&str> = ON_FIELD.iter().copied().filter(|name| !ON_STRUCT.contains(name)).collect();
    let span = attr.path().span();
    match ours(&attr, ON_STRUCT, &elsewhere, "struct", "field")? {
        None if attr.path().segments.last().is_some_and(|last| last.ident == "model") => {
            return Err(syn::Error::new(span, "a struct is one table: keep one `#[model(..)]`"));
        }
        None => {
            ours_to_say(&attr)?;
            unconditional(&attr, ON_STRUCT, "write `#[cfg(..)]` above `#[model(..)]`")?;
            model.attrs.push(attr);
        }
        Some("index") => model.indexes.push(inside(&attr, |input| index(input, span, None))?),
        Some("unique") => model.uniques.push(inside(&attr, |input| key(input, "unique", span, None))?),
        Some("check") => model.checks.push(inside(&attr, |input| check(input, span))?),
        Some("foreign_key") => {
            model.foreign_keys.push(inside(&attr, |input| reference::foreign_key(input, span))?);
        }
        Some("primary_key") => {
            let found = inside(&attr, |input| key(input, "primary_key", span, None))?;
            once(&mut model.primary_key, found, span, "the primary key")?;
        }
        Some(_) => {
            let from = inside(&attr, |input| name(input, "the old name"))?;
            once(&mut model.renamed_from, from, span, "`#[renamed_from]`")?;
        }
    }
    Ok(())
}

/// Refuses what `#[model]` says to Diesel's derives itself.
fn ours_to_say(attr: &Attribute) -> Result<()> {
    if !attr.path().is_ident("diesel") {
        return Ok(());
    }
    // What else stands there is Diesel's to judge.
    let Ok(said) = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return Ok(()) };
    match said.iter().find(|meta| meta.path().is_ident("table_name") || meta.path().is_ident("primary_key")) {
        None => Ok(()),
        Some(meta) => Err(syn::Error::new(
            meta.path().span(),
            "`#[model]` tells Diesel the table and its primary key: remove this",
        )),
    }
}

const CHECK: &[&str] = &["name", "not_valid", "no_inherit", "not_enforced", "sql", "postgres", "sqlite", "mysql"];

/// `#[check("..", name = "..", sqlite = "..")]`.
pub(super) fn check(input: ParseStream, span: Span) -> Result<Check> {
    let (mut words, mut found_name) = (Words::default(), None);
    let (mut not_valid, mut no_inherit, mut not_enforced) = (false, false, false);
    while !input.is_empty() {
        match option_name(input) {
            None if input.peek(Ident::peek_any) => match input.call(Ident::parse_any)? {
                word if word == "not_valid" => not_valid = true,
                word if word == "no_inherit" => no_inherit = true,
                word if word == "not_enforced" => not_enforced = true,
                word if input.is_empty() || input.peek(Token![,]) => return Err(unknown(&word, "check", CHECK)),
                word => {
                    return Err(syn::Error::new(word.span(), "write the SQL of the check in double quotes"));
                }
            },
            None => words.take_sql(input)?,
            Some(option) if option == "name" => {
                take_option(input)?;
                once(&mut found_name, name(input, "the constraint's name")?, option.span(), "the name")?;
            }
            Some(option) => {
                if !words.take(input, &option.unraw())? {
                    return Err(unknown(&option, "check", CHECK));
                }
            }
        }
        comma(input)?;
    }
    Ok(Check { name: found_name, expr: words.finish(input)?, not_valid, no_inherit, not_enforced, span })
}
