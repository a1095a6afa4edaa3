//! Whether a default is a value of a type that only the compiler knows.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use crate::ast::{DefaultValue, Model};
use crate::rust_type;

/// A constant for each text that may have to be the value of an enum: SQLite takes any text for a default, and every row
/// that gets it can't be read.
pub(super) fn checks(model: &Model) -> TokenStream {
    let mut out = TokenStream::new();
    for field in &model.fields {
        let ty = rust_type::inside_option(&field.ty).unwrap_or(&field.ty);
        if field.sql_type.is_some() || rust_type::sql_type(ty).is_some() || rust_type::inside_vec(ty).is_some() {
            continue;
        }
        if let Some(DefaultValue::Text(text)) = &field.default {
            // In the words of the column's own type, so that a type that is no column is told once.
            let values = quote_spanned!(ty.span()=> <#ty as ::diesel_schema::model::SqlColumn>::VALUES);
            out.extend(quote_spanned!(text.span()=>
                const _: () = ::diesel_schema::model::default_fits(#values, #text);
            ));
        }
    }
    out
}
