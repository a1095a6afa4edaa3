//! Which server a database URL means.

use std::fmt;

use diesel_schema_core::Dialect;

use crate::connection::{no_connection, not_opened};

/// A database URL whose dialect is known, in the form that Diesel connects with.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    /// The server that it means.
    pub dialect: Dialect,
    /// What Diesel's `establish` takes.
    pub target: String,
}

/// A database URL that no dialect takes. The password, should there be one, is in none of the sentences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// A scheme that is none of ours.
    #[error("the database URL begins with `{0}:`, which is no dialect that this binary speaks")]
    UnknownScheme(String),
    /// MySQL, which is understood and has no code behind it.
    #[error("the database URL is of a MySQL server, which is not supported yet")]
    Mysql,
    /// Something else about it is wrong.
    #[error("the database URL is malformed: {0}")]
    Malformed(&'static str),
}

impl UrlError {
    /// What to write instead.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        "write postgres://user:password@host:5432/database, sqlite://path/to/file.db, or the path of an SQLite file"
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = UrlError;

    /// `postgres://`, `postgresql://`, `sqlite://PATH`, `sqlite::memory:`, `:memory:`, `file:PATH`, or a bare path,
    /// which is an SQLite file, as Diesel's CLI has it.
    fn from_str(url: &str) -> Result<Self, UrlError> {
        if url.trim().is_empty() {
            return Err(UrlError::Malformed("it is empty"));
        }
        if url.contains('\0') || url.chars().any(char::is_control) {
            return Err(UrlError::Malformed("it holds a control character"));
        }
        if url == ":memory:" || url.starts_with("file:") {
            return Ok(Self { dialect: Dialect::Sqlite, target: url.to_owned() });
        }
        if ["postgres//", "postgresql//", "sqlite//", "mysql//"].iter().any(|start| url.starts_with(start)) {
            return Err(UrlError::Malformed("a `:` is missing before its `//`"));
        }
        // SQLite would make a file of that name.
        if url.split(' ').all(|setting| setting.contains('=')) && url.contains("dbname=") {
            return Err(UrlError::Malformed("it is in libpq's form with `=`, and has to be a URL"));
        }
        let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
            return Ok(Self { dialect: Dialect::Sqlite, target: url.to_owned() });
        };
        match (scheme.to_ascii_lowercase().as_str(), rest.strip_prefix("//")) {
            ("postgres" | "postgresql", Some(rest)) => postgres(rest),
            ("postgres" | "postgresql", None) => {
                Err(UrlError::Malformed("`//` has to follow the scheme, as in postgres://host/database"))
            }
            ("sqlite", Some("")) => Err(UrlError::Malformed("it names no file")),
            ("sqlite", Some(path)) => Ok(Self { dialect: Dialect::Sqlite, target: path.to_owned() }),
            ("sqlite", None) if rest.is_empty() => Err(UrlError::Malformed("it names no file")),
            ("sqlite", None) => Ok(Self { dialect: Dialect::Sqlite, target: rest.to_owned() }),
            ("mysql" | "mariadb", _) => Err(UrlError::Mysql),
            (other, _) => Err(UrlError::UnknownScheme(other.to_owned())),
        }
    }
}

/// One letter before a colon is a drive, not a scheme.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn postgres(rest: &str) -> Result<DatabaseUrl, UrlError> {
    // What libpq can't decode it says in full, and what it takes for a host too: either may be the password.
    let decoded = |after: &str| after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    if rest.split('%').skip(1).any(|after| after.starts_with('+') || decoded(after).is_none_or(|byte| byte == 0)) {
        return Err(UrlError::Malformed("a `%` that no two hexadecimal digits follow has to be written as %25"));
    }
    // As libpq has it, a user ends at the first `@`, and a `?` before that is the user's.
    if let Some((user, hosts)) = rest.split('/').next().and_then(|authority| authority.split_once('@'))
        && (user.contains('?') || hosts.split('?').next().unwrap_or_default().contains('@'))
    {
        return Err(UrlError::Malformed(
            "in a user, a password or a setting, `@` has to be written as %40, `?` as %3F and `/` as %2F",
        ));
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    for host in hosts.split(',') {
        let after_address = host.rsplit_once(']').map_or(host, |(_, port)| port);
        if host.starts_with('[') && !host.contains(']') {
            return Err(UrlError::Malformed("the `[` of its IPv6 address is not closed"));
        }
        if let Some((_, port)) = after_address.rsplit_once(':')
            && !port.is_empty()
            && !port.parse::<u16>().is_ok_and(|port| port > 0)
        {
            return Err(UrlError::Malformed("its port is no number from 1 to 65535"));
        }
    }
    if rest.contains(' ') {
        return Err(UrlError::Malformed("a space has to be written as %20"));
    }
    Ok(DatabaseUrl { dialect: Dialect::Postgres, target: format!("postgres://{rest}") })
}

