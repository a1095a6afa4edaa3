//! The macros of diesel-schema. Use them through `diesel_schema::prelude`, where they are documented.
#![warn(missing_docs)]

mod ast;
mod attr;
mod complete_insert;
mod embed;
mod expand;
mod folder;
mod lockfile;
mod names;
mod repeats;
mod rust_type;
mod schema_macro;
mod sql_enum;
mod suggest;
mod valid;

use proc_macro::TokenStream;

/// Declares a table: see `diesel_schema::model`.
#[proc_macro_attribute]
pub fn model(args: TokenStream, item: TokenStream) -> TokenStream {
    let item: proc_macro2::TokenStream = item.into();
    let model = syn::parse::<attr::ModelArgs>(args)
        .and_then(|args| attr::model(args, syn::parse2(item)?))
        .and_then(|model| valid::check(&model).map(|()| model));
    finish(model.map(|model| expand::model(&model)))
}

/// Makes an enum a column's type: see `diesel_schema::model`.
#[proc_macro_derive(SqlEnum, attributes(sql_enum, sql_value))]
pub fn sql_enum(item: TokenStream) -> TokenStream {
    finish(syn::parse(item).and_then(|item| sql_enum::expand(&item)))
}

/// Lists all that belongs to the declared schema: see `diesel_schema::model`.
#[proc_macro]
pub fn schema(input: TokenStream) -> TokenStream {
    let input: proc_macro2::TokenStream = input.into();
    match syn::parse2::<schema_macro::Schema>(input.clone()) {
        Ok(schema) => schema_macro::expand(&schema).into(),
        Err(error) => {
            // Else each model would be told to be in no `schema!`.
            let (error, listed) = (error.to_compile_error(), schema_macro::listed(input));
            quote::quote!(#error #listed).into()
        }
    }
}

/// Checks that a struct under Diesel's `Insertable` leaves out no column that needs a value: see `diesel_schema::model`.
#[proc_macro_derive(CompleteInsert, attributes(diesel))]
pub fn complete_insert(item: TokenStream) -> TokenStream {
    finish(syn::parse(item).and_then(|item| complete_insert::expand(&item)))
}

/// Bakes the revisions of a folder into the binary: an expression of the type `diesel_schema::upgrade::Migrations`.
///
/// `embed_migrations!()` takes the folder that the nearest `diesel.toml` names, or else the nearest `migrations`;
/// `embed_migrations!("../migrations")` the one that is given, relative to the crate or to a folder above it.
///
/// `schema: my_app::schema` names the models, as the module that `schema!` makes: where they and `schema.lock` disagree
/// the binary does not build, and each difference is told with its place in the source. `schema: none` compares nothing.
/// It belongs into the binary and not into the library, so that `autogenerate`, which mends that, can be built. While one
/// works, `drift = "warn"` in `[workspace.metadata.diesel-schema]` of `Cargo.toml`, or `DIESEL_SCHEMA_DRIFT=warn` in the
/// environment, makes it a warning, and `off` nothing; a build without debug assertions fails all the same.
///
/// An edit to a revision rebuilds the binary, and so does a new revision that our tools write, through `schema.lock`.
/// For folders made by hand, put this line into a `build.rs`: `println!("cargo:rerun-if-changed=../migrations");`
///
/// What is wrong with the folder, or differs from `schema.lock`, is a compile error that lists all of it.
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    embed::expand(input.into()).into()
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}
