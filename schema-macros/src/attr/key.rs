//! `#[unique(..)]` and `#[primary_key(..)]`.

use diesel_schema_core::declared::Deferrable;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Result, Token, parenthesized, token};

use super::{comma, name, once, option_name, take_option, unknown};
use crate::ast::Key;
use crate::suggest;

/// Parses a key's arguments; `on_field` is its one column on a field.
pub(super) fn key(input: ParseStream, attr: &str, span: Span, on_field: Option<&Ident>) -> Result<Key> {
    let mut found_name = None;
    let mut deferrable = None;
    let mut columns: Vec<Ident> = on_field.cloned().into_iter().collect();
    let (mut include, mut nulls_not_distinct, mut without_overlaps) = (Vec::new(), false, false);
    let unique = attr == "unique";
    let options: &[&str] = match unique {
        true => &["name", "include", "nulls_not_distinct", "without_overlaps", "deferrable"],
        false => &["name", "include", "without_overlaps", "deferrable"],
    };
    while !input.is_empty() {
        if let Some(option) = option_name(input) {
            take_option(input)?;
            match option.to_string().as_str() {
                "name" => once(&mut found_name, name(input, "the constraint's name")?, option.span(), "the name")?,
                "deferrable" => once(&mut deferrable, self::deferrable(input)?, option.span(), "`deferrable`")?,
                _ => return Err(unknown(&option, attr, options)),
            }
        } else {
            let word = input
                .call(Ident::parse_any)
                .map_err(|error| syn::Error::new(error.span(), "write a field's name here"))?;
            if word == "include" && input.peek(token::Paren) {
                let content;
                parenthesized!(content in input);
                include.extend(idents(&content)?);
            } else if unique && word == "nulls_not_distinct" {
                nulls_not_distinct = true;
            } else if word == "without_overlaps" {
                without_overlaps = true;
            } else if on_field.is_some() {
                return Err(unknown(&word, attr, options));
            } else {
                columns.push(word);
            }
        }
        comma(input)?;
    }
    if columns.is_empty() {
        return Err(input.error(format!("the fields are missing: write `#[{attr}(a, b)]`")));
    }
    let deferrable = deferrable.unwrap_or_default();
    Ok(Key { columns, include, name: found_name, nulls_not_distinct, without_overlaps, deferrable, span })
}

/// `initially_deferred` or `initially_immediate`.
pub(super) fn deferrable(input: ParseStream) -> Result<Deferrable> {
    const KNOWN: &[&str] = &["initially_deferred", "initially_immediate"];
    let word = input.call(Ident::parse_any)?;
    match word.to_string().as_str() {
        "initially_deferred" => Ok(Deferrable::InitiallyDeferred),
        "initially_immediate" => Ok(Deferrable::InitiallyImmediate),
        other => Err(syn::Error::new(
            word.span(),
            format!("`{other}` is no time to check a constraint: {}", suggest::hint(other, KNOWN)),
        )),
    }
}

/// A list of fields in parentheses that were taken already.
pub(super) fn idents(input: ParseStream) -> Result<Vec<Ident>> {
    Ok(input.parse_terminated(Ident::parse_any, Token![,])?.into_iter().collect())
}
