//! From attributes to [`crate::ast`]: the grammar of each attribute, and which ones there are.

mod field;
mod index;
mod item;
mod key;
mod not_null;
mod partition;
mod reference;
mod text;
mod ty;

pub(crate) use item::{ModelArgs, model};
pub(crate) use text::{flag_bool, text};

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Result, Token};

use crate::suggest;

/// The attributes that a field may have.
const ON_FIELD: &[&str] = &[
    "primary_key",
    "identity",
    "unique",
    "index",
    "sql_type",
    "default",
    "generated",
    "not_null",
    "references",
    "check",
    "collation",
    "renamed_from",
    "sql_name",
];

/// The attributes that a struct may have.
const ON_STRUCT: &[&str] = &["index", "unique", "check", "foreign_key", "primary_key", "renamed_from"];

/// Attributes of Rust itself that look like a slip of one of ours.
const NEVER_OURS: &[&str] = &["derive", "doc", "cfg", "cfg_attr", "allow", "warn", "deny", "expect", "diesel", "serde"];

/// The name of `attr` when it is one of `known`; an error when it nearly is, or belongs elsewhere.
fn ours<'a>(
    attr: &Attribute,
    known: &[&'a str],
    elsewhere: &[&str],
    place: &str,
    other: &str,
) -> Result<Option<&'a str>> {
    let Some(ident) = attr.path().get_ident() else { return Ok(None) };
    let word = ident.unraw().to_string();
    if NEVER_OURS.contains(&word.as_str()) {
        return Ok(None);
    }
    if let Some(name) = known.iter().find(|name| **name == word) {
        return Ok(Some(name));
    }
    if elsewhere.contains(&word.as_str()) {
        return Err(syn::Error::new(
            ident.span(),
            format!("`#[{word}]` belongs on a {other}, not on the {place}: move it there"),
        ));
    }
    match suggest::nearest(&word, known.iter().copied()) {
        Some(found) => Err(syn::Error::new(
            ident.span(),
            format!("`#[{word}]` is no attribute of a model: did you mean `#[{found}]`?"),
        )),
        None => Ok(None),
    }
}

/// Refuses what would have a table depend on how the crate is built: `#[cfg(..)]`, and ours within `#[cfg_attr(..)]`.
fn unconditional(attr: &Attribute, known: &[&str], instead: &str) -> Result<()> {
    if attr.path().is_ident("cfg") {
        return Err(syn::Error::new(attr.path().span(), format!("a table is the same in every build: {instead}")));
    }
    if !attr.path().is_ident("cfg_attr") {
        return Ok(());
    }
    let Meta::List(list) = &attr.meta else { return Ok(()) };
    // What does not parse is rustc's to complain about.
    let Ok(within) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return Ok(()) };
    let mut names = within.iter().skip(1).filter_map(|meta| meta.path().get_ident());
    match names.find(|name| known.contains(&name.unraw().to_string().as_str())) {
        None => Ok(()),
        Some(name) => Err(syn::Error::new(
            name.span(),
            format!("a table is the same in every build: write `#[{name}]` without `cfg_attr`"),
        )),
    }
}

/// Parses what stands in an attribute's parentheses; `#[attr]` alone is empty.
fn inside<T>(attr: &Attribute, parse: impl FnOnce(ParseStream) -> Result<T>) -> Result<T> {
    match &attr.meta {
        Meta::Path(path) => {
            // An error about something missing has no token of its own: it goes to the attribute's name.
            let span = path.span();
            parse.parse2(proc_macro2::TokenStream::new()).map_err(|error| at_name(span, &error))
        }
        Meta::List(list) => attr
            .parse_args_with(parse)
            .map_err(|error| if list.tokens.is_empty() { at_name(list.path.span(), &error) } else { error }),
        Meta::NameValue(pair) => {
            let name = pair.path.get_ident().map_or_else(String::new, ToString::to_string);
            Err(syn::Error::new(
                pair.eq_token.span,
                format!("write `#[{name}(..)]` with parentheses instead of `#[{name} = ..]`"),
            ))
        }
    }
}

/// The same sentence at the attribute's name, without syn's words about the end of the input.
fn at_name(span: Span, error: &syn::Error) -> syn::Error {
    let message = error.to_string();
    syn::Error::new(span, message.strip_prefix("unexpected end of input, ").unwrap_or(&message))
}

/// The word before `=` when an option begins here.
fn option_name(input: ParseStream) -> Option<Ident> {
    let fork = input.fork();
    let ident = fork.call(Ident::parse_any).ok()?;
    (fork.peek(Token![=]) && !fork.peek(Token![==])).then_some(ident)
}

/// Takes `name =` off the input.
fn take_option(input: ParseStream) -> Result<Ident> {
    let ident = input.call(Ident::parse_any)?;
    input.parse::<Token![=]>()?;
    Ok(ident)
}

/// The comma between two arguments, or the end.
fn comma(input: ParseStream) -> Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    if !input.peek(Token![,]) {
        return Err(input.error("write a comma between two arguments"));
    }
    input.parse::<Token![,]>()?;
    Ok(())
}

/// An argument that the attribute does not have.
fn unknown(name: &Ident, attr: &str, known: &[&str]) -> syn::Error {
    syn::Error::new(
        name.span(),
        format!("`{name}` is no argument of `#[{attr}(..)]`: {}", suggest::hint(&name.to_string(), known)),
    )
}

/// Sets what may be said once.
fn once<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Result<()> {
    if slot.is_some() {
        return Err(syn::Error::new(span, format!("{what} is said twice here: keep one of the two")));
    }
    *slot = Some(value);
    Ok(())
}

/// The text of doc comments, trimmed; the attributes stay where they are.
pub(crate) fn comment(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs {
        if !attr.path().is_ident("doc") {
            continue;
        }
        if let Meta::NameValue(pair) = &attr.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value
        {
            let line = line.value();
            lines.extend(line.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()));
        }
    }
    lines.join("\n").trim().to_owned()
}

/// A name in the database: not empty, at most 63 bytes.
fn name(input: ParseStream, what: &str) -> Result<LitStr> {
    let name = text(input, what)?;
    if name.value().len() > diesel_schema_core::naming::MAX_IDENTIFIER_BYTES {
        return Err(syn::Error::new(
            name.span(),
            format!("{what} is longer than the 63 bytes that PostgreSQL keeps of a name: write a shorter one"),
        ));
    }
    Ok(name)
}
