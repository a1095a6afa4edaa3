//! Which code speaks a dialect, and how a database is connected to.

use std::path::Path;

use diesel_schema_core::Dialect;

use super::error::Error;
use crate::config::DatabaseUrl;
use crate::connection::{SqlConnection, next_step, sqlite_file, wrong_place};
use crate::dialect::DialectImpl;
use crate::upgrade::BeforeUpgrade;

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
        Some(file) if !Path::new(file).exists() => Err(match wrong_place(&url.target) {
            Some(reason) => unreachable(url, reason),
            None => Error::NoDatabaseFile(file.to_owned()),
        }),
        _ => Ok(()),
    }
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
    unreachable(url, url.no_connection(error))
}

fn unreachable(url: &DatabaseUrl, reason: String) -> Error {
    let next = next_step(&reason, "the URL (--database-url, DATABASE_URL or .env)");
    Error::Connect { url: url.redacted(), reason, next }
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
