//! Databases of their own, and the binary of diesel_cli.

use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_schema::Dialect;
use diesel_schema::config::{PrintSchema, Project};
use diesel_schema::generate::implementation;
use diesel_schema::generate::print_schema::print_schema;
use diesel_schema::schema::Schema;

const VERSION: &str = "2.3.14";

/// A database of its own, dropped with the value.
pub(crate) struct Database {
    server: String,
    name: String,
    pub(crate) url: String,
}

impl Database {
    pub(crate) fn new(name: &str) -> Self {
        let server =
            std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"));
        let name = format!("print_schema_{}_{name}", std::process::id());
        let mut connection = PgConnection::establish(&server).unwrap();
        connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
        let start = base.find("://").map_or(0, |at| at + 3);
        let end = base[start..].find('/').map_or(base.len(), |at| start + at);
        let url = format!("{}/{name}?{query}", &base[..end]).trim_end_matches('?').to_owned();
        Self { server, name, url }
    }

    pub(crate) fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap()
    }

    pub(crate) fn run(&self, sql: &str) -> diesel::QueryResult<()> {
        self.connect().batch_execute(sql)
    }

    pub(crate) fn read(&self) -> Schema {
        implementation(Dialect::Postgres).unwrap().read(&mut self.connect()).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut connection) = PgConnection::establish(&self.server) {
            let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The binary, where there is one of this very version.
pub(crate) fn diesel_cli() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let named = std::env::var_os("DIESEL_CLI").map(PathBuf::from);
    let places = [named, Some(root.join("target/tools/bin/diesel")), Some(PathBuf::from("diesel"))];
    let found = places.into_iter().flatten().find(|binary| {
        Command::new(binary).arg("--version").output().is_ok_and(|it| {
            let said = String::from_utf8_lossy(&it.stdout).into_owned();
            said.lines().any(|line| {
                line.contains("ersion") && line.trim_end().ends_with(VERSION)
                    || line.trim_end() == format!("diesel {VERSION}")
            })
        })
    });
    if found.is_none() {
        eprintln!("skipped asking diesel_cli itself: there is no diesel {VERSION}; name it in DIESEL_CLI");
    }
    found
}

/// What it prints with this `[print_schema]`, in a folder without a rustfmt.toml.
pub(crate) fn ask(binary: &Path, url: &str, options: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("diesel.toml");
    std::fs::write(&config, format!("[print_schema]\n{options}")).unwrap();
    let output = Command::new(binary)
        .args(["print-schema", "--database-url", url, "--config-file"])
        .arg(&config)
        .current_dir(folder.path())
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The same `[print_schema]`, as autogenerate reads it.
pub(crate) fn options(text: &str) -> PrintSchema {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("diesel.toml"), format!("[print_schema]\nfile = \"schema.rs\"\n{text}")).unwrap();
    Project::find(folder.path(), None).unwrap().schema_rs.remove(0).print
}

pub(crate) fn first_difference(ours: &str, theirs: &str) -> String {
    let (mut a, mut b) = (ours.lines(), theirs.lines());
    for line in 1.. {
        match (a.next(), b.next()) {
            (a, b) if a != b => return format!("line {line}:\n  ours:   {a:?}\n  diesel: {b:?}"),
            (None, None) => break,
            _ => {}
        }
    }
    "the ends differ".to_owned()
}

pub(crate) fn compare(what: &str, database: &Database, recorded: &Path, options_text: &str) {
    let ours = print_schema(&database.read(), &options(options_text)).unwrap();
    if let Some(binary) = diesel_cli() {
        let theirs = ask(&binary, &database.url, options_text).unwrap();
        if recorded.starts_with(recordings()) && std::env::var_os("DIESEL_CLI_RECORD").is_some() {
            std::fs::write(recorded, &theirs).unwrap();
        }
        assert!(ours == theirs, "{what}: {}", first_difference(&ours, &theirs));
    }
    let theirs = std::fs::read_to_string(recorded).unwrap();
    assert!(ours == theirs, "{what}, as recorded: {}", first_difference(&ours, &theirs));
}

pub(crate) fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/print_schema/recorded")
}

pub(crate) fn recorded(name: &str) -> PathBuf {
    recordings().join(name)
}
