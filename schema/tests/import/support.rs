//! Databases of their own, and packages to import them into.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::config::Project;
use diesel_schema::generate::{self, ImportError, ImportRequest, Imported, Scratches, Source};

/// The server for tests.
pub(crate) fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"))
}

/// A database of its own, dropped with the value.
pub(crate) struct Database {
    /// The database on the server; SQLite's goes with its folder.
    name: Option<String>,
    pub(crate) url: String,
}

impl Database {
    /// An empty one. SQLite's is a file in `folder`.
    pub(crate) fn new(dialect: Dialect, name: &str, folder: &Path) -> Self {
        if dialect == Dialect::Sqlite {
            let url = folder.join("live.db").display().to_string();
            SqliteConnection::establish(&url).unwrap();
            return Self { name: None, url };
        }
        let server = server();
        let name = format!("import_{}_{}", std::process::id(), name.replace('-', "_"));
        let mut connection = PgConnection::establish(&server).unwrap();
        connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
        let start = base.find("://").map_or(0, |at| at + 3);
        let end = base[start..].find('/').map_or(base.len(), |at| start + at);
        let url = format!("{}/{name}?{query}", &base[..end]).trim_end_matches('?').to_owned();
        Self { name: Some(name), url }
    }

    /// Runs a dump, without what is psql's own in it.
    pub(crate) fn load(&self, sql: &str) -> Result<(), String> {
        let result = match self.name {
            None => SqliteConnection::establish(&self.url).unwrap().batch_execute(sql),
            Some(_) => {
                let lines: Vec<&str> = sql.lines().filter(|line| !line.starts_with('\\')).collect();
                PgConnection::establish(&self.url).unwrap().batch_execute(&lines.join("\n"))
            }
        };
        result.map_err(|error| error.to_string())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Ok(mut connection)) = (&self.name, PgConnection::establish(&server())) {
            let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A package without anything.
pub(crate) fn package(folder: &Path, name: &str, dialect: Dialect) {
    std::fs::create_dir_all(folder).unwrap();
    let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let toml = format!(
        "[migrations_directory]\ndir = \"migrations/{dialect}\"\n\n[print_schema]\nfile = \"schema.rs\"\n",
        dialect = dialect.name()
    );
    std::fs::write(folder.join("diesel.toml"), toml).unwrap();
}

/// Imports a database into a package.
pub(crate) fn import(
    folder: &Path,
    url: &str,
    allow_differences: bool,
    pool: &Scratches,
) -> Result<Imported, ImportError> {
    let project = Project::find(folder, Some(&PathBuf::from("migrations"))).unwrap();
    let source: Source = url.parse().unwrap();
    generate::import(
        &ImportRequest {
            directory: folder,
            project: &project,
            source: &source,
            dialect: None,
            to: Path::new("src/models"),
            scratch_postgres: None,
            allow_differences,
            now: SystemTime::now(),
        },
        pool,
    )
}

/// What diesel_cli prints for a database, where `DIESEL_CLI` names one.
pub(crate) fn printed_by_diesel(url: &str, words: &[&str]) -> Option<Result<String, String>> {
    let binary = std::env::var_os("DIESEL_CLI")?;
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(binary);
    command.args(["print-schema", "--database-url", url]).args(words).current_dir(folder.path());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Some(if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) })
}
