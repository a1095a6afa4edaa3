//! What can stop a command of `migrate`.

use std::path::PathBuf;
use std::process::ExitCode;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::{RangeError, SelectError, SelectorError};
use serde::Serialize;

use crate::cli::print;
use crate::config::{ConfigError, DatabaseError, UrlError};
use crate::generate::{self, CompareError, NewError, ProofError};
use crate::upgrade::{UpgradeError, transient};

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Generate(#[from] generate::Error),
    #[error(transparent)]
    New(#[from] NewError),
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error(transparent)]
    Upgrade(#[from] UpgradeError),
    #[error(transparent)]
    Select(#[from] SelectError),
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Range(#[from] RangeError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("no database is named")]
    NoUrl,
    #[error("no database is named; this project has {}", .0.join(", "))]
    NoName(Vec<String>),
    #[error("there are no {dialect} revisions: {} does not exist", folder.display())]
    NoFolder { dialect: Dialect, folder: PathBuf },
    #[error("{0} to be undone, and nobody is there to agree")]
    NobodyAgrees(String),
    #[error("nothing was undone")]
    Disagreed,
    #[error("`{0}` is a range, which only `--sql` takes")]
    RangeWithoutSql(String),
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Generate(error.into())
    }
}

impl From<UrlError> for Error {
    fn from(error: UrlError) -> Self {
        Self::Generate(error.into())
    }
}

#[derive(Serialize)]
struct Said {
    error: String,
    hints: Vec<String>,
}

impl Error {
    fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Generate(generate::Error::NoDatabaseFile(_)) => {
                one("`migrate upgrade` makes it; else mend the path (--database-url, DATABASE_URL or .env)")
            }
            Self::Generate(generate::Error::Connect { .. }) => {
                one("start the server or mend the URL (--database-url, DATABASE_URL or .env)")
            }
            Self::Generate(generate::Error::Name(_)) | Self::New(NewError::Generate(generate::Error::Name(_))) => {
                one("write it as in: migrate revision --empty \"move names\"")
            }
            Self::Generate(error) | Self::New(NewError::Generate(error)) | Self::Proof(ProofError::Generate(error)) => {
                error.hints()
            }
            Self::Compare(error) => error.hints(),
            Self::Database(error) => one(error.hint()),
            Self::NoName(_) => one("add --database NAME, --database all, or --database-url URL, or set DATABASE_URL"),
            Self::NoUrl => one(
                "add --database-url URL, or set DATABASE_URL, also in .env: postgres://user:password@host:5432/database, or the path of an SQLite file",
            ),
            Self::NoFolder { .. } => one("mend the URL, or say where they are: --migrations FOLDER"),
            Self::NobodyAgrees(_) => one("add --yes, or type it in a terminal"),
            Self::RangeWithoutSql(_) => one("name one revision, or add --sql to print the script of the range"),
            _ => Vec::new(),
        }
    }

    fn is_usage(&self) -> bool {
        match self {
            Self::Selector(_) | Self::RangeWithoutSql(_) | Self::Proof(ProofError::Selector(_)) => true,
            Self::Generate(error) | Self::New(NewError::Generate(error)) => error.is_usage(),
            Self::Compare(error) => error.is_usage(),
            Self::Database(error) => matches!(error, DatabaseError::Nameless | DatabaseError::Unknown { .. }),
            Self::New(error) => {
                matches!(error, NewError::Selector(_) | NewError::Id { .. } | NewError::Dash(_) | NewError::Label(_))
            }
            _ => false,
        }
    }

    /// Whether trying the same again later may go well.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Upgrade(error) => error.is_transient(),
            Self::Generate(generate::Error::Connect { reason, .. }) => !transient::refuses(reason),
            _ => false,
        }
    }

    /// Says it, and which of several databases it is about.
    pub(super) fn print(&self, json: bool, database: Option<&str>) -> ExitCode {
        let hints = self.hints();
        let error = database.map_or_else(|| self.to_string(), |name| format!("{name}: {self}"));
        if json {
            let said = Said { error, hints };
            print::aside(&serde_json::to_string_pretty(&said).unwrap_or_else(|_| said.error.clone()));
        } else {
            print::failure(&error, &hints);
        }
        ExitCode::from(if self.is_usage() { 2 } else { 1 })
    }
}
