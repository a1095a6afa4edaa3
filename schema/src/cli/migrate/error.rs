//! What can stop a command of `migrate`.

use std::path::PathBuf;
use std::process::ExitCode;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::{RangeError, SelectError, SelectorError};

use crate::cli::{import, print};
use crate::config::{ConfigError, DatabaseError, UrlError};
use crate::connection::refuses;
use crate::generate::{self, CompareError, ProofError, SquashError, TraceError};
use crate::upgrade::{AdoptError, UpgradeError};

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Generate(#[from] generate::Error),
    #[error(transparent)]
    Import(#[from] import::Error),
    #[error(transparent)]
    Squash(#[from] SquashError),
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[cfg(feature = "lint")]
    #[error(transparent)]
    Lint(#[from] generate::LintError),
    #[error(transparent)]
    Upgrade(#[from] UpgradeError),
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    #[error(transparent)]
    Select(#[from] SelectError),
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Range(#[from] RangeError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("`{0}` needs the models, which this program does not have")]
    NoModels(&'static str),
    #[error("no database is named")]
    NoUrl,
    #[error("no database is named; this project has {}", .0.join(", "))]
    NoName(Vec<String>),
    #[error("there are no {dialect} revisions: {} does not exist", folder.display())]
    NoFolder { dialect: Dialect, folder: PathBuf, by_url: bool },
    #[error("{0}, and nobody is there to agree")]
    NobodyAgrees(String),
    #[error("nothing was {0}")]
    Disagreed(&'static str),
    #[error("the database has applied {0}, and does not run it again")]
    Applied(String),
    #[error("no copy is kept of what revision {0} dropped")]
    NothingKept(String),
    #[error("no editor is named")]
    NoEditor,
    #[error("`{editor}` failed: {reason}; schema.lock is as it was")]
    Editor { editor: String, reason: String },
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

impl Error {
    fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Generate(generate::Error::NoDatabaseFile(_)) => {
                one("`migrate upgrade` makes it; else mend the path (--database-url, DATABASE_URL or .env)")
            }
            Self::Generate(generate::Error::Connect { next, .. }) => one(next),
            Self::Generate(generate::Error::Name(_)) => {
                one("write it as in: `migrate revision --empty \"move names\"`")
            }
            Self::Generate(error)
            | Self::Proof(ProofError::Generate(error))
            | Self::Trace(TraceError::Proof(ProofError::Generate(error)))
            | Self::Squash(SquashError::Generate(error)) => error.hints(),
            #[cfg(feature = "lint")]
            Self::Lint(generate::LintError::Proof(ProofError::Generate(error))) => error.hints(),
            Self::Compare(error) => error.hints(),
            Self::Import(error) => error.hints(),
            Self::Database(error) => one(error.hint()),
            Self::NoModels(_) => one(
                "type it with the application's own binary: cargo run --bin migrate; `diesel-schema init` writes that one",
            ),
            Self::NoName(_) => one("add --database NAME, --database all, or --database-url URL, or set DATABASE_URL"),
            Self::NoUrl => one(
                "add --database-url URL, or set DATABASE_URL, also in .env: postgres://user:password@host:5432/database, or the path of an SQLite file",
            ),
            Self::NoFolder { by_url: false, .. } => {
                one("say where they are: --migrations FOLDER; `migrate revision --empty NAME` writes the first one")
            }
            Self::NoFolder { .. } => one("mend the URL, or say where they are: --migrations FOLDER"),
            Self::Adopt(error) => error.hint().map(str::to_owned).into_iter().collect(),
            Self::NobodyAgrees(_) => one("add --yes, or type it in a terminal"),
            Self::Applied(_) => one("write a revision that follows it (`migrate revision NAME`), or add --yes"),
            Self::NothingKept(_) => one("`migrate purge` without a revision lists all copies, and asks"),
            Self::NoEditor => one("set VISUAL or EDITOR, or edit the files and add --no-editor"),
            Self::Editor { .. } => one("mend VISUAL or EDITOR, or edit the files and add --no-editor"),
            Self::RangeWithoutSql(_) => one("name one revision, or add --sql to print the script of the range"),
            _ => Vec::new(),
        }
    }

    fn is_usage(&self) -> bool {
        match self {
            Self::Selector(_)
            | Self::NoModels(_)
            | Self::RangeWithoutSql(_)
            | Self::Proof(ProofError::Selector(_))
            | Self::Trace(TraceError::Proof(ProofError::Selector(_))) => true,
            #[cfg(feature = "lint")]
            Self::Lint(error) => error.is_usage(),
            Self::Generate(error) => error.is_usage(),
            Self::Compare(error) => error.is_usage(),
            Self::Database(error) => matches!(error, DatabaseError::Nameless | DatabaseError::Unknown { .. }),
            _ => false,
        }
    }

    /// Whether trying the same again later may go well.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Upgrade(error) => error.is_transient(),
            Self::Generate(generate::Error::Connect { reason, .. }) => !refuses(reason),
            _ => false,
        }
    }

    /// Says it, and which of several databases it is about.
    pub(super) fn print(&self, json: bool, database: Option<&str>) -> ExitCode {
        let hints = self.hints();
        let error = database.map_or_else(|| self.to_string(), |name| format!("{name}: {self}"));
        print::said(&error, &hints, json);
        ExitCode::from(if self.is_usage() { 2 } else { 1 })
    }
}
