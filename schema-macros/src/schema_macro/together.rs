//! Which tables may stand in one query (`diesel_schema::model::Tied` says how).

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::expand::{beside, from_child};
use super::{SameQuery, Schema, spelt};
use crate::names;

/// What each listed model's table says of the others. A table that is in one of the lists may stand beside whatever is in
/// any of them: to keep them apart would be an `impl` for each pair.
pub(super) fn together(schema: &Schema) -> TokenStream {
    let Schema { models, same_query, .. } = schema;
    let names: Vec<_> = (0..models.len()).map(|number| format_ident!("table{number}")).collect();
    let tables = models.iter().zip(&names).map(|(path, name)| {
        let module = from_child(&beside(path, names::module));
        quote_spanned!(path.span()=> pub(super) use #module::__table as #name;)
    });
    let any = models.iter().map(|path| match same_query {
        SameQuery::ByKey => false,
        SameQuery::All => true,
        SameQuery::Of(groups) => groups.iter().flatten().any(|it| spelt(it) == spelt(path)),
    });
    let said = names.iter().zip(any).map(|(name, any)| {
        let together = if any { quote!(Any<Schema>) } else { quote!(ByKey) };
        quote!(impl model::InSchema for tables::#name { type Together = model::#together; })
    });
    let numbers = (!matches!(same_query, SameQuery::ByKey)).then(|| numbers(&names));
    quote! {
        const _: () = {
            use ::diesel_schema::model;
            mod tables { #(#tables)* }
            #(#said)*
            #numbers
        };
    }
}

/// The tables' places in the list, bit by bit: two of the same length differ in one of them.
fn numbers(names: &[syn::Ident]) -> TokenStream {
    let bits = usize::BITS - names.len().leading_zeros();
    let numbered =
        names.iter().enumerate().map(|(number, name)| {
            let number = (0..bits).fold(quote!(End), |rest, bit| {
                if number >> bit & 1 == 0 { quote!(Zero<#rest>) } else { quote!(One<#rest>) }
            });
            quote!(impl model::Numbered<Schema> for tables::#name { type Number = #number; })
        });
    quote! {
        pub struct Schema;
        pub struct End;
        pub struct Zero<T>(::core::marker::PhantomData<T>);
        pub struct One<T>(::core::marker::PhantomData<T>);
        impl<T, U> model::Differs<One<U>> for Zero<T> {}
        impl<T, U> model::Differs<Zero<U>> for One<T> {}
        impl<T: model::Differs<U>, U> model::Differs<Zero<U>> for Zero<T> {}
        impl<T: model::Differs<U>, U> model::Differs<One<U>> for One<T> {}
        #(#numbered)*
    }
}
