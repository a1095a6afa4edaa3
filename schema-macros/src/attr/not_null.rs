//! `#[not_null(name = "..", no_inherit, not_valid)]`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Result};

use super::{comma, name, once, option_name, take_option, unknown};
use crate::ast::NotNull;

pub(super) fn not_null(input: ParseStream, span: Span) -> Result<NotNull> {
    const KNOWN: &[&str] = &["name", "no_inherit", "not_valid"];
    if input.is_empty() {
        let say = "a field that is no `Option` is NOT NULL already: remove the attribute, or say more in it";
        return Err(syn::Error::new(span, say));
    }
    let mut out = NotNull { name: None, no_inherit: false, not_valid: false, span };
    while !input.is_empty() {
        if let Some(option) = option_name(input) {
            take_option(input)?;
            if option != "name" {
                return Err(unknown(&option, "not_null", KNOWN));
            }
            once(&mut out.name, name(input, "the constraint's name")?, option.span(), "the name")?;
        } else {
            let word = input.call(Ident::parse_any)?;
            match word.to_string().as_str() {
                "no_inherit" => out.no_inherit = true,
                "not_valid" => out.not_valid = true,
                _ => return Err(unknown(&word, "not_null", KNOWN)),
            }
        }
        comma(input)?;
    }
    Ok(out)
}
