//! `schema.lock` and the settings, as the macros find them while a package is compiled.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use diesel_schema_core::declared::Model;
use diesel_schema_core::drift::{Setting, VARIABLE, sum};
use diesel_schema_core::lock::{self, FILE_NAME, Lock, LockError};
use proc_macro2::TokenStream;
use quote::quote;

use crate::folder;

/// The declared schema of a lock, as its lines, by the names that these begin with.
pub(crate) struct Locked {
    pub(crate) comments: bool,
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) enums: BTreeMap<String, String>,
    pub(crate) sequences: BTreeMap<String, String>,
    pub(crate) sql: BTreeMap<String, String>,
}

/// A table's lines, and their number in the constant.
pub(crate) struct Table {
    pub(crate) lines: String,
    pub(crate) sum: u128,
}

impl Table {
    fn of(model: &Model) -> Self {
        let lines: Vec<String> = lock::model_facts(model).into_iter().map(|fact| fact.line).collect();
        let lines = lines.join("\n");
        let sum = sum(&lines);
        Self { lines, sum }
    }
}

impl From<&Lock> for Locked {
    fn from(lock: &Lock) -> Self {
        let declared = &lock.declared;
        let name = |namespace: &Option<String>, name: &str| lock::qualified_name(namespace.as_deref(), name);
        Self {
            comments: declared.comments,
            tables: declared.models.iter().map(|it| (name(&it.namespace, &it.table), Table::of(it))).collect(),
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
        let (enums, sequences, sql) = (list(&self.enums), list(&self.sequences), list(&self.sql));
        let tables = self.tables.iter().map(|(name, Table { lines, .. })| quote!((#name, #lines)));
        let sums = self.tables.values().map(|table| table.sum);
        let comments = self.comments;
        quote! {
            ::diesel_schema::def::LockDef {
                path: #path,
                comments: #comments,
                tables: &[#(#tables),*],
                sums: &[#(#sums),*],
                enums: #enums,
                sequences: #sequences,
                sql: #sql,
            }
        }
    }

    /// Where the constant has this table.
    pub(crate) fn place(&self, table: &str) -> usize {
        self.tables.keys().take_while(|name| name.as_str() < table).count()
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

/// A lock as it was read, and its declared schema as lines.
pub(crate) struct LockFile {
    pub(crate) lock: Lock,
    pub(crate) locked: Locked,
}

/// The lock that was read last, and when it had changed before. A package has hundreds of models, and each of them asks;
/// rust-analyzer's server lives on while the file changes.
static READ: Mutex<Option<Read>> = Mutex::new(None);

struct Read {
    file: PathBuf,
    changed: Option<SystemTime>,
    found: Arc<LockFile>,
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|it| it.modified()).ok()
}

/// The lock in this file.
///
/// # Errors
/// As [`Lock::read`].
pub(crate) fn read(file: &Path) -> Result<Arc<LockFile>, LockError> {
    let now = changed(file);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(read) = read.as_ref()
        && read.file == file
        && read.changed == now
    {
        return Ok(Arc::clone(&read.found));
    }
    let lock = Lock::read(file)?;
    let found = Arc::new(LockFile { locked: Locked::from(&lock), lock });
    *read = Some(Read { file: file.to_owned(), changed: now, found: Arc::clone(&found) });
    Ok(found)
}

/// The lock that this package's models belong to, if there is one that can be read, and they are to be warned of.
///
/// It is only a help while one works: what is wrong is told by `embed_migrations!`.
pub(crate) fn of_this_package() -> Option<Arc<LockFile>> {
    read(&here()?.file).ok()
}

/// Has cargo notice that this package's lock or settings change.
pub(crate) fn watch() -> TokenStream {
    let Some(here) = here() else { return TokenStream::new() };
    let (file, settings) = (tracked(&here.file), here.settings.tracked());
    quote!(#file #settings)
}

/// A package's lock and settings, where its models are to be warned of.
struct Here {
    file: PathBuf,
    settings: Settings,
}

/// Files and folders, with their last changes.
type Seen = Vec<(PathBuf, Option<SystemTime>)>;

/// What [`here`] found last, and what that depends on.
struct Found {
    manifest: PathBuf,
    variable: Option<OsString>,
    seen: Seen,
    here: Option<Arc<Here>>,
}

static FOUND: Mutex<Option<Found>> = Mutex::new(None);

/// The package, its lock and its settings.
fn here() -> Option<Arc<Here>> {
    // The models of an integration test or a bench are not the application's.
    if !proc_macro::is_available() || std::env::var_os("CARGO_TARGET_TMPDIR").is_some() {
        return None;
    }
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let variable = std::env::var_os(VARIABLE);
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = found.as_ref()
        && found.manifest == manifest
        && found.variable == variable
        && found.seen.iter().all(|(path, before)| changed(path) == *before)
    {
        return found.here.clone();
    }
    let (seen, here) = look(&manifest)?;
    *found = Some(Found { manifest, variable, seen, here: here.clone() });
    here
}

/// What there is, and what was looked at; `None` where the settings can't be read.
fn look(manifest: &Path) -> Option<(Seen, Option<Arc<Here>>)> {
    let settings = Settings::read(manifest).ok()?;
    let within = manifest.ancestors().take_while(|above| above.starts_with(&settings.root));
    let looked_at = within.flat_map(|above| ["Cargo.toml", "diesel.toml", "migrations"].map(|name| above.join(name)));
    let stamp = |path: PathBuf| {
        let at = changed(&path);
        (path, at)
    };
    let mut seen: Seen = looked_at.map(stamp).collect();
    if settings.drift == Setting::Off {
        return Some((seen, None));
    }
    let folder = folder::nearest(manifest, &settings.root).ok()?;
    let file = folder.map(|folder| folder.join(FILE_NAME));
    seen.extend(file.clone().map(stamp));
    let here = file.filter(|file| file.is_file()).map(|file| Arc::new(Here { file, settings }));
    Some((seen, here))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The constant's lists are in the order of the names, whatever the lock's is: a wrong place is no error, but slow.
    #[test]
    fn a_table_is_where_the_constant_has_it() {
        let table = |name: &str| format!("table {name}\ncolumn {name}.id type=Int4\nprimary_key {name} columns=[id]\n");
        let lock = Lock::parse(&format!("version = 1\n{}{}{}", table("b"), table("\"a b\""), table("audit.a")));
        let locked = Locked::from(&lock.unwrap());
        let tokens = locked.tokens("schema.lock").to_string();
        let place = |name: &str| tokens.split_once("sums").unwrap().1.find(&locked.tables[name].sum.to_string());
        let mut names: Vec<&str> = locked.tables.keys().map(String::as_str).collect();
        names.sort_by_key(|name| place(name));
        for (at, name) in names.into_iter().enumerate() {
            assert_eq!(locked.place(name), at, "{name}");
        }
    }
}
