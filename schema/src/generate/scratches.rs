//! Scratches that are emptied and used again: making one takes a PostgreSQL server longer than all that is done in it.

use std::cell::RefCell;
use std::fmt;

use diesel_schema_core::Dialect;

use crate::config::DatabaseUrl;
use crate::connection::{SqlConnection, one_line};
use crate::dialect::{DialectImpl, Scratch};
use crate::schema::Schema;

/// The scratches of one run, or of several one after another. They go when it is dropped.
#[derive(Default)]
pub struct Scratches {
    idle: RefCell<Vec<Idle>>,
    spelled: RefCell<Vec<Spelled>>,
}

struct Idle {
    dialect: Dialect,
    url: Option<String>,
    scratch: Box<dyn Scratch>,
    /// Whether nothing has been done in it since it was made or emptied.
    untouched: bool,
}

/// A schema, and how a server says it, which is always the same.
struct Spelled {
    dialect: Dialect,
    url: Option<String>,
    said: Schema,
    words: Schema,
}

/// What is asked again is one of the last.
const SPELLED: usize = 4;

impl fmt::Debug for Scratches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratches").field("idle", &self.idle.borrow().len()).finish()
    }
}

/// A scratch that goes back to the others when it is dropped.
pub struct Lease<'a> {
    home: &'a Scratches,
    /// `None` only while it is dropped.
    idle: Option<Idle>,
}

/// Where a dialect's scratches are made: SQLite's in memory, PostgreSQL's on the `preferred` server, and on that of the
/// `database` where there is no such server or it refuses. `Err` says why there is no such place.
pub(super) fn place<'a>(
    pool: &Scratches,
    dialect: &dyn DialectImpl,
    preferred: Option<&'a str>,
    database: Option<&'a DatabaseUrl>,
) -> Result<Option<&'a str>, String> {
    if dialect.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let database = database.filter(|url| url.dialect == dialect.dialect());
    if let Some(url) = preferred {
        let taken = server_url(url).and_then(|server| {
            // libpq says a URL that it can't use, with the password in it.
            pool.take(dialect, Some(url)).map_err(|reason| reason.replace(url, &server.redacted()))
        });
        match taken {
            Ok(_) => return Ok(Some(url)),
            Err(reason) if database.is_none() => return Err(one_line(reason)),
            Err(_) => {}
        }
    }
    database.map(|url| Some(url.target.as_str())).ok_or_else(|| {
        "no PostgreSQL server is known; set SCRATCH_POSTGRES_URL to one whose role may create databases".to_owned()
    })
}

/// The URL of the server that was said to be there for scratches. `Err` says what is wrong with it, and what to write.
fn server_url(url: &str) -> Result<DatabaseUrl, String> {
    const SAID: &str = "SCRATCH_POSTGRES_URL (or scratch-postgres in Cargo.toml)";
    let write = |wrong: &str| format!("{wrong}; write postgres://user:password@host:5432/database");
    match url.parse::<DatabaseUrl>() {
        Ok(server) if server.dialect == Dialect::Postgres => Ok(server),
        Ok(_) => Err(write(&format!("{SAID} is no URL of a PostgreSQL server"))),
        Err(error) => Err(write(&error.to_string().replacen("the database URL", SAID, 1))),
    }
}

impl Scratches {
    /// An empty scratch: one that nobody uses any more, or a new one.
    ///
    /// # Errors
    /// What the server refused, and what to do.
    pub fn take(&self, dialect: &dyn DialectImpl, url: Option<&str>) -> Result<Lease<'_>, String> {
        let lease = |idle| Lease { home: self, idle: Some(idle) };
        while let Some(mut idle) = self.idle_one(dialect.dialect(), url) {
            if idle.untouched || idle.scratch.empty() {
                idle.untouched = true;
                return Ok(lease(idle));
            }
        }
        let scratch = dialect.scratch(url)?;
        Ok(lease(Idle { dialect: dialect.dialect(), url: url.map(str::to_owned), scratch, untouched: true }))
    }

    /// The server's words for a schema, where they are known.
    pub(super) fn words(&self, dialect: Dialect, url: Option<&str>, said: &Schema) -> Option<Schema> {
        let spelled = self.spelled.borrow();
        let found = spelled.iter().find(|it| it.dialect == dialect && it.url.as_deref() == url && it.said == *said)?;
        Some(found.words.clone())
    }

    pub(super) fn keep_words(&self, dialect: Dialect, url: Option<&str>, said: &Schema, words: &Schema) {
        let mut spelled = self.spelled.borrow_mut();
        if spelled.len() == SPELLED {
            spelled.remove(0);
        }
        let (said, words) = (said.clone(), words.clone());
        spelled.push(Spelled { dialect, url: url.map(str::to_owned), said, words });
    }

    fn idle_one(&self, dialect: Dialect, url: Option<&str>) -> Option<Idle> {
        let mut idle = self.idle.borrow_mut();
        let at = idle.iter().position(|it| it.dialect == dialect && it.url.as_deref() == url)?;
        Some(idle.swap_remove(at))
    }
}

impl Scratch for Lease<'_> {
    fn connection(&mut self) -> &mut dyn SqlConnection {
        let idle = self.idle.as_mut().expect("it is there until the drop");
        idle.untouched = false;
        idle.scratch.connection()
    }

    fn url(&self) -> Option<&str> {
        self.idle.as_ref().and_then(|idle| idle.scratch.url())
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(idle) = self.idle.take() {
            self.home.idle.borrow_mut().push(idle);
        }
    }
}
