//! `#[index(..)]`, on a struct and on a field.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Result, Token, parenthesized, token};

use super::{comma, name, once, option_name, take_option, text, unknown};
use crate::ast::{Index, IndexKey, IndexKeyWhat};

const OPTIONS: &[&str] = &[
    "name",
    "unique",
    "using",
    "include",
    "with",
    "where",
    "nulls_not_distinct",
    "desc",
    "nulls_first",
    "nulls_last",
    "opclass",
];

/// Parses the arguments. On a field, `on_field` is the index's one key, and words such as `desc` are said of it.
pub(super) fn index(input: ParseStream, span: Span, on_field: Option<&Ident>) -> Result<Index> {
    let mut index = Index {
        name: None,
        keys: on_field.map(|field| key(IndexKeyWhat::Column(field.clone()))).into_iter().collect(),
        unique: false,
        nulls_not_distinct: false,
        using: None,
        include: Vec::new(),
        with: None,
        predicate: None,
        span,
    };
    while !input.is_empty() {
        argument(input, &mut index, on_field.is_some())?;
        comma(input)?;
    }
    if index.keys.is_empty() {
        return Err(input.error("the index has no key: write the fields that it is on, as in `#[index(created_at)]`"));
    }
    Ok(index)
}

fn argument(input: ParseStream, index: &mut Index, on_field: bool) -> Result<()> {
    if let Some(option) = option_name(input) {
        let span = option.span();
        match option.to_string().as_str() {
            "name" => {
                take_option(input)?;
                return once(&mut index.name, name(input, "the index's name")?, span, "the name");
            }
            "using" => {
                take_option(input)?;
                return once(&mut index.using, text(input, "the access method")?, span, "the access method");
            }
            "with" => {
                take_option(input)?;
                return once(&mut index.with, text(input, "the storage parameters")?, span, "the storage parameters");
            }
            "where" => {
                take_option(input)?;
                return once(&mut index.predicate, text(input, "the predicate")?, span, "the predicate");
            }
            "opclass" if on_field => {
                take_option(input)?;
                index.keys[0].opclass = Some(text(input, "the operator class")?.value());
                return Ok(());
            }
            _ => return Err(unknown(&option, "index", OPTIONS)),
        }
    }
    if input.peek(LitStr) {
        let expr = text(input, "the index's expression")?;
        if on_field {
            return Err(syn::Error::new(expr.span(), "an index on an expression stands on the struct: move it there"));
        }
        return words(input, key(IndexKeyWhat::Expr(expr))).map(|key| index.keys.push(key));
    }
    let word = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), "write a field's name, an expression in double quotes, or an option here")
    })?;
    match word.to_string().as_str() {
        "include" if input.peek(token::Paren) => {
            let content;
            parenthesized!(content in input);
            index.include.extend(content.parse_terminated(Ident::parse_any, Token![,])?);
        }
        "unique" if at_end(input) => index.unique = true,
        "nulls_not_distinct" if at_end(input) => index.nulls_not_distinct = true,
        "desc" if on_field => index.keys[0].descending = true,
        "nulls_first" if on_field => index.keys[0].nulls_first = Some(true),
        "nulls_last" if on_field => index.keys[0].nulls_first = Some(false),
        _ if on_field => return Err(unknown(&word, "index", OPTIONS)),
        _ => index.keys.push(words(input, key(IndexKeyWhat::Column(word)))?),
    }
    Ok(())
}

fn at_end(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,])
}

fn key(what: IndexKeyWhat) -> IndexKey {
    IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None }
}

/// The words after a key: `created_at desc nulls_last`, `title text_pattern_ops collate "C"`.
fn words(input: ParseStream, mut key: IndexKey) -> Result<IndexKey> {
    while !at_end(input) {
        let word = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(
                error.span(),
                "write `desc`, `nulls_first`, `nulls_last`, `collate \"..\"` or an operator class after a key",
            )
        })?;
        match word.to_string().as_str() {
            "asc" => {}
            "desc" => key.descending = true,
            "nulls_first" => key.nulls_first = Some(true),
            "nulls_last" => key.nulls_first = Some(false),
            "nulls" => {
                let which = input.call(Ident::parse_any)?;
                key.nulls_first = match which.to_string().as_str() {
                    "first" => Some(true),
                    "last" => Some(false),
                    _ => return Err(syn::Error::new(which.span(), "write `nulls first` or `nulls last`")),
                };
            }
            "collate" => key.collation = Some(text(input, "the collation")?),
            class => once(&mut key.opclass, class.to_owned(), word.span(), "the operator class")?,
        }
    }
    Ok(key)
}
