//! skeleton

mod embed;

/// Bakes the revisions of a folder into the binary: an expression of the type `diesel_schema::upgrade::Migrations`.
///
/// `embed_migrations!()` takes the folder that the nearest `diesel.toml` names, or else the nearest `migrations`;
/// `embed_migrations!("../migrations")` the one that is given, relative to the crate or to a folder above it.
///
/// An edit to a revision rebuilds the binary, and so does a new revision that our tools write, through `schema.lock`.
/// For folders made by hand, put this line into a `build.rs`: `println!("cargo:rerun-if-changed=../migrations");`
///
/// What is wrong with the folder, or differs from `schema.lock`, is a compile error that lists all of it.
#[proc_macro]
pub fn embed_migrations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    embed::expand(input.into()).into()
}
