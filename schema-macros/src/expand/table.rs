//! The hidden module with the model's `table!`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::in_child;
use crate::ast::{Field, Model, SqlType};
use crate::{names, rust_type};

pub(super) fn table(model: &Model) -> TokenStream {
    let module = names::module(&model.ident);
    let table = model.table_ident();
    let mut aliases = Vec::new();
    let columns: Vec<TokenStream> = model
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let ident = model.column_ident(field);
            let name = field.column();
            let sql_name = (ident != name).then(|| quote!(#[sql_name = #name]));
            let length = max_length(field);
            let ty = sql_type(field, index, &mut aliases);
            quote!(#sql_name #length #ident -> #ty)
        })
        .collect();
    let (types, import) = if aliases.is_empty() {
        (None, None)
    } else {
        let types = quote! {
            pub mod __types {
                use super::super::*;
                #(#aliases)*
            }
        };
        (
            Some(types),
            Some(quote!(
                use super::__types;
            )),
        )
    };
    let name = model.table.value();
    let sql_name = (table != name).then(|| quote!(#[sql_name = #name]));
    let namespace = model.namespace.as_ref().map(|namespace| {
        let namespace = syn::Ident::new(&namespace.value(), namespace.span());
        quote!(#namespace.)
    });
    let mut primary_key = model.primary_key_columns();
    if model.no_primary_key {
        // Diesel has no table without one, and asks for it in `find` and `save_changes` alone.
        primary_key.extend(model.fields.first().map(|field| field.ident.clone()));
    }
    let primary_key = primary_key.iter().map(|column| super::joins::column_ident(model, column));
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub, missing_docs, non_snake_case, private_interfaces)]
        pub mod #module {
            #types
            ::diesel::table! {
                #import
                #sql_name
                #namespace #table (#(#primary_key),*) {
                    #(#columns,)*
                }
            }
            pub use #table::table as __table;
        }
    }
}

/// Diesel's `#[max_length]`, as `print-schema` writes it.
fn max_length(field: &Field) -> Option<TokenStream> {
    match &field.sql_type {
        Some(SqlType::Diesel { name, modifiers, array: 0 }) if name != "Numeric" && name != "Decimal" => {
            let [length] = modifiers.as_slice() else { return None };
            if !matches!(name.to_string().as_str(), "Varchar" | "VarChar" | "Char" | "Bpchar") {
                return None;
            }
            let length = proc_macro2::Literal::usize_unsuffixed(usize::try_from(*length).ok()?);
            Some(quote!(#[max_length = #length]))
        }
        _ => None,
    }
}

/// The column's type in the `table!`; where the trait has to say it, through an alias that sees the user's names.
fn sql_type(field: &Field, index: usize, aliases: &mut Vec<TokenStream>) -> TokenStream {
    let inner = rust_type::inside_option(&field.ty);
    let ty = inner.unwrap_or(&field.ty);
    let base = match &field.sql_type {
        Some(SqlType::Diesel { name, array, .. }) => {
            let name = match name.to_string().as_str() {
                // Diesel knows these as text alone.
                "Char" | "Bpchar" => syn::Ident::new("Text", name.span()),
                _ => name.clone(),
            };
            (0..*array).fold(quote!(::diesel::sql_types::#name), |ty, _| quote!(::diesel::sql_types::Array<#ty>))
        }
        Some(SqlType::Sql { diesel, .. }) => {
            let path = in_child(in_child(diesel));
            alias(index, path, aliases)
        }
        None => of_rust(ty, index, aliases),
    };
    if inner.is_some() { quote!(::diesel::sql_types::Nullable<#base>) } else { base }
}

/// The SQL type of a Rust type: Diesel's, or the type itself, as the macro `SqlEnum` makes it.
fn of_rust(ty: &Type, index: usize, aliases: &mut Vec<TokenStream>) -> TokenStream {
    if let Some(known) = rust_type::sql_type(ty) {
        return known;
    }
    if let Some(element) = rust_type::inside_vec(ty) {
        let inner = rust_type::inside_option(element);
        let found = of_rust(inner.unwrap_or(element), index, aliases);
        let found = if inner.is_some() { quote!(::diesel::sql_types::Nullable<#found>) } else { found };
        return quote!(::diesel::sql_types::Array<#found>);
    }
    alias(index, in_child(in_child(ty)), aliases)
}

fn alias(index: usize, ty: TokenStream, aliases: &mut Vec<TokenStream>) -> TokenStream {
    let name = format_ident!("Column{index}");
    aliases.push(quote!(pub type #name = #ty;));
    quote!(__types::#name)
}
