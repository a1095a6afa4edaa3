//! What lets Diesel join a model with those that its foreign keys point at.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::ast::{ForeignKey, Model};
use crate::names;

/// The column's name in the `table!` for a field's name.
pub(super) fn column_ident(model: &Model, name: &Ident) -> Ident {
    model.field(name).map_or_else(|| name.clone(), |field| model.column_ident(field))
}

fn spelling(path: &Path) -> String {
    path.to_token_stream().to_string()
}

fn is_self(model: &Model, path: &Path) -> bool {
    path.is_ident("Self") || path.is_ident(&model.ident)
}

/// The foreign keys that Diesel can join along by itself: one column to the primary key of another model to
/// which no second foreign key leads.
pub(super) fn along(model: &Model) -> impl Iterator<Item = &ForeignKey> {
    model.foreign_keys.iter().filter(|key| {
        let alone =
            model.foreign_keys.iter().filter(|other| spelling(&other.parent) == spelling(&key.parent)).count() == 1;
        key.join && alone && key.columns.len() == 1 && key.parent_columns.is_empty() && !is_self(model, &key.parent)
    })
}

/// What `joinable!` and `allow_tables_to_appear_in_same_query!` are for, through the parents' traits instead of their
/// names (`diesel_schema::model::ChildOf` says how).
pub(super) fn joins(model: &Model) -> TokenStream {
    let module = names::module(&model.ident);
    let table = model.table_ident();
    let table = quote!(#module::#table);
    let mut out = quote!(::diesel_schema::__parent!(#table::table););
    for key in along(model) {
        let column = column_ident(model, &key.columns[0]);
        let parent = &key.parent;
        let parent = quote!(<#parent as __Model>::Table);
        // A parent's key of another type is told where the parent is named. The condition is there for that: where it does
        // not hold, the compiler says so once, and takes it for given in the rest.
        let on = quote_spanned! {key.parent.span()=>
            ::diesel_schema::model::JoinsOn<<#parent as ::diesel::query_source::Table>::PrimaryKey>
        };
        out.extend(quote_spanned! {key.parent.span()=>
            impl ::diesel::JoinTo<#parent> for #table::table
            where
                #table::#column: #on,
            {
                type FromClause = #parent;
                type OnClause = <#table::#column as #on>::On;

                fn join_target(rhs: #parent) -> (Self::FromClause, Self::OnClause) {
                    let key = ::diesel::query_source::Table::primary_key(&rhs);
                    (rhs, <#table::#column as #on>::on(#table::#column, key))
                }
            }
        });
    }
    let mut parents: Vec<&Path> = Vec::new();
    for key in model.foreign_keys.iter().filter(|key| key.join && !is_self(model, &key.parent)) {
        if !parents.iter().any(|parent| spelling(parent) == spelling(&key.parent)) {
            parents.push(&key.parent);
        }
    }
    for parent in parents {
        out.extend(quote!(::diesel_schema::__child!(#table::table, <#parent as __Model>::Table);));
    }
    out
}

/// That the parents have what the foreign keys point at.
pub(super) fn checks(model: &Model) -> TokenStream {
    model.foreign_keys.iter().map(|key| check(model, key)).collect()
}

/// That the parent has the columns that are pointed at, and as many.
fn check(model: &Model, key: &ForeignKey) -> TokenStream {
    let parent = own(model, &key.parent);
    let span = key.parent.span();
    let parent_name = spelling(&key.parent);
    if key.parent_columns.is_empty() {
        // No constant of its own, which most keys would need and the compiler check: it stands in the model's one.
        let count = key.columns.len();
        let message = format!(
            "the primary key of `{parent_name}` has not {count} column(s): write `#[foreign_key((a, b) -> {parent_name}(a, b))]` on the struct"
        );
        return quote_spanned! {span=>
            ::core::assert!(<#parent as __Model>::KEY.primary_key.len() == #count, #message);
        };
    }
    let names: Vec<String> = key.parent_columns.iter().map(|it| syn::ext::IdentExt::unraw(it).to_string()).collect();
    let message = format!(
        "`{parent_name}({})` is neither its primary key nor unique, so that no foreign key can point there: write \
         `#[unique]` in `{parent_name}`, or point at another column",
        names.join(", ")
    );
    let is_key = quote_spanned! {span=>
        const _: () = ::core::assert!(
            ::diesel_schema::model::may_be_referenced(&<#parent as __Model>::DEF, &[#(#names),*]),
            #message
        );
    };
    let there = key.parent_columns.iter().map(|column| {
        let name = syn::ext::IdentExt::unraw(column).to_string();
        let message = format!("`{name}` is no field of `{parent_name}`: write the name of one that is");
        quote_spanned! {column.span()=>
            const _: () = ::core::assert!(
                ::diesel_schema::model::has_column(&<#parent as __Model>::DEF, #name),
                #message
            );
        }
    });
    quote!(#(#there)* #is_key)
}

/// The parent's path, with `Self` written out.
pub(super) fn own(model: &Model, path: &Path) -> TokenStream {
    if path.is_ident("Self") { model.ident.to_token_stream() } else { path.to_token_stream() }
}
