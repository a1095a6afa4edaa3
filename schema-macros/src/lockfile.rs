//! `schema.lock` and the settings, as the macros find them while a package is compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use diesel_schema_core::drift::{Setting, VARIABLE};
use diesel_schema_core::lock::{self, FILE_NAME, Lock};
use proc_macro2::TokenStream;
use quote::quote;

use crate::folder;

/// The declared schema of a lock, as its lines, by the names that these begin with.
pub(crate) struct Locked {
    pub(crate) comments: bool,
    pub(crate) tables: BTreeMap<String, String>,
    pub(crate) enums: BTreeMap<String, String>,
    pub(crate) sequences: BTreeMap<String, String>,
    pub(crate) sql: BTreeMap<String, String>,
}

impl From<&Lock> for Locked {
    fn from(lock: &Lock) -> Self {
        let declared = &lock.declared;
        let name = |namespace: &Option<String>, name: &str| lock::qualified_name(namespace.as_deref(), name);
        let lines = |model| lock::model_facts(model).into_iter().map(|fact| fact.line).collect::<Vec<_>>().join("\n");
        Self {
            comments: declared.comments,
            tables: declared.models.iter().map(|it| (name(&it.namespace, &it.table), lines(it))).collect(),
            enums: declared.enums.iter().map(|it| (name(&it.namespace, &it.name), lock::enumeration(it))).collect(),
            sequences: declared
                .sequences
                .iter()
                .map(|it| (name(&it.namespace, &it.name), lock::sequence(it)))
                .collect(),
            sql: declared.sql.iter().map(|it| (lock::sql_fact(&it.path, &it.dialects), it.text.clone())).collect(),
        }
    }
}

impl Locked {
    /// As the constant that models are held against.
    pub(crate) fn tokens(&self, path: &str) -> TokenStream {
        let list = |of: &BTreeMap<String, String>| {
            let pairs = of.iter().map(|(name, lines)| quote!((#name, #lines)));
            quote!(&[#(#pairs),*])
        };
        let (tables, enums, sequences, sql) =
            (list(&self.tables), list(&self.enums), list(&self.sequences), list(&self.sql));
        let comments = self.comments;
        quote! {
            ::diesel_schema::def::LockDef {
                path: #path,
                comments: #comments,
                tables: #tables,
                enums: #enums,
                sequences: #sequences,
                sql: #sql,
            }
        }
    }

    /// Whether two lines say the same, but for comments where they don't count.
    pub(crate) fn same(&self, locked: &str, line: &str) -> bool {
        let without = |line: &str| line.split(" comment=\"").next().unwrap_or_default().to_owned();
        if self.comments { locked == line } else { without(locked) == without(line) }
    }
}

/// What is to be done about differences, and the files and variable that say so.
pub(crate) struct Settings {
    pub(crate) drift: Setting,
    /// Above it nothing belongs to this package's project.
    pub(crate) root: PathBuf,
    said_in: Vec<PathBuf>,
}

impl Settings {
    /// Of the package whose `Cargo.toml` stands in `manifest`.
    pub(crate) fn read(manifest: &Path) -> Result<Self, String> {
        let (mut root, mut drift, mut said_in) = (manifest.to_owned(), None, Vec::new());
        for above in manifest.ancestors() {
            let file = above.join("Cargo.toml");
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let (said, is_root) =
                Setting::from_cargo_toml(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            if is_root || above == manifest {
                drift = drift.or(said);
                said_in.push(file);
            }
            if is_root {
                above.clone_into(&mut root);
                break;
            }
        }
        if let Ok(word) = std::env::var(VARIABLE)
            && !word.is_empty()
        {
            drift = Some(Setting::from_word(&word).map_err(|error| error.to_string())?);
        }
        Ok(Self { drift: drift.unwrap_or_default(), root, said_in })
    }

    /// Has the compiler, and through it cargo, notice that a setting changes.
    pub(crate) fn tracked(&self) -> TokenStream {
        let files = self.said_in.iter().map(|file| tracked(file));
        quote! {
            const _: ::core::option::Option<&str> = ::core::option_env!(#VARIABLE);
            #(#files)*
        }
    }
}

/// Has the compiler, and through it cargo, notice that a file changes.
pub(crate) fn tracked(file: &Path) -> TokenStream {
    let file = file.to_string_lossy();
    quote!(
        const _: &str = ::core::include_str!(#file);
    )
}

/// What was found for a package, and what it was read from.
struct Found {
    manifest: PathBuf,
    file: PathBuf,
    changed: Option<SystemTime>,
    locked: Arc<Locked>,
}

/// A package has hundreds of models, and each of them asks.
static FOUND: Mutex<Option<Found>> = Mutex::new(None);

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|it| it.modified()).ok()
}

/// The lock that this package's models belong to, if there is one that can be read, and they are to be warned of.
///
/// It is only a help while one works: what is wrong is told by `embed_migrations!`.
pub(crate) fn of_this_package() -> Option<Arc<Locked>> {
    let (manifest, file, _) = here()?;
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = found.as_ref()
        && found.manifest == manifest
        && found.file == file
        && found.changed == changed(&file)
    {
        return Some(Arc::clone(&found.locked));
    }
    let locked = Arc::new(Locked::from(&Lock::read(&file).ok()?));
    let changed = changed(&file);
    *found = Some(Found { manifest, file, changed, locked: Arc::clone(&locked) });
    Some(locked)
}

/// Has cargo notice that this package's lock or settings change.
pub(crate) fn watch() -> TokenStream {
    let Some((_, file, settings)) = here() else { return TokenStream::new() };
    let (file, settings) = (tracked(&file), settings.tracked());
    quote!(#file #settings)
}

/// The package, its lock and its settings.
fn here() -> Option<(PathBuf, PathBuf, Settings)> {
    // The models of an integration test or a bench are not the application's.
    if !proc_macro::is_available() || std::env::var_os("CARGO_TARGET_TMPDIR").is_some() {
        return None;
    }
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let settings = Settings::read(&manifest).ok()?;
    if settings.drift == Setting::Off {
        return None;
    }
    let file = folder::nearest(&manifest, &settings.root).ok()??.join(FILE_NAME);
    file.is_file().then_some((manifest, file, settings))
}
