//! `#[derive(CompleteInsert)]`, beside Diesel's `Insertable`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, Path, Result, Token};

use crate::rust_type;

/// What `#[diesel(..)]` says that matters here.
#[derive(Default)]
struct Said {
    table: Option<Path>,
    column: Option<Ident>,
    embed: bool,
    skipped: bool,
    null: bool,
}

fn said(attrs: &[Attribute]) -> Result<Said> {
    let mut said = Said::default();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("diesel")) {
        attr.parse_nested_meta(|meta| {
            match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("table_name") => said.table = Some(meta.value()?.call(Path::parse_mod_style)?),
                Some("column_name") => said.column = Some(meta.value()?.call(Ident::parse_any)?),
                Some("treat_none_as_default_value") => said.null = !meta.value()?.parse::<syn::LitBool>()?.value,
                Some("embed") => said.embed = true,
                Some("skip_insertion") => said.skipped = true,
                Some("serialize_as" | "deserialize_as") => {
                    meta.value()?.parse::<syn::Type>()?;
                }
                // The rest is Diesel's to understand.
                _ if meta.input.peek(Token![=]) => {
                    meta.value()?.parse::<syn::Expr>()?;
                }
                _ if meta.input.peek(syn::token::Paren) => {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    content.parse::<TokenStream>()?;
                }
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(said)
}

pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let name = item.ident.unraw().to_string();
    let Data::Struct(data) = &item.data else {
        return Err(syn::Error::new(item.ident.span(), "`CompleteInsert` is for structs that are `Insertable`"));
    };
    let whole = said(&item.attrs)?;
    let Some(table) = whole.table else {
        return Err(syn::Error::new(
            item.ident.span(),
            "which table is it for? write `#[diesel(table_name = crate::schema::users)]`",
        ));
    };
    let fields = match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect::<Vec<_>>(),
        Fields::Unnamed(fields) => fields.unnamed.iter().collect(),
        Fields::Unit => Vec::new(),
    };
    let mut columns = Vec::new();
    for field in fields {
        let own = said(&field.attrs)?;
        if own.embed {
            return Err(syn::Error::new(
                field.ty.span(),
                "`CompleteInsert` can't see which columns are embedded here: remove it, or write the columns out",
            ));
        }
        // Diesel writes DEFAULT for `None`: it may be nothing at all.
        let optional = rust_type::inside_option(&field.ty).is_some() && !whole.null && !own.null;
        if let Some(column) = own.column.or_else(|| field.ident.clone())
            && !own.skipped
            && !optional
        {
            columns.push(column.unraw().to_string());
        }
    }
    let def = quote_spanned!(table.span()=> <#table::table as ::diesel_schema::model::TableOf>::DEF);
    let failed = quote_spanned!(item.ident.span()=> ::core::panic!("{}", said.as_str()));
    Ok(quote! {
        const _: () = {
            let said = ::diesel_schema::model::left_out(
                #name,
                &#def,
                &[#(#columns),*],
            );
            if !said.as_str().is_empty() {
                #failed
            }
        };
    })
}
