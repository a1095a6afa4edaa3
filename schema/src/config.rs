//! Where a project keeps its migrations and its `schema.rs`, and which database a command works on.
//!
//! `diesel.toml` is Diesel's own file: unknown keys in it are for Diesel's CLI to complain about, here they are
//! passed over, except in `[print_schema]`, whose keys decide what is written. What is ours alone stands in
//! `[package.metadata.diesel-schema]` or `[workspace.metadata.diesel-schema]` of a `Cargo.toml`.

mod databases;
mod environment;
mod print_schema;
mod url;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use serde::Deserialize;

pub use databases::{DatabaseError, NamedDatabase, Picked};
pub use environment::{database_url, scratch_postgres_url};
pub use print_schema::{ColumnSorting, Docs, Filter, Pattern, PrintSchema, SameQuery, SchemaRs};
pub use url::{DatabaseUrl, UrlError};

/// What a project says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Where the migrations are.
    pub layout: Layout,
    /// The `schema.rs`s to write: one where `[print_schema]` has a `file`, one for each `[print_schema.<key>]` that has.
    pub schema_rs: Vec<SchemaRs>,
    /// A PostgreSQL server on which scratch databases may be made.
    pub scratch_postgres: Option<String>,
    /// The databases that have a name.
    pub databases: BTreeMap<String, NamedDatabase>,
    /// About how many rows a table holds at most that may be locked for as long as a statement takes.
    pub plain_below: u64,
    /// What rules of `migrate lint` weigh, by their names, as it is written there.
    pub lint: BTreeMap<String, String>,
}

/// What can be read, checked and indexed in the time that nobody notices a lock.
pub const PLAIN_BELOW: u64 = 10_000;

/// How the migrations folder is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// A folder with a folder for each dialect.
    Dialects(PathBuf),
    /// A plain Diesel folder, which belongs to one dialect.
    Plain(PathBuf),
}

impl Layout {
    /// What the folder is: one named after a dialect is a part of its parent; one with an `up.sql` in a folder of its
    /// own is plain; every other, one that does not exist too, has a folder for each dialect.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn of(folder: &Path) -> Result<Self, ConfigError> {
        let is_named_after_dialect = |folder: &Path| {
            folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.parse::<Dialect>().is_ok())
        };
        if let (true, Some(parent)) = (is_named_after_dialect(folder), folder.parent()) {
            return Ok(Self::Dialects(parent.to_owned()));
        }
        let entries = match fs_err::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::Dialects(folder.to_owned())),
            Err(error) => return Err(ConfigError::Read(error)),
        };
        for entry in entries {
            let path = entry.map_err(ConfigError::Read)?.path();
            if is_named_after_dialect(&path) {
                continue;
            }
            // Where nobody may look, it can't be said that there is none.
            match fs_err::metadata(path.join("up.sql")) {
                Ok(there) if there.is_file() => return Ok(Self::Plain(folder.to_owned())),
                Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    return Err(ConfigError::Read(error));
                }
                _ => {}
            }
        }
        Ok(Self::Dialects(folder.to_owned()))
    }

    /// The folder that holds `schema.lock`.
    #[must_use]
    pub fn root(&self) -> &Path {
        match self {
            Self::Dialects(root) | Self::Plain(root) => root,
        }
    }

    /// The folder of a dialect's revisions.
    #[must_use]
    pub fn folder(&self, dialect: Dialect) -> PathBuf {
        match self {
            Self::Dialects(root) => root.join(dialect.name()),
            Self::Plain(root) => root.clone(),
        }
    }

    /// The lock's path.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root().join("schema.lock")
    }
}

/// A configuration that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or folder can't be read; the error names it.
    #[error("{0}")]
    Read(std::io::Error),
    /// A file is no TOML, or a key has the wrong type.
    #[error("{path}: {message}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// What the parser says, in one line.
        message: String,
    },
    /// A `.env` file has a line that can't be understood.
    #[error("{path}, line {line}: this is no NAME=value, or a quote is not closed")]
    Environment {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
}

impl ConfigError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Environment { .. } => {
                "mend that line, or set the variable in the environment, which comes before the file"
            }
            Self::Read(error) => unread(error).unwrap_or(MEND),
            Self::Toml { .. } => MEND,
        }
    }
}

const MEND: &str = "mend that file, or say where the migrations are: --migrations FOLDER";

