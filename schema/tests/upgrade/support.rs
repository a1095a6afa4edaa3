//! Databases and folders for one test.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::RevisionSet;
use diesel_schema_core::revision::Revision;

pub(crate) fn write(root: &Path, name: &str, up: &str, run_in_transaction: &str, parents: &[&str]) {
    let folder = root.join(name);
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("up.sql"), up).unwrap();
    let metadata = format!("run_in_transaction = {run_in_transaction}\ndown_revision = {parents:?}\n");
    std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
}

pub(crate) fn set_of(dialect: Dialect, revisions: &[Revision]) -> RevisionSet<'_> {
    RevisionSet::new(dialect, revisions)
}

/// A database of its own, dropped at the end.
pub(crate) struct Pg {
    pub(crate) name: String,
    server: String,
}

impl Pg {
    pub(crate) fn new(name: &str) -> Self {
        Self::on(std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run"), name)
    }

    /// One on each server that what is hard to bear is tried on: those of `TEST_POSTGRES_URLS`, parted by blanks, or
    /// else the one that everything is tried on.
    pub(crate) fn on_each(name: &str) -> impl Iterator<Item = Self> {
        let urls = std::env::var("TEST_POSTGRES_URLS").or_else(|_| std::env::var("TEST_POSTGRES_URL"));
        let urls = urls.expect("set TEST_POSTGRES_URL or use tests/run");
        let urls: Vec<String> = urls.split_whitespace().map(str::to_owned).collect();
        assert!(!urls.is_empty(), "TEST_POSTGRES_URLS names no server");
        urls.into_iter().map(move |url| Self::on(url, name))
    }

    /// A fresh one on the same server, instead of this one.
    pub(crate) fn again(&mut self, name: &str) {
        *self = Self::on(self.server.clone(), name);
    }

    fn on(server: String, name: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("revision_{name}_{}_{number}", std::process::id());
        let mut connection = PgConnection::establish(&server).unwrap();
        connection.batch(&format!("CREATE DATABASE {name}")).unwrap();
        Self { name, server }
    }

    pub(crate) fn url(&self) -> String {
        let (front, _) = self.server.rsplit_once('/').unwrap();
        format!("{front}/{}", self.name)
    }

    pub(crate) fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }
}

impl Drop for Pg {
    fn drop(&mut self) {
        if let Ok(mut connection) = PgConnection::establish(&self.server) {
            let _ = connection.batch(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

pub(crate) struct Sqlite(tempfile::TempDir);

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn url(&self) -> String {
        self.0.path().join("test.sqlite").display().to_string()
    }

    pub(crate) fn connect(&self) -> SqliteConnection {
        SqliteConnection::establish(&self.url()).unwrap()
    }
}
