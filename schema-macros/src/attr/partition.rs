//! What ties a model to others as a partition or a child: `partition_of(..)`, `inherits(..)`.

use syn::parse::ParseStream;
use syn::{Ident, Path, Result, Token, parenthesized, token};

use super::{comma, text};
use crate::ast::Inheritance;

/// `(Event, "FOR VALUES IN ('a')")`.
pub(super) fn partition_of(input: ParseStream, word: &Ident, out: &mut Inheritance) -> Result<()> {
    const SHAPE: &str = "write the parent's struct and the rows: `partition_of(Event, \"FOR VALUES IN ('a')\")`";
    alone(word, out)?;
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(word.span(), SHAPE));
    }
    let content;
    parenthesized!(content in input);
    let parent = content.call(Path::parse_mod_style).map_err(|error| syn::Error::new(error.span(), SHAPE))?;
    content.parse::<Token![,]>().map_err(|error| syn::Error::new(error.span(), SHAPE))?;
    let bound = text(&content, "which rows the partition takes")?;
    comma(&content)?;
    if !content.is_empty() {
        return Err(content.error(SHAPE));
    }
    let said = bound.value().trim_start().to_ascii_uppercase();
    if said != "DEFAULT" && !said.starts_with("FOR VALUES") {
        return Err(syn::Error::new(bound.span(), "a partition takes `FOR VALUES ..`, or is the `DEFAULT` one"));
    }
    out.parents.push(parent);
    out.bound = Some(bound);
    Ok(())
}

/// `(City)`, or several.
pub(super) fn inherits(input: ParseStream, word: &Ident, out: &mut Inheritance) -> Result<()> {
    alone(word, out)?;
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(word.span(), "write the parents' structs: `inherits(City)`"));
    }
    let content;
    parenthesized!(content in input);
    out.parents.extend(content.parse_terminated(Path::parse_mod_style, Token![,])?);
    if out.parents.is_empty() {
        return Err(content.error("the parent is missing: write its struct, as in `inherits(City)`"));
    }
    Ok(())
}

fn alone(word: &Ident, out: &Inheritance) -> Result<()> {
    if out.parents.is_empty() {
        return Ok(());
    }
    Err(syn::Error::new(word.span(), "the table's parents are said already: write `partition_of` or `inherits` once"))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::attr::{ModelArgs, model};

    /// What is told of a model with these arguments, and this said of its field `a`.
    fn said(arguments: proc_macro2::TokenStream, attributes: proc_macro2::TokenStream) -> String {
        let item = syn::parse_quote!(struct M { #[primary_key] id: i64, #attributes a: Option<i64> });
        let parsed = syn::parse2::<ModelArgs>(quote!(table = "m", #arguments));
        let checked = parsed.and_then(|args| model(args, item)).and_then(|model| crate::valid::check(&model));
        checked.map_or_else(|error| error.to_string(), |()| "well".to_owned())
    }

    #[test]
    fn what_ties_a_model_to_others_is_told_where_it_is_wrong() {
        for (arguments, expected) in [
            (quote!(partition_by = "RANGE (a)", partition_of(P, "FOR VALUES IN ('a')")), "well"),
            (quote!(partition_of(P, "default")), "well"),
            (quote!(inherits(P, super::Q), strict, without_rowid), "well"),
            (quote!(partition_by = ""), "how the table is split is empty"),
            (quote!(partition_of(P)), "write the parent's struct and the rows"),
            (quote!(partition_of(P, "IN ('b')")), "a partition takes `FOR VALUES ..`"),
            (quote!(partition_of(P, "DEFAULT"), inherits(Q)), "the table's parents are said already"),
            (quote!(inherits()), "unexpected end of input, the parent is missing"),
            (quote!(inherits(M)), "`M` can't be its own parent"),
        ] {
            let said = said(arguments.clone(), quote!());
            assert!(said.starts_with(expected), "{arguments}: {said}");
        }
    }

    #[test]
    fn what_is_said_of_a_column_is_told_where_it_is_wrong() {
        for (attributes, expected) in [
            (quote!(#[generated("1", virtual)]), "well"),
            (quote!(#[generated("1", lazy)]), "`lazy` is no argument of `#[generated(..)]`"),
            (quote!(#[not_null]), "a field that is no `Option` is NOT NULL already"),
            (quote!(#[not_null(named = "x")]), "`named` is no argument of `#[not_null(..)]`"),
            (quote!(#[not_null(not_inherited)]), "`not_inherited` is no argument of `#[not_null(..)]`"),
            (quote!(#[not_null(not_valid)]), "an `Option` may be NULL"),
        ] {
            let said = said(quote!(), attributes.clone());
            assert!(said.starts_with(expected), "{attributes}: {said}");
        }
    }
}
