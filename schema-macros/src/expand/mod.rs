//! From a checked model to Rust: the struct with Diesel's derives, its `table!`, its constants.

mod declared;
mod def;
mod defaults;
mod facts;
mod joins;
mod structure;
mod table;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use crate::ast::Model;
use crate::names;

pub(crate) use declared::sequence as declared_sequence;
pub(crate) use facts::deprecated;

/// Everything that `#[model]` stands for.
pub(crate) fn model(model: &Model) -> TokenStream {
    let structure = structure::structure(model);
    let table = table::table(model);
    let (joins, references) = (joins::joins(model), joins::checks(model));
    let facts = facts::facts(model);
    let def = def::model_def(model, &facts);
    let warnings = facts::warnings(model, &facts);
    let repeated = crate::repeats::warnings(model);
    let defaults = defaults::checks(model);
    let ident = &model.ident;
    let module = names::module(ident);
    let table_ident = model.table_ident();
    let listed = quote_spanned!(ident.span()=> ::diesel_schema::model::listed::<#ident>());
    quote! {
        #structure
        #table
        const _: () = {
            use ::diesel_schema::{def as __def, model::Model as __Model};
            impl __Model for #ident {
                type Table = #module::#table_ident::table;
            }
            impl ::diesel_schema::model::TableOf for #module::#table_ident::table {
                #def
            }
            #joins
            #defaults
            #listed;
            #references
            #warnings
            #repeated
        };
    }
}

/// Where a token stands, as `file:line:column`: a literal, because `concat!(file!(), ..)` would be four macros more for
/// each field.
pub(crate) fn at(span: Span) -> String {
    let start = span.start();
    format!("{}:{}:{}", span.file(), start.line, start.column + 1)
}

/// `Some(..)` or `None`.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// The same path or type, seen from a child module that begins with `use super::*`.
pub(crate) fn in_child(tokens: impl ToTokens) -> TokenStream {
    let mut out = TokenStream::new();
    let mut after_colon = false;
    for tree in tokens.into_token_stream() {
        let colon = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ':');
        match tree {
            TokenTree::Ident(ident) if !after_colon && ident == "self" => {
                out.extend(quote_spanned!(ident.span()=> super));
            }
            TokenTree::Ident(ident) if !after_colon && ident == "super" => {
                out.extend(quote_spanned!(ident.span()=> super::super));
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), in_child(group.stream()));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            other => out.extend([other]),
        }
        after_colon = colon;
    }
    out
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_model_expands_to_this() {
        let item = syn::parse_quote! {
            /// People.
            #[index(name desc, unique)]
            #[derive(Debug)]
            pub struct User {
                #[primary_key]
                pub id: i32,
                #[default("x")]
                pub name: Option<String>,
                pub tone: self::Tone,
                #[references(Team, on_delete = cascade)]
                pub team_id: i64,
            }
        };
        let args = syn::parse2(quote!(table = "users")).unwrap();
        let model = crate::attr::model(args, item).unwrap();
        crate::valid::check(&model).unwrap();
        let file = syn::parse2(super::model(&model));
        // `table!`'s own grammar is no Rust: prettyplease leaves it as it is.
        insta::assert_snapshot!(prettyplease::unparse(&file.unwrap()));
    }
}
