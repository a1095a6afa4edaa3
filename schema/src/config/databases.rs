//! Databases by name, for an application that has several.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ConfigError, DatabaseUrl, Layout, Project, UrlError};

/// Stands for every database that has a name.
const ALL: &str = "all";

/// `[workspace.metadata.diesel-schema.databases.NAME]`: how a database is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedDatabase {
    /// Its URL.
    pub url: Option<String>,
    /// The variable of the environment, or of `.env`, that holds it.
    pub url_env: Option<String>,
    /// Its migrations folder; else the project's.
    pub migrations: Option<PathBuf>,
}

/// A database that was picked by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// Its name.
    pub name: String,
    /// Its URL, which can be parsed.
    pub url: String,
    /// The project, with this database's migrations folder.
    pub project: Project,
}

/// Why a name means no database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// No database has a name.
    #[error("no database has a name in this project")]
    Nameless,
    /// None has that one.
    #[error("no database is called {name}; there {}", listed(.known))]
    Unknown {
        /// The name.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Neither or both ways of saying the URL.
    #[error("database {0} has to have one of `url` and `url-env`")]
    OneUrl(String),
    /// The variable is not set.
    #[error("database {name}: {variable} is not set")]
    Unset {
        /// The database.
        name: String,
        /// The variable.
        variable: String,
    },
    /// The `.env` file that may hold the variable can't be read.
    #[error(transparent)]
    Environment(#[from] ConfigError),
    /// Its URL can't be used.
    #[error("database {name}: {}", .error.to_string().replacen("the database URL", "its URL", 1))]
    Url {
        /// The database.
        name: String,
        /// Why.
        error: UrlError,
    },
    /// Its folder can't be read.
    #[error("database {name}: {error}")]
    Folder {
        /// The database.
        name: String,
        /// Why.
        error: ConfigError,
    },
}

fn listed(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{verb} {}, and `{ALL}` for every one", names.join(", "))
}

impl DatabaseError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Nameless => {
                "give it one in Cargo.toml: [workspace.metadata.diesel-schema.databases.NAME] with `url-env` (a variable) or `url`, and `migrations` where it has a folder of its own"
            }
            Self::Unknown { .. } => {
                "mend the name, or add it to [workspace.metadata.diesel-schema.databases] in Cargo.toml"
            }
            Self::OneUrl(_) => "mend it in Cargo.toml: `url-env` names a variable, `url` is for what holds no password",
            Self::Unset { .. } => "set it, also in .env",
            Self::Environment(error) => error.hint(),
            Self::Url { error, .. } => error.hint(),
            Self::Folder { .. } => "mend the folder's permissions, or `migrations` in Cargo.toml",
        }
    }
}

impl Project {
    /// The databases of these names, each once, in the order of `names`; `all` stands for every one, by name.
    ///
    /// # Errors
    /// A name that is none, or whose database can't be found.
    pub fn pick(&self, names: &[String]) -> Result<Vec<Picked>, DatabaseError> {
        if self.databases.is_empty() {
            return Err(DatabaseError::Nameless);
        }
        let mut wanted: Vec<&String> = Vec::new();
        for name in names {
            let all = name == ALL;
            if !all && !self.databases.contains_key(name) {
                let known = self.databases.keys().cloned().collect();
                return Err(DatabaseError::Unknown { name: name.clone(), known });
            }
            for key in self.databases.keys().filter(|key| all || *key == name) {
                if !wanted.contains(&key) {
                    wanted.push(key);
                }
            }
        }
        wanted.into_iter().map(|name| self.picked(name, &self.databases[name])).collect()
    }

    fn picked(&self, name: &str, database: &NamedDatabase) -> Result<Picked, DatabaseError> {
        let owned = name.to_owned();
        let url = match (&database.url, &database.url_env) {
            (Some(url), None) => url.clone(),
            (None, Some(variable)) => super::environment::variable(variable)?
                .ok_or_else(|| DatabaseError::Unset { name: owned.clone(), variable: variable.clone() })?,
            _ => return Err(DatabaseError::OneUrl(owned)),
        };
        url.parse::<DatabaseUrl>().map_err(|error| DatabaseError::Url { name: owned.clone(), error })?;
        let mut project = self.clone();
        if let Some(folder) = &database.migrations {
            project.layout =
                Layout::of(folder).map_err(|error| DatabaseError::Folder { name: owned.clone(), error })?;
        }
        Ok(Picked { name: owned, url, project })
    }
}

impl NamedDatabase {
    /// With its folder seen from where it is written.
    pub(super) fn under(mut self, folder: &Path) -> Self {
        self.migrations = self.migrations.map(|path| folder.join(path));
        self
    }
}
