//! The constant that fails to be evaluated where models and lock disagree.

use std::path::Path as FilePath;

use diesel_schema_core::drift::Setting;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::lockfile::{Locked, Settings};

/// Holds `module`'s schema against the lock, as the settings have it. What a macro can know of the build are its debug
/// assertions: without them, as in every release build that does not turn them on, a difference is an error in any case.
pub(super) fn check(
    manifest: &FilePath,
    path: &FilePath,
    module: &Path,
    locked: &Locked,
) -> Result<TokenStream, String> {
    let settings = Settings::read(manifest)?;
    let path = path.strip_prefix(settings.root.canonicalize().as_ref().unwrap_or(&settings.root)).unwrap_or(path);
    let path = path.to_string_lossy().replace('\\', "/");
    let watched = settings.tracked();
    let lock = locked.tokens(&path);
    let schema = quote_spanned!(module.span()=> &#module::__SCHEMA);
    let fails = quote! {
        let report = ::diesel_schema::drift::compare::<65536>(#schema, &LOCK);
        if report.count > 0 {
            ::core::panic!("{}", report.as_str());
        }
    };
    let say = match settings.drift {
        Setting::Error => fails,
        Setting::Warn | Setting::Off => quote!(if !::core::cfg!(debug_assertions) { #fails }),
    };
    let warning = (settings.drift == Setting::Warn).then(|| {
        let note = format!(
            "models and {path} disagree, at the fields that are warned of, or in what no model declares any more: \
             run `cargo run --bin autogenerate -- \"<name>\"`"
        );
        let here = quote_spanned!(module.span()=> DRIFT);
        quote! {
            #[allow(long_running_const_eval)]
            const DISAGREE: bool = ::core::cfg!(debug_assertions) && ::diesel_schema::drift::disagree(#schema, &LOCK);
            struct Models<const DISAGREE: bool>;
            impl Models<true> {
                #[deprecated(note = #note)]
                const DRIFT: () = ();
            }
            impl Models<false> {
                const DRIFT: () = ();
            }
            const _: () = Models::<DISAGREE>::#here;
        }
    });
    Ok(quote! {
        const _: () = {
            #watched
            const LOCK: ::diesel_schema::def::LockDef = #lock;
            #[allow(long_running_const_eval)]
            const _: () = { #say };
            #warning
        };
    })
}
