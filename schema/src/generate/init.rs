//! A Diesel project that begins to use this crate: the files that are missing, and the lines that only its author can add.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::def::SchemaDef;
use diesel_schema_core::lock::Lock;

use super::error::Error;
use super::revisions::{self, OnDisk};
use super::write::{self, Files};
use crate::config::{ConfigError, Layout, Project};

/// What `init` did, and what is left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The files that it wrote.
    pub written: Vec<PathBuf>,
    /// What to add by hand: where, and the lines.
    pub to_add: Vec<(PathBuf, String)>,
    /// Whether there are revisions already, whose tables need models.
    pub revisions: bool,
}

/// Why nothing could begin.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// Not the folder of a package.
    #[error("{} has no Cargo.toml with a [package]; change to the application's own folder, and type it again", .0.display())]
    NoPackage(PathBuf),
    /// Neither the revisions nor Cargo.toml say which databases are meant.
    #[error(
        "nothing says which database the application uses: no folder of migrations is named after one, and Cargo.toml gives \
         diesel neither the feature `postgres` nor `sqlite`; say it: --dialect postgres, --dialect sqlite, or both"
    )]
    NoDialect,
}

/// What Cargo.toml says that matters here.
struct Manifest {
    path: PathBuf,
    /// The library's name in Rust.
    library: String,
    package: String,
    default_run: bool,
    ours: bool,
    features: Vec<String>,
}

/// Writes what a package lacks, and nothing that is there: the binaries `autogenerate` and `migrate`, `diesel.toml`, and
/// `schema.lock` for the revisions that there are. `dialects` says which databases are meant; where it is empty, the
/// folders and the features of diesel do.
///
/// # Errors
/// [`InitError`]; nothing is written then.
pub fn init(directory: &Path, project: &Project, dialects: &[Dialect]) -> Result<Begun, InitError> {
    let manifest = manifest(directory)?;
    let dialects = chosen(project, &manifest, dialects)?;
    let mut files = Files::default();
    for (name, about) in [
        ("autogenerate", "-- \"add users\"`: models → migrations"),
        ("migrate", "-- upgrade`: what is typed about revisions"),
    ] {
        let text = format!(
            "//! `cargo run --bin {name} {about}.\n\nuse std::process::ExitCode;\n\nfn main() -> ExitCode {{\n    \
             diesel_schema::cli::{name}(&{}::schema::SCHEMA)\n}}\n",
            manifest.library
        );
        files.files.push((directory.join("src/bin").join(format!("{name}.rs")), text));
    }
    if !directory.ancestors().any(|folder| folder.join("diesel.toml").is_file()) {
        let root = project.layout.root();
        let folder = match (&project.layout, dialects.as_slice()) {
            // Diesel's own file knows one folder; the others stand beside it.
            (Layout::Dialects(root), [first, ..]) => root.join(first.name()),
            _ => root.to_owned(),
        };
        let folder = folder.strip_prefix(directory).unwrap_or(&folder).display().to_string().replace('\\', "/");
        let text = format!("[migrations_directory]\ndir = \"{folder}\"\n");
        files.files.push((directory.join("diesel.toml"), text));
    }
    let lock = lock(project, &dialects)?;
    let revisions = lock.is_some();
    if let Some(lock) = lock {
        files.files.push((project.layout.lock(), lock));
    }
    files.files.retain(|(path, _)| !path.exists());
    let to_add = to_add(directory, &manifest, &dialects)?;
    write::write(&files).map_err(Error::from)?;
    Ok(Begun { written: files.files.into_iter().map(|(path, _)| path).collect(), to_add, revisions })
}

