//! The servers that a schema can be written for.

use std::fmt;
use std::str::FromStr;

/// One of the supported database servers: how it says things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// PostgreSQL 13 and newer.
    Postgres,
    /// SQLite 3.35 and newer.
    Sqlite,
    /// MySQL and MariaDB. Declared now so that files that name it are understood; no code drives it yet.
    Mysql,
}

impl Dialect {
    /// Every dialect, in the order in which folders and messages list them.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Sqlite, Self::Mysql];

    /// The name that folders (`migrations/<name>/`), the lock and messages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Mysql => "mysql",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name).ok_or_else(|| UnknownDialect(name.to_owned()))
    }
}

/// A dialect's name that is none of [`Dialect::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no dialect; the dialects are postgres, sqlite and mysql")]
pub struct UnknownDialect(pub String);
