//! The struct itself, with Diesel's derives.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token};

use super::joins;
use crate::ast::Model;
use crate::names;

pub(super) fn structure(model: &Model) -> TokenStream {
    let (vis, ident) = (&model.vis, &model.ident);
    let module = names::module(ident);
    let table = model.table_ident();
    let belongs_to: Vec<TokenStream> = joins::along(model)
        .map(|key| {
            let parent = &key.parent;
            let column = joins::column_ident(model, &key.columns[0]);
            quote!(belongs_to(#parent, foreign_key = #column))
        })
        .collect();
    let derived = derived(&model.attrs);
    let mut derives = Vec::new();
    for (name, wanted) in [
        ("Queryable", true),
        ("Selectable", true),
        ("Identifiable", !model.no_primary_key),
        ("Associations", !belongs_to.is_empty()),
    ] {
        if wanted && !derived.iter().any(|word| word == name) {
            let name = syn::Ident::new(name, proc_macro2::Span::call_site());
            derives.push(quote!(::diesel::#name));
        }
    }
    let primary_key = model.primary_key_columns();
    let primary_key = primary_key.iter().map(|column| joins::column_ident(model, column));
    let primary_key = (!model.no_primary_key).then(|| quote!(, primary_key(#(#primary_key),*)));
    let fields = model.fields.iter().map(|field| {
        let (vis, ident, ty, attrs) = (&field.vis, &field.ident, &field.ty, &field.attrs);
        let column = model.column_ident(field);
        let rename =
            (column != *ident && field.column_name.is_none()).then(|| quote!(#[diesel(column_name = #column)]));
        quote!(#(#attrs)* #rename #vis #ident: #ty)
    });
    let attrs = &model.attrs;
    quote! {
        #[derive(#(#derives),*)]
        #(#attrs)*
        #[diesel(table_name = #module::#table #primary_key #(, #belongs_to)*)]
        #vis struct #ident {
            #(#fields,)*
        }
    }
}

/// The last words of what the user derives already.
fn derived(attrs: &[Attribute]) -> Vec<String> {
    let mut words = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        // What does not parse is rustc's to complain about.
        if let Ok(paths) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) {
            words.extend(paths.iter().filter_map(|path| path.segments.last()).map(|last| last.ident.to_string()));
        }
    }
    words
}