fn manifest(directory: &Path) -> Result<Manifest, InitError> {
    let path = directory.join("Cargo.toml");
    let no_package = || InitError::NoPackage(directory.to_owned());
    let text = fs_err::read_to_string(&path).map_err(|_| no_package())?;
    let toml: toml::Table = toml::from_str(&text).map_err(|error| {
        let message = error.message().to_owned();
        Error::from(ConfigError::Toml { path: path.clone(), message })
    })?;
    let table = |of: &toml::Table, key: &str| of.get(key).and_then(toml::Value::as_table).cloned();
    let text = |of: &toml::Table, key: &str| of.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let package = table(&toml, "package").ok_or_else(no_package)?;
    let name = text(&package, "name").ok_or_else(no_package)?;
    let library = table(&toml, "lib").and_then(|lib| text(&lib, "name")).unwrap_or_else(|| name.replace('-', "_"));
    let dependencies = table(&toml, "dependencies").unwrap_or_default();
    let features = table(&dependencies, "diesel").and_then(|diesel| diesel.get("features").cloned());
    let features = features.as_ref().and_then(toml::Value::as_array).into_iter().flatten();
    Ok(Manifest {
        path,
        library,
        package: name,
        default_run: package.contains_key("default-run"),
        ours: dependencies.contains_key("diesel-schema"),
        features: features.filter_map(toml::Value::as_str).map(str::to_owned).collect(),
    })
}

fn chosen(project: &Project, manifest: &Manifest, said: &[Dialect]) -> Result<Vec<Dialect>, InitError> {
    if !said.is_empty() {
        return Ok(said.to_vec());
    }
    let all = [Dialect::Postgres, Dialect::Sqlite];
    let folders =
        |dialect: &Dialect| matches!(project.layout, Layout::Dialects(_)) && project.layout.folder(*dialect).is_dir();
    let found: Vec<Dialect> = all.into_iter().filter(folders).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let feature = |dialect: &Dialect| manifest.features.iter().any(|feature| feature == dialect.name());
    let found: Vec<Dialect> = all.into_iter().filter(feature).collect();
    if found.is_empty() { Err(InitError::NoDialect) } else { Ok(found) }
}

static NOTHING: SchemaDef =
    SchemaDef { models: &[], enums: &[], sequences: &[], sql: &[], dialects: &[], comments: false, at: "" };

/// The lock of revisions that are there before any model is.
fn lock(project: &Project, dialects: &[Dialect]) -> Result<Option<String>, InitError> {
    let mut locked = BTreeMap::new();
    for dialect in dialects {
        let found = revisions::read(&project.layout.folder(*dialect))?;
        if !found.is_empty() {
            locked.insert(*dialect, found.iter().map(OnDisk::locked).collect());
        }
    }
    if locked.is_empty() {
        return Ok(None);
    }
    let nothing = DeclaredSchema { dialects: dialects.to_vec(), ..DeclaredSchema::from(&NOTHING) };
    Ok(Some(Lock::new(locked, &nothing).to_string()))
}

/// What only the author can add, as far as it is not there.
fn to_add(directory: &Path, manifest: &Manifest, dialects: &[Dialect]) -> Result<Vec<(PathBuf, String)>, InitError> {
    let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
    let mut to_add = Vec::new();
    if !manifest.ours {
        let features: Vec<String> = names.iter().chain(&["cli"]).map(|name| format!("\"{name}\"")).collect();
        let version = env!("CARGO_PKG_VERSION");
        let features = features.join(", ");
        let line = format!(
            "[dependencies]\ndiesel-schema = {{ version = \"{version}\", default-features = false, features = [{features}] }}"
        );
        to_add.push((manifest.path.clone(), line));
    }
    if directory.join("src/main.rs").is_file() && !manifest.default_run {
        // With three binaries `cargo run` would not know which one is meant.
        to_add.push((manifest.path.clone(), format!("[package]\ndefault-run = \"{}\"", manifest.package)));
    }
    if !declares(&directory.join("src")).map_err(|error| Error::from(ConfigError::Read(error)))? {
        let text = format!(
            "diesel_schema::prelude::schema! {{\n    pub mod schema;\n    models: [],\n    dialects: [{}],\n}}",
            names.join(", ")
        );
        to_add.push((directory.join("src/lib.rs"), text));
    }
    Ok(to_add)
}

/// Whether a file says `schema!`.
fn declares(folder: &Path) -> std::io::Result<bool> {
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let says = if path.is_dir() {
            declares(&path)?
        } else {
            path.extension().is_some_and(|it| it == "rs") && fs_err::read_to_string(&path)?.contains("schema! {")
        };
        if says {
            return Ok(true);
        }
    }
    Ok(false)
}