/// What to do about a file that can't be read, where the kind of the error tells.
pub(crate) fn unread(error: &std::io::Error) -> Option<&'static str> {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Some("see who may read it (ls -ld), or type the command as such a user")
        }
        std::io::ErrorKind::InvalidData => Some("save it as UTF-8"),
        _ => None,
    }
}

#[derive(Debug, Default, Deserialize)]
struct DieselToml {
    #[serde(default)]
    migrations_directory: MigrationsDirectory,
    #[serde(default)]
    print_schema: toml::Table,
}

#[derive(Debug, Default, Deserialize)]
struct MigrationsDirectory {
    dir: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
struct CargoToml {
    package: Option<Section>,
    workspace: Option<Section>,
}

#[derive(Debug, Default, Deserialize)]
struct Section {
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
struct Metadata {
    #[serde(default, rename = "diesel-schema")]
    ours: Settings,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    migrations: Option<PathBuf>,
    scratch_postgres: Option<String>,
    #[serde(default)]
    databases: BTreeMap<String, NamedDatabase>,
    plain_below: Option<u64>,
    #[serde(default)]
    lint: BTreeMap<String, String>,
    /// For the macros, which read it themselves.
    #[serde(rename = "drift")]
    _drift: Option<toml::Value>,
}

impl Project {
    /// Reads the `diesel.toml` and the `Cargo.toml`s found from `directory` upwards, the nearest of each key winning.
    /// `migrations` overrides the folder that they name; without any of them it is the nearest `migrations`, as for
    /// Diesel's CLI and `embed_migrations!`, and where there is none yet, that beside `diesel.toml` or the outermost
    /// `Cargo.toml`. Nothing is looked for above a workspace that has either of its own.
    ///
    /// # Errors
    /// A file that can't be read or is no TOML.
    pub fn find(directory: &Path, migrations: Option<&Path>) -> Result<Self, ConfigError> {
        let mut settings = Settings::default();
        let mut diesel: Option<(PathBuf, DieselToml)> = None;
        let (mut root, mut nearest) = (None, None);
        for folder in directory.ancestors() {
            let mut is_workspace = false;
            if let Some(text) = read(&folder.join("Cargo.toml"))? {
                root = Some(folder.to_owned());
                let manifest: CargoToml = parse(&folder.join("Cargo.toml"), &text)?;
                is_workspace = manifest.workspace.is_some();
                for found in [manifest.package, manifest.workspace].into_iter().flatten() {
                    let found = found.metadata.ours;
                    settings.migrations = settings.migrations.or(found.migrations.map(|path| folder.join(path)));
                    settings.scratch_postgres = settings.scratch_postgres.or(found.scratch_postgres);
                    settings.plain_below = settings.plain_below.or(found.plain_below);
                    for (rule, level) in found.lint {
                        settings.lint.entry(rule).or_insert(level);
                    }
                    for (name, database) in found.databases {
                        settings.databases.entry(name).or_insert_with(|| database.under(folder));
                    }
                }
            }
            if diesel.is_none()
                && let Some(text) = read(&folder.join("diesel.toml"))?
            {
                diesel = Some((folder.to_owned(), parse(&folder.join("diesel.toml"), &text)?));
            }
            if nearest.is_none() {
                let here = diesel.as_ref().filter(|(of, _)| of == folder);
                let named = here.and_then(|(_, file)| file.migrations_directory.dir.as_ref());
                let usual = Some(folder.join("migrations")).filter(|folder| folder.is_dir());
                nearest = named.map(|path| folder.join(path)).or(usual);
            }
            // What lies above is another project's.
            if is_workspace && (diesel.is_some() || nearest.is_some()) {
                break;
            }
        }
        let beside = diesel.as_ref().map(|(folder, _)| folder.clone()).or(root);
        let schema_rs = match diesel {
            Some((folder, file)) => print_schema::schema_rs(file.print_schema, &folder)
                .map_err(|message| ConfigError::Toml { path: folder.join("diesel.toml"), message })?,
            None => Vec::new(),
        };
        let folder = migrations
            .map(|path| directory.join(path))
            .or(settings.migrations)
            .or(nearest)
            .unwrap_or_else(|| beside.as_deref().unwrap_or(directory).join("migrations"));
        let Settings { scratch_postgres, databases, plain_below, lint, .. } = settings;
        let plain_below = plain_below.unwrap_or(PLAIN_BELOW);
        Ok(Self { layout: Layout::of(&folder)?, schema_rs, scratch_postgres, databases, plain_below, lint })
    }
}

fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ConfigError::Read(error)),
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        ConfigError::Toml { path: path.to_owned(), message: format!("line {line}: {}", error.message()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)], from: &str) -> (tempfile::TempDir, Result<Project, ConfigError>) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        let from = root.path().join(from);
        let found = Project::find(&from, None);
        (root, found)
    }

    #[test]
    fn diesel_toml_is_found_upwards() {
        let text = "[print_schema]\nfile = \"app/src/schema.rs\"\nwith_docs = true\n\n[migrations_directory]\ndir = \"db/postgres\"\n";
        let (root, found) = project(&[("diesel.toml", text), ("app/Cargo.toml", "[package]\nname = \"a\"\n")], "app");
        let found = found.unwrap();
        assert_eq!(found.layout, Layout::Dialects(root.path().join("db")));
        assert_eq!(found.schema_rs[0].file, root.path().join("app/src/schema.rs"));
        assert_eq!(found.schema_rs[0].print.with_docs, Docs::CommentsOrGenerated);
    }

    #[test]
    fn without_any_file_that_says_more_the_folder_is_beside_the_outermost_manifest() {
        let files = [("Cargo.toml", "[workspace]\n"), ("app/Cargo.toml", "[package]\nname = \"a\"\n")];
        let (root, found) = project(&files, "app");
        assert_eq!(found.unwrap().layout, Layout::Dialects(root.path().join("migrations")));
    }

    /// As Diesel's CLI has it, in whose projects no file names the folder.
    #[test]
    fn the_nearest_folder_is_the_packages_own() {
        let package = ("app/Cargo.toml", "[package]\nname = \"a\"\n");
        let files = [("Cargo.toml", "[workspace]\n"), package, ("migrations/.keep", ""), ("app/migrations/.keep", "")];
        let (root, found) = project(&files, "app/src");
        assert_eq!(found.unwrap().layout, Layout::Dialects(root.path().join("app/migrations")));
        let files = [("Cargo.toml", "[workspace]\n"), package, ("app/diesel.toml", "[print_schema]\n")];
        let (root, found) = project(&files, "app/src");
        assert_eq!(found.unwrap().layout, Layout::Dialects(root.path().join("app/migrations")));
    }

    #[test]
    fn a_workspace_within_another_has_its_own_folder() {
        let inner = [("inner/Cargo.toml", "[workspace]\n"), ("inner/app/Cargo.toml", "[package]\nname = \"a\"\n")];
        let outer =
            [("diesel.toml", "[migrations_directory]\ndir = \"db/postgres\"\n"), ("Cargo.toml", "[workspace]\n")];
        let (root, found) = project(&[&inner[..], &outer[..]].concat(), "inner/app");
        assert_eq!(found.unwrap().layout, Layout::Dialects(root.path().join("db")));
        let folder = [("inner/migrations/.keep", "")];
        let (root, found) = project(&[&inner[..], &outer[..], &folder[..]].concat(), "inner/app");
        assert_eq!(found.unwrap().layout, Layout::Dialects(root.path().join("inner/migrations")));
    }

    #[test]
    fn a_folder_of_up_sqls_is_plain() {
        let (root, found) = project(&[("Cargo.toml", "[workspace]\n"), ("migrations/1_a/up.sql", "SELECT 1;")], "");
        assert_eq!(found.unwrap().layout, Layout::Plain(root.path().join("migrations")));
    }

    #[test]
    fn every_setting_that_there_is_is_taken() {
        let text = "[workspace.metadata.diesel-schema]\nplain-below = 7\ndrift = \"warn\"\n";
        let (_root, found) = project(&[("Cargo.toml", text)], "");
        assert_eq!(found.unwrap().plain_below, 7);
    }

    #[test]
    fn our_settings_name_a_key_that_they_do_not_know() {
        let text = "[workspace.metadata.diesel-schema]\nmigration = \"x\"\n";
        let (_root, found) = project(&[("Cargo.toml", text)], "");
        let message = found.unwrap_err().to_string();
        assert!(message.contains("line 2: unknown field `migration`"), "{message}");
    }
}