impl DatabaseUrl {
    /// The URL without its passwords, for messages.
    #[must_use]
    pub fn redacted(&self) -> String {
        let Some(rest) = self.target.strip_prefix("postgres://") else { return self.target.clone() };
        let (place, settings) = rest.split_once('?').map_or((rest, None), |(place, rest)| (place, Some(rest)));
        let place = match place.rsplit_once('@') {
            Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
            None => place.to_owned(),
        };
        // libpq takes any setting there, these too (PostgreSQL manual, "Connection URIs").
        let secret = |setting: &&str| {
            let name = setting.split('=').next().unwrap_or_default();
            !["password", "sslpassword", "oauth_client_secret"].contains(&name)
        };
        let settings = settings.map(|all| all.split('&').filter(secret).collect::<Vec<_>>().join("&"));
        match settings.filter(|settings| !settings.is_empty()) {
            Some(settings) => format!("postgres://{place}?{settings}"),
            None => format!("postgres://{place}"),
        }
    }
}

impl DatabaseUrl {
    /// Why there is no connection to it, on one line without the passwords: what the driver says of the `error`, or what
    /// is wrong with the place of an SQLite file, which SQLite does not say.
    #[must_use]
    pub fn no_connection(&self, error: &impl fmt::Display) -> String {
        // libpq says the URL once more.
        let said = no_connection(error).replace(&self.target, &self.redacted());
        let unopened = self.dialect == Dialect::Sqlite && said.to_lowercase().contains("unable to open");
        unopened.then(|| not_opened(&self.target)).flatten().unwrap_or(said)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.dialect).field(&self.redacted()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Result<(Dialect, String), UrlError> {
        url.parse::<DatabaseUrl>().map(|url| (url.dialect, url.target))
    }

    #[test]
    fn every_form_is_understood() {
        let sqlite = |target: &str| Ok((Dialect::Sqlite, target.to_owned()));
        assert_eq!(of("sqlite://a/b.db"), sqlite("a/b.db"));
        assert_eq!(of("sqlite:///a/b.db"), sqlite("/a/b.db"));
        assert_eq!(of("sqlite::memory:"), sqlite(":memory:"));
        assert_eq!(of("sqlite://:memory:"), sqlite(":memory:"));
        assert_eq!(of(":memory:"), sqlite(":memory:"));
        assert_eq!(of("a/b.db"), sqlite("a/b.db"));
        assert_eq!(of("file:a.db?mode=ro"), sqlite("file:a.db?mode=ro"));
        assert_eq!(of("c:/a.db"), sqlite("c:/a.db"));
        assert_eq!(of("postgresql://u:p@h:1/d"), Ok((Dialect::Postgres, "postgres://u:p@h:1/d".to_owned())));
        assert_eq!(of("postgres://[::1]:5432/d"), Ok((Dialect::Postgres, "postgres://[::1]:5432/d".to_owned())));
    }

    #[test]
    fn what_no_dialect_takes_is_told() {
        assert_eq!(of("oracle://h/d"), Err(UrlError::UnknownScheme("oracle".to_owned())));
        assert_eq!(of("mysql://h/d"), Err(UrlError::Mysql));
        assert!(matches!(of("postgres://h:port/d"), Err(UrlError::Malformed(_))));
        assert!(matches!(of("postgres:h"), Err(UrlError::Malformed(_))));
        assert!(matches!(of("postgres//h/d"), Err(UrlError::Malformed(_))));
        assert!(matches!(of("host=h dbname=d"), Err(UrlError::Malformed(_))));
        assert_eq!(of("a=b.db"), Ok((Dialect::Sqlite, "a=b.db".to_owned())));
        assert!(matches!(of("sqlite://"), Err(UrlError::Malformed(_))));
        assert!(matches!(of(" "), Err(UrlError::Malformed(_))));
    }

    #[test]
    fn no_password_reaches_a_message() {
        let url: DatabaseUrl = "postgres://u:secret@h/d".parse().unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl(Postgres, \"postgres://u@h/d\")");
        for (url, shown) in [
            ("postgres://h/d?password=secret", "postgres://h/d"),
            ("postgres://u@h/d?sslmode=require&password=s@e:c&user=x", "postgres://u@h/d?sslmode=require&user=x"),
            ("postgres://u:p%40ss@h/d?sslpassword=secret&sslmode=require", "postgres://u@h/d?sslmode=require"),
            ("postgres:///d?host=/tmp", "postgres:///d?host=/tmp"),
        ] {
            assert_eq!(url.parse::<DatabaseUrl>().unwrap().redacted(), shown);
        }
    }

    /// libpq would say the password, or the half of it that it takes for a host.
    #[test]
    fn a_password_that_has_to_be_written_otherwise_is_refused_without_it() {
        for url in [
            "postgres://u:secret%zz@h/d",
            "postgres://u:secret%@h/d",
            "postgres://u:secret%4@h/d",
            "postgres://u:secret%+1@h/d",
            "postgres://u:secret%00@h/d",
            "postgres://u:secret%\u{e9}@h/d",
            "postgres://h/d?password=secret%zz",
            "postgres://u:pass@secret@h/d",
            "postgres://u:1234?secret@h/d",
            "postgres://h?password=pass@secret",
        ] {
            let error = url.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(error.contains("has to be written as %") && !error.contains("secret"), "{url}: {error}");
        }
        for url in ["postgres://u:p%25%c3%A9@h/d", "postgres://%2Ftmp/d", "postgres://u@h?application_name=a@b"] {
            assert!(url.parse::<DatabaseUrl>().is_ok(), "{url}");
        }
    }
}
