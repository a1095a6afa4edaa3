//! What `DATABASE_URL` may say.

use std::fmt;
use std::str::FromStr;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A PostgreSQL server's database, as libpq takes it.
    Postgres(String),
    /// A file, as SQLite takes it.
    Sqlite(String),
}

/// A URL that names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Neither of the two databases.
    #[error("there is no database for `{0}://`; write postgres://user@host/database, or the path of an SQLite file")]
    UnknownScheme(String),
    /// `sqlite://` and nothing behind it.
    #[error("`{0}` names no file; write the path of an SQLite file, such as recommendations.db")]
    NoFile(String),
    /// An in-memory database, of which every connection of the pool would have one of its own.
    #[error("`{0}` is a database of one connection, and the server has several; write the path of a file")]
    InMemory(String),
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let url = url.trim();
        let path = match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => return Ok(Self::Postgres(url.to_owned())),
            Some(("sqlite", path)) => path,
            Some(("file", _)) => url,
            Some((scheme, _)) => return Err(DatabaseUrlError::UnknownScheme(scheme.to_owned())),
            None => url.strip_prefix("sqlite:").unwrap_or(url),
        };
        if path.is_empty() {
            return Err(DatabaseUrlError::NoFile(url.to_owned()));
        }
        if path == ":memory:" {
            return Err(DatabaseUrlError::InMemory(url.to_owned()));
        }
        Ok(Self::Sqlite(path.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password: this goes to logs and messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.write_str(path),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (authority, rest) = rest.split_at(authority_end);
                // Whatever stands in the query may be a password too.
                let path = rest.split('?').next().unwrap_or_default();
                match authority.rsplit_once('@') {
                    Some((user, host)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{host}{path}")
                    }
                    None => write!(f, "{scheme}://{authority}{path}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_file() {
        for (url, path) in
            [("a.db", "a.db"), ("sqlite://a.db", "a.db"), ("sqlite:///tmp/a", "/tmp/a"), ("sqlite:a", "a")]
        {
            assert_eq!(url.parse(), Ok(DatabaseUrl::Sqlite(path.to_owned())));
        }
        assert_eq!("file://a?mode=ro".parse(), Ok(DatabaseUrl::Sqlite("file://a?mode=ro".to_owned())));
    }

    #[test]
    fn what_names_no_database_is_refused() {
        assert_eq!("mysql://a/b".parse::<DatabaseUrl>(), Err(DatabaseUrlError::UnknownScheme("mysql".to_owned())));
        assert!("sqlite://".parse::<DatabaseUrl>().is_err());
        assert!("sqlite://:memory:".parse::<DatabaseUrl>().is_err());
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| url.parse::<DatabaseUrl>().unwrap().to_string();
        assert_eq!(shown("postgres://me:secret@h:5432/d?password=secret"), "postgres://me@h:5432/d");
        assert_eq!(shown("postgresql:///d?host=/tmp"), "postgresql:///d");
    }
}
