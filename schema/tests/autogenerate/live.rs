//! The database that a project is developed against.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::{Connection, PgConnection};
use diesel_schema::Dialect;
use diesel_schema::config::DatabaseUrl;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::dialect::postgres::Planned;
use diesel_schema::generate::{connect, implementation};
use diesel_schema::schema::Schema;
use diesel_schema::upgrade::{self, Options, RevisionSet, Runner};
use diesel_schema_core::revision::{self, graph::Selector};

const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn server() -> String {
    std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"))
}

/// A database of its own, which goes when it is dropped.
pub(crate) struct Live {
    pub(crate) url: DatabaseUrl,
    connection: Option<Box<dyn SqlConnection>>,
    _file: Option<tempfile::TempDir>,
}

/// What the runner asks for when it wants a second connection.
struct More(Box<dyn SqlConnection>);

impl AsSqlConnection for More {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self.0.as_mut()
    }
}

impl Live {
    pub(crate) fn new(dialect: Dialect) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (target, file) = if dialect == Dialect::Sqlite {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("live.sqlite");
            std::fs::write(&path, "").unwrap();
            (path.display().to_string(), Some(folder))
        } else {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("autogenerate_{}_{number}", std::process::id());
            administer(&format!("CREATE DATABASE {name} TEMPLATE template0"));
            (format!("{}/{name}", server().rsplit_once('/').unwrap().0), None)
        };
        let url = DatabaseUrl { dialect, target };
        let connection = open(&url);
        Self { url, connection: Some(connection), _file: file }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.url.dialect
    }

    pub(crate) fn connection(&mut self) -> &mut (dyn SqlConnection + 'static) {
        self.connection.as_deref_mut().unwrap()
    }

    pub(crate) fn read(&mut self) -> Result<Schema, String> {
        let dialect = implementation(self.dialect()).unwrap();
        dialect.read(self.connection()).map_err(|error| format!("reading: {error}"))
    }

    /// Makes it empty again.
    #[cfg(feature = "testing")]
    pub(crate) fn clear(&mut self) -> Result<(), String> {
        if self.dialect() == Dialect::Sqlite {
            // A new file for every case costs less than taking one apart.
            let path = std::path::PathBuf::from(&self.url.target);
            self.connection = None;
            std::fs::write(&path, "").map_err(|error| error.to_string())?;
            self.connection = Some(open(&self.url));
            return Ok(());
        }
        let empty = "ROLLBACK; DO $$ DECLARE n name; BEGIN SET LOCAL client_min_messages = error; \
            FOR n IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP \
            EXECUTE format('DROP SCHEMA %I CASCADE', n); END LOOP; END $$; CREATE SCHEMA public";
        self.connection().batch(empty).map_err(|error| error.to_string())
    }

    fn run<T>(
        &mut self,
        folder: &std::path::Path,
        what: impl FnOnce(&mut dyn SqlConnection, &upgrade::More<'_>, &RevisionSet<'_>) -> Result<T, String>,
    ) -> Result<T, String> {
        // Nothing declared is no revision, and no folder.
        let found = folder.exists().then(|| revision::read(folder).map_err(|error| error.to_string())).transpose()?;
        let revisions = found.unwrap_or_default();
        let set = RevisionSet::new(self.dialect(), &revisions);
        let url = self.url.clone();
        let more = || (url.dialect != Dialect::Sqlite).then(|| Box::new(More(connect(&url).unwrap())) as _);
        what(self.connection(), &more, &set)
    }

    /// Applies what is pending, as the application does when it starts.
    pub(crate) fn upgrade(&mut self, folder: &std::path::Path) -> Result<(), String> {
        self.run(folder, |connection, more, set| {
            upgrade::run(connection, more, set, DEADLINE).map(drop).map_err(|error| format!("up: {error}"))
        })
    }

    /// Reverts these.
    pub(crate) fn downgrade(&mut self, folder: &std::path::Path, ids: &[String]) -> Result<(), String> {
        self.run(folder, |connection, more, set| {
            let options = Options { lock_deadline: DEADLINE, ..Options::default() };
            let undone = Runner::new(connection, more, set, &options).downgrade(ids, &mut |_| ());
            undone.map(drop).map_err(|error| format!("down: {error}"))
        })
    }
}

/// Where a database is to go.
#[derive(Clone, Copy)]
pub(crate) enum To<'a> {
    /// Up, as far as it goes, or to this revision.
    Up(Option<&'a str>),
    /// Back behind these.
    Behind(&'a [String]),
}

/// Takes a database there, on a connection of the caller's and with options of its own.
pub(crate) fn travel(
    url: &DatabaseUrl,
    connection: &mut dyn SqlConnection,
    folder: &std::path::Path,
    to: To<'_>,
    options: &Options,
) -> Result<(), String> {
    let revisions = revision::read(folder).map_err(|error| error.to_string())?;
    let set = RevisionSet::new(url.dialect, &revisions);
    let more = || Some(Box::new(More(connect(url).unwrap())) as _);
    let mut runner = Runner::new(connection, &more, &set, options);
    let done = match to {
        To::Up(to) => {
            let to = to.map_or_else(Selector::heads, |id| id.parse().unwrap());
            runner.upgrade_to(&mut vec![to], &mut |_| ())
        }
        To::Behind(ids) => runner.downgrade(ids, &mut |_| ()),
    };
    done.map(drop).map_err(|error| error.to_string())
}

impl Drop for Live {
    fn drop(&mut self) {
        self.connection = None;
        if self.dialect() == Dialect::Postgres {
            let name = self.url.target.rsplit_once('/').unwrap().1;
            administer(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn open(url: &DatabaseUrl) -> Box<dyn SqlConnection> {
    if url.dialect == Dialect::Postgres {
        // What is read once in an application's life is read all the time here.
        return Box::new(Planned::new(PgConnection::establish(&url.target).unwrap()));
    }
    let mut connection = connect(url).unwrap();
    if url.dialect == Dialect::Sqlite {
        // As an application does; and no wait for a disk.
        connection.batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF").unwrap();
    }
    connection
}

fn administer(sql: &str) {
    connect(&DatabaseUrl { dialect: Dialect::Postgres, target: server() }).unwrap().batch(sql).unwrap();
}

/// The major version of the PostgreSQL server.
pub(crate) fn server_version() -> u32 {
    let mut connection = connect(&DatabaseUrl { dialect: Dialect::Postgres, target: server() }).unwrap();
    let rows = connection.rows("SELECT current_setting('server_version_num')").unwrap();
    rows[0][0].as_deref().unwrap().parse::<u32>().unwrap() / 10_000
}
