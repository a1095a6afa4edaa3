//! Which code speaks a dialect, and how a database is connected to.

use std::path::Path;

use diesel_schema_core::Dialect;

use super::error::Error;
use crate::config::DatabaseUrl;
use crate::connection::{SqlConnection, no_connection};
use crate::dialect::DialectImpl;
use crate::upgrade::{BeforeUpgrade, transient};

/// The code of a dialect.
///
/// # Errors
/// Its feature is off.
pub fn implementation(dialect: Dialect) -> Result<&'static dyn DialectImpl, Error> {
    match dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => Ok(&crate::dialect::postgres::Postgres),
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => Ok(&crate::dialect::sqlite::Sqlite),
        #[allow(unreachable_patterns, reason = "which arms are left depends on the features")]
        other => Err(Error::NotBuiltIn(other)),
    }
}

/// Connects to a database that exists.
///
/// # Errors
/// It does not exist, or can't be reached.
pub fn connect(url: &DatabaseUrl) -> Result<Box<dyn SqlConnection>, Error> {
    exists(url)?;
    establish(url)
}

/// Refuses an SQLite file that does not exist.
pub(crate) fn exists(url: &DatabaseUrl) -> Result<(), Error> {
    // SQLite would make the file, and to look at an empty database is never what is meant.
    match sqlite_file(&url.target).filter(|_| url.dialect == Dialect::Sqlite) {
        Some(file) if !Path::new(file).exists() => Err(Error::NoDatabaseFile(file.to_owned())),
        _ => Ok(()),
    }
}

/// The file that a path or an SQLite URI (<https://sqlite.org/uri.html>) names; none where it is memory, or not said plainly.
fn sqlite_file(target: &str) -> Option<&str> {
    if target == ":memory:" {
        return None;
    }
    let Some(uri) = target.strip_prefix("file:") else { return Some(target) };
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path = path.split('#').next().unwrap_or_default();
    let path = path.strip_prefix("//localhost").or_else(|| path.strip_prefix("//")).unwrap_or(path);
    let memory = query.split('&').any(|it| it == "mode=memory" || it.starts_with("vfs="));
    (!memory && !path.is_empty() && path != ":memory:" && !path.contains('%')).then_some(path)
}

/// What copies a database into `folder` before it is upgraded.
///
/// # Errors
/// Its feature is off.
pub fn backup(url: &DatabaseUrl, folder: &Path) -> Result<BeforeUpgrade, Error> {
    match url.dialect {
        Dialect::Postgres => Ok(BeforeUpgrade::pg_dump(&url.target, folder)),
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => Ok(BeforeUpgrade::copy_sqlite(&url.target, folder)),
        #[allow(unreachable_patterns, reason = "which arms are left depends on the features")]
        other => Err(Error::NotBuiltIn(other)),
    }
}

pub(crate) fn cannot_connect(url: &DatabaseUrl, error: &diesel::ConnectionError) -> Error {
    // libpq says the URL once more, with the password in it.
    let said = no_connection(error).replace(&url.target, &url.redacted());
    let reason = wrong_place(url).unwrap_or(said);
    let next = next_step(url.dialect, &reason);
    Error::Connect { url: url.redacted(), reason, next }
}

/// What is wrong with an SQLite file's place, which SQLite itself does not say.
fn wrong_place(url: &DatabaseUrl) -> Option<String> {
    let file = Path::new(sqlite_file(&url.target).filter(|_| url.dialect == Dialect::Sqlite)?);
    if file.is_dir() {
        return Some("it is a folder".to_owned());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())?;
    Some(format!("the folder {} does not exist", folder.display()))
}

/// What helps where there is no connection.
fn next_step(dialect: Dialect, reason: &str) -> &'static str {
    match dialect {
        Dialect::Sqlite => "mend the path (--database-url, DATABASE_URL or .env), or make its folder writable",
        _ if reason.contains("database \"") && reason.contains("does not exist") => {
            "make the database (createdb), or mend the URL (--database-url, DATABASE_URL or .env)"
        }
        // The server answered, or the URL is none.
        _ if transient::refuses(reason) => "mend the URL (--database-url, DATABASE_URL or .env)",
        _ => "start the server or mend the URL (--database-url, DATABASE_URL or .env)",
    }
}

/// Connects to a database; an SQLite file that is not there is made.
///
/// # Errors
/// It can't be reached.
pub fn establish(url: &DatabaseUrl) -> Result<Box<dyn SqlConnection>, Error> {
    let failed = |error: diesel::ConnectionError| cannot_connect(url, &error);
    match url.dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let connection = crate::dialect::postgres::connect(&url.target).map_err(failed)?;
            Ok(Box::new(connection))
        }
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => {
            let connection =
                <diesel::SqliteConnection as diesel::Connection>::establish(&url.target).map_err(failed)?;
            Ok(Box::new(connection))
        }
        #[allow(unreachable_patterns, reason = "which arms are left depends on the features")]
        other => {
            let _ = failed;
            Err(Error::NotBuiltIn(other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sqlite_file;

    #[test]
    fn a_uri_names_a_file_or_memory() {
        for (target, file) in [
            ("a.db", Some("a.db")),
            ("file:a.db?cache=shared#part", Some("a.db")),
            ("file:///tmp/a.db", Some("/tmp/a.db")),
            ("file://localhost/tmp/a.db", Some("/tmp/a.db")),
            (":memory:", None),
            ("file::memory:?cache=shared", None),
            ("file:a?mode=memory", None),
            ("file:", None),
            ("file:a%20b.db", None),
        ] {
            assert_eq!(sqlite_file(target), file, "{target}");
        }
    }
}
