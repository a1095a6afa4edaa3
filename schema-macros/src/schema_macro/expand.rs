//! What `schema!` stands for.

use std::collections::BTreeMap;

use diesel_schema_core::{Dialect, lock};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Path, Token};

use super::together::together;
use super::{Schema, Sequence, spelt};
use crate::expand::{at, declared_sequence, in_child, option};
use crate::{ast, lockfile, names};

/// The hidden module beside what `path` names.
pub(super) fn beside(path: &Path, name: impl Fn(&Ident) -> Ident) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        let span = last.ident.span();
        last.ident = name(&last.ident);
        // Where there is no such thing, it is what the user wrote.
        last.ident.set_span(span);
    }
    path
}

/// What is listed in a `schema!` that is no good, as far as it can be read.
pub(crate) fn listed(input: TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = input.into_iter().collect();
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    for window in trees.windows(3) {
        let [TokenTree::Ident(key), TokenTree::Punct(colon), TokenTree::Group(group)] = window else { continue };
        if colon.as_char() != ':' || (key != "models" && key != "enums") {
            continue;
        }
        let found = Punctuated::<Path, Token![,]>::parse_terminated.parse2(group.stream());
        paths.extend(found.into_iter().flatten().map(|path| (quote!(#path).to_string(), path)));
    }
    let paths = paths.values();
    quote!(#(impl ::diesel_schema::model::Listed for #paths {})*)
}

/// Everything that `schema!` stands for.
pub(crate) fn expand(schema: &Schema) -> TokenStream {
    let Schema { attrs, vis, module, models, enums, comments, .. } = schema;
    let hidden = format_ident!("__SCHEMA_OF_{}", module.unraw().to_string().to_uppercase());
    let tables = models.iter().map(|path| {
        let path = from_child(&beside(path, names::module));
        // Of two models of one table something better is told.
        quote_spanned!(path.span()=> #[allow(ambiguous_glob_reexports)] pub use #path::*;)
    });
    let sequences = schema.sequences.iter().map(sequence_def);
    let sql = schema.sql.iter().map(|(path, dialects)| {
        let text = path.value();
        let at_root = quote_spanned!(path.span()=> ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #text)));
        let known: Vec<Dialect> = dialects.iter().filter_map(|it| it.to_string().parse().ok()).collect();
        let fact = lock::sql_fact(&text, &known);
        let dialects = dialects.iter().map(variant);
        quote! {
            ::diesel_schema::def::SqlFileDef {
                path: #text,
                text: #at_root,
                dialects: &[#(::diesel_schema::Dialect::#dialects),*],
                fact: #fact,
            }
        }
    });
    let dialects = match &schema.dialects {
        Some(dialects) => {
            let dialects = dialects.iter().map(variant);
            quote!(&[#(::diesel_schema::Dialect::#dialects),*])
        }
        None => quote!(::diesel_schema::__private::DIALECTS),
    };
    let at = at(module.span());
    let once = once(schema, &hidden);
    let together = together(schema);
    let watch = lockfile::watch();
    quote! {
        #watch
        #[doc(hidden)]
        const #hidden: ::diesel_schema::def::SchemaDef = ::diesel_schema::def::SchemaDef {
            models: &[#(&<#models as ::diesel_schema::model::Model>::DEF),*],
            enums: &[#(&<#enums as ::diesel_schema::model::SqlEnum>::DEF),*],
            sequences: &[#(#sequences),*],
            sql: &[#(#sql),*],
            dialects: #dialects,
            comments: #comments,
            at: #at,
        };
        #(impl ::diesel_schema::model::Listed for #models {})*
        #(impl ::diesel_schema::model::Listed for #enums {})*
        #once
        #together
        /// The tables of the declared schema, as Diesel's queries name them.
        #(#attrs)*
        #vis mod #module {
            #(#[allow(unused_imports)] #tables)*
            /// Everything that the application's models declare.
            pub static SCHEMA: ::diesel_schema::def::SchemaDef = super::#hidden;
            #[doc(hidden)]
            pub const __SCHEMA: ::diesel_schema::def::SchemaDef = super::#hidden;
        }
    }
}

/// An error at each model or enum whose name in the database an earlier one has.
fn once(schema: &Schema, hidden: &Ident) -> TokenStream {
    let of = |paths: &[Path], function: &str, what: &str| {
        let (function, count) = (Ident::new(function, Span::call_site()), paths.len());
        let first = format_ident!("{hidden}_{}", function.to_string().to_uppercase());
        let checks = paths.iter().enumerate().map(|(index, path)| {
            let message = format!(
                "`{}` declares a {what} that another one of this list declares already: give it another name",
                spelt(path)
            );
            quote_spanned!(path.span()=> ::core::assert!(#first[#index], #message);)
        });
        (count > 1).then(|| {
            quote! {
                #[doc(hidden)]
                const #first: &[bool; #count] = &::diesel_schema::model::#function(&#hidden);
                // One constant for all of them, which is one body to check instead of hundreds.
                const _: () = { #(#checks)* };
            }
        })
    };
    let models = of(&schema.models, "tables_first", "table");
    let enums = of(&schema.enums, "names_first", "type");
    quote!(#models #enums)
}

/// The path seen from a module beside it.
pub(super) fn from_child(path: &Path) -> TokenStream {
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    match first.as_deref() {
        _ if path.leading_colon.is_some() => quote!(#path),
        Some("crate") => quote!(#path),
        Some("self" | "super") => in_child(path),
        _ => quote_spanned!(path.span()=> super::#path),
    }
}

fn variant(dialect: &Ident) -> Ident {
    let name = if dialect == "sqlite" { "Sqlite" } else { "Postgres" };
    Ident::new(name, dialect.span())
}

fn sequence_def(sequence: &Sequence) -> TokenStream {
    let fact = lock::sequence(&declared_sequence(&sequence.options, ""));
    let at = at(sequence.ident.span());
    let ast::Sequence { name, namespace, data_type, numbers, cycle } = &sequence.options;
    let (namespace, data_type) = (option(namespace.as_ref()), option(data_type.as_ref()));
    let [start, increment, min, max, cache] = numbers.map(option);
    quote! {
        ::diesel_schema::def::SequenceDef {
            namespace: #namespace,
            name: #name,
            data_type: #data_type,
            start: #start,
            increment: #increment,
            min: #min,
            max: #max,
            cache: #cache,
            cycle: #cycle,
            fact: #fact,
            at: #at,
        }
    }
}
