//! What the tests that need a database share: throw-away PostgreSQL databases and SQLite files.
//!
//! PostgreSQL comes from the environment: `tests/run` starts a server of its own and says where it is in
//! `TEST_POSTGRES_URL`. A test that needs the server fails without it; it never passes by not running.
#![warn(missing_docs)]

pub mod readme;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::prelude::*;

/// The environment variable that holds a superuser's URL of the PostgreSQL server to test on.
pub const POSTGRES_VARIABLE: &str = "TEST_POSTGRES_URL";

/// The PostgreSQL server that the tests run on.
#[derive(Debug, Clone)]
pub struct TestServer {
    url: String,
}

impl TestServer {
    /// The server that `TEST_POSTGRES_URL` names.
    ///
    /// # Panics
    ///
    /// Where the variable is not set: a test that can't reach its server has failed.
    #[must_use]
    pub fn postgres() -> Self {
        match std::env::var(POSTGRES_VARIABLE) {
            Ok(url) => Self { url },
            Err(_) => panic!("set {POSTGRES_VARIABLE} or use tests/run"),
        }
    }

    /// The URL of the server's maintenance database, as a superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of `database` on this server, whether it exists or not.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        let (base, query) = match self.url.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (self.url.as_str(), None),
        };
        let after_scheme = base.find("://").map_or(0, |at| at + 3);
        let end = base[after_scheme..].find('/').map_or(base.len(), |at| after_scheme + at);
        let url = format!("{}/{database}", &base[..end]);
        match query {
            Some(query) => format!("{url}?{query}"),
            None => url,
        }
    }

    /// A new connection to the maintenance database.
    ///
    /// # Panics
    ///
    /// Where the server can't be reached.
    #[must_use]
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url)
            .unwrap_or_else(|error| panic!("{POSTGRES_VARIABLE} names {}, which can't be reached: {error}", self.url))
    }

    /// A new, empty database, which is dropped when the value is.
    ///
    /// # Panics
    ///
    /// Where it can't be created.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect();
        // A killed run may have left one behind under the same process id.
        for sql in [
            format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"),
            format!("CREATE DATABASE \"{name}\" TEMPLATE template0"),
        ] {
            diesel::sql_query(&sql).execute(&mut connection).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        TestDatabase { url: self.url_of(&name), server: self.clone(), name }
    }
}

/// A PostgreSQL database of one test. Dropping the value drops the database, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    server: TestServer,
    name: String,
    url: String,
}

impl TestDatabase {
    /// A new, empty database on the server that `TEST_POSTGRES_URL` names.
    ///
    /// # Panics
    ///
    /// Where the variable is not set, or the server refuses.
    #[must_use]
    pub fn postgres() -> Self {
        TestServer::postgres().database()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL, as a superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its server.
    #[must_use]
    pub fn server(&self) -> &TestServer {
        &self.server
    }

    /// A new connection to it.
    ///
    /// # Panics
    ///
    /// Where the server refuses.
    #[must_use]
    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap_or_else(|error| panic!("{}: {error}", self.url))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Nothing to be done about a failure here, and the server itself is thrown away in the end.
        if let Ok(mut connection) = PgConnection::establish(self.server.url()) {
            let _ = diesel::sql_query(format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name))
                .execute(&mut connection);
        }
    }
}

/// An SQLite database file of one test, in a folder that goes with the value.
#[derive(Debug)]
pub struct SqliteFile {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl SqliteFile {
    /// The path of a file that does not exist yet.
    ///
    /// # Panics
    ///
    /// Where no temporary folder can be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let path = folder.path().join("test.db");
        Self { folder, path }
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What Diesel and `DATABASE_URL` call it.
    ///
    /// # Panics
    ///
    /// Where the temporary folder's path is not UTF-8.
    #[must_use]
    pub fn url(&self) -> String {
        self.path.to_str().unwrap_or_else(|| panic!("{} is not UTF-8", self.path.display())).to_owned()
    }

    /// A new connection to it.
    ///
    /// # Panics
    ///
    /// Where SQLite can't open it.
    #[must_use]
    pub fn connect(&self) -> SqliteConnection {
        SqliteConnection::establish(&self.url()).unwrap_or_else(|error| panic!("{}: {error}", self.url()))
    }
}

impl Default for SqliteFile {
    fn default() -> Self {
        Self::new()
    }
}

/// A new SQLite database in memory, with foreign keys enforced.
///
/// # Panics
///
/// Where SQLite refuses.
#[must_use]
pub fn sqlite_in_memory() -> SqliteConnection {
    let mut connection =
        SqliteConnection::establish(":memory:").unwrap_or_else(|error| panic!("SQLite in memory: {error}"));
    diesel::sql_query("PRAGMA foreign_keys = ON")
        .execute(&mut connection)
        .unwrap_or_else(|error| panic!("SQLite in memory: {error}"));
    connection
}

/// The root of the workspace: where `Cargo.toml`, `migrations/` and `tests/` are.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_server_keeps_the_rest_of_its_url() {
        let of = |url: &str| TestServer { url: url.to_owned() }.url_of("x");
        assert_eq!(of("postgres://a@h:1/postgres"), "postgres://a@h:1/x");
        assert_eq!(of("postgres://a@h:1"), "postgres://a@h:1/x");
        assert_eq!(of("postgres://a@/postgres?host=/tmp&port=1"), "postgres://a@/x?host=/tmp&port=1");
    }

    #[test]
    fn a_dropped_database_is_gone() {
        use diesel::dsl::sql;
        use diesel::sql_types::BigInt;

        let database = TestDatabase::postgres();
        let mut held = database.connect();
        assert_eq!(diesel::select(sql::<BigInt>("1::int8")).get_result(&mut held), Ok(1_i64));
        let (name, server) = (database.name().to_owned(), database.server().clone());
        drop(database);
        let left = diesel::select(
            sql::<BigInt>("count(*) FROM pg_database WHERE datname = ").bind::<diesel::sql_types::Text, _>(name),
        )
        .get_result::<i64>(&mut server.connect());
        assert_eq!(left, Ok(0));
    }
}
