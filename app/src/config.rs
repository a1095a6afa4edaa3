//! What the environment says: `DATABASE_URL`, `LISTEN`, `DATABASE_POOL_SIZE`, `SESSION_HOURS`.

use std::net::SocketAddr;

use diesel_schema::Dialect;
use diesel_schema::config::UrlError;

use crate::database::DatabaseUrl;

/// The SQLite file that is used without a `DATABASE_URL`, in the working directory.
pub const DEFAULT_DATABASE: &str = "recommendations.db";

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the data is.
    pub database: DatabaseUrl,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// How many connections to the database are kept.
    pub pool_size: u32,
    /// How long a sign-in lasts.
    pub session: chrono::Duration,
}

/// A variable of the environment that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `DATABASE_URL`.
    #[error("DATABASE_URL: {0}; {hint}", hint = .0.hint())]
    DatabaseUrl(#[from] UrlError),
    /// `DATABASE_URL` names a database in memory.
    #[error(
        "DATABASE_URL is `{0}`, of which each of the server's connections would have one of its own; write the path of a file"
    )]
    InMemory(String),
    /// Any other.
    #[error("{name} is `{value}`, which is not {wanted}; set it to {example}, or leave it unset")]
    Value {
        /// The variable.
        name: &'static str,
        /// What it is set to.
        value: String,
        /// What it has to be.
        wanted: &'static str,
        /// One value that would do.
        example: &'static str,
    },
}

impl Config {
    /// Reads the environment of the process; a variable that is empty counts as unset.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// The same, from any source of variables.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let database = variable("DATABASE_URL").unwrap_or_else(|| DEFAULT_DATABASE.to_owned());
        let database: DatabaseUrl = database.trim().parse()?;
        if database.dialect == Dialect::Sqlite && database.target.contains(":memory:") {
            return Err(ConfigError::InMemory(database.target));
        }
        Ok(Self {
            database,
            listen: parse(&variable, "LISTEN", "an address and a port", "127.0.0.1:3000")?,
            pool_size: parse(&variable, "DATABASE_POOL_SIZE", "a number of connections", "8")?,
            session: chrono::Duration::hours(
                parse::<u16>(&variable, "SESSION_HOURS", "a number of hours", "336")?.max(1).into(),
            ),
        })
    }
}

/// The variable's value, or what its example says.
fn parse<T: std::str::FromStr>(
    variable: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    wanted: &'static str,
    example: &'static str,
) -> Result<T, ConfigError> {
    let value = variable(name).unwrap_or_else(|| example.to_owned());
    value.trim().parse().map_err(|_| ConfigError::Value { name, value, wanted, example })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_has_to_be_set() {
        let config = with(&[("LISTEN", "")]).unwrap();
        assert_eq!(config.database.target, DEFAULT_DATABASE);
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(config.session, chrono::Duration::days(14));
    }

    #[test]
    fn a_bad_value_is_named_with_one_that_would_do() {
        assert_eq!(
            with(&[("LISTEN", "3000")]).unwrap_err().to_string(),
            "LISTEN is `3000`, which is not an address and a port; set it to 127.0.0.1:3000, or leave it unset"
        );
        assert!(with(&[("DATABASE_URL", "mysql://h/d")]).unwrap_err().to_string().contains("MySQL"));
        assert!(with(&[("DATABASE_URL", "sqlite://:memory:")]).unwrap_err().to_string().contains("path of a file"));
    }
}
