//! The connection and its pool.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};

use super::DatabaseUrl;

/// A connection to either database. Queries are written once, for both.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// Through libpq.
    Postgres(PgConnection),
    /// Built in.
    Sqlite(SqliteConnection),
}

impl AsSqlConnection for AnyConnection {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        match self {
            Self::Postgres(connection) => connection,
            Self::Sqlite(connection) => connection,
        }
    }
}

/// The pool that the whole server shares.
pub type Pool = r2d2::Pool<Manager>;

/// A connection that can't be had from the pool in time.
pub type PoolError = r2d2::PoolError;

/// Makes the pool's connections. Not Diesel's own manager: that would try every kind of database in turn,
/// and open an SQLite file named `postgres://..` where the server is down.
#[derive(Debug, Clone)]
pub struct Manager(DatabaseUrl);

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, r2d2::Error> {
        let target = &self.0.target;
        let refused = |error: ConnectionError| {
            r2d2::Error::ConnectionError(ConnectionError::BadConnection(self.0.no_connection(&error)))
        };
        match self.0.dialect {
            Dialect::Postgres => PgConnection::establish(target).map(AnyConnection::Postgres).map_err(refused),
            Dialect::Sqlite => {
                let mut connection = SqliteConnection::establish(target).map_err(refused)?;
                // The timeout first: switching to WAL takes a lock that another process may hold.
                connection
                    .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;")
                    .map_err(r2d2::Error::QueryError)?;
                Ok(AnyConnection::Sqlite(connection))
            }
            Dialect::Mysql => {
                Err(r2d2::Error::ConnectionError(ConnectionError::BadConnection("the server has no MySQL".to_owned())))
            }
        }
    }

    /// Not Diesel's `ping`, whose named prepared statement a transaction pooler gives to another session.
    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), r2d2::Error> {
        connection.as_sql_connection().batch("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

/// A pool of at most `size` connections. It connects when it is first asked: the upgrade at the start has its own
/// way of waiting for a server that is not up yet.
#[must_use]
pub fn connect(url: &DatabaseUrl, size: u32) -> Pool {
    r2d2::Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(0))
        .connection_timeout(Duration::from_secs(5))
        .build_unchecked(Manager(url.clone()))
}
