//! The model as a constant of `diesel_schema::def`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;

use super::facts::Facts;
use super::{at, option};
use crate::ast::Model;

pub(super) fn model_def(model: &Model, facts: &Facts) -> TokenStream {
    let namespace = option(model.namespace.as_ref().map(LitStr::value));
    let (table, rust) = (model.table.value(), model.ident.unraw().to_string());
    let primary_key: Vec<String> = model.primary_key_columns().iter().map(|c| model.column(c)).collect();
    let name = |field: &crate::ast::Field| field.ident.unraw().to_string();
    let fields = model.fields.iter().map(name).collect::<Vec<_>>().join(" ");
    let of_table = model.renamed_from.iter().map(|was| (String::new(), was.value()));
    let of_fields = model.fields.iter().filter_map(|it| Some((name(it), it.renamed_from.as_ref()?.value())));
    let renamed = of_table.chain(of_fields).map(|(field, was)| quote!((#field, #was)));
    let (facts, at) = (facts.def(), at(model.ident.span()));
    quote! {
        const KEY: __def::KeyDef =
            __def::KeyDef { namespace: #namespace, table: #table, primary_key: &[#(#primary_key),*] };
        const DEF: __def::ModelDef = __def::ModelDef {
            namespace: #namespace,
            table: #table,
            rust: #rust,
            fields: #fields,
            renamed: &[#(#renamed),*],
            facts: #facts,
            at: #at,
        };
    }
}
