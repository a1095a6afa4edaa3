//! Why two sources can't be compared.

use std::path::PathBuf;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::{SelectError, SelectorError};

use crate::config::UrlError;
use crate::generate::Error;

/// Why two sources can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// A selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A text that is no selector.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// A source that is no URL, nor anything else.
    #[error("{}", .0.to_string().replacen("the database URL", "the source", 1))]
    Url(#[from] UrlError),
    /// Two databases that do not speak the same.
    #[error("{from} is of a {a} database and {to} of a {b} one: no SQL makes one of the other")]
    TwoDialects {
        /// The one URL, without its password.
        from: String,
        /// Its dialect.
        a: Dialect,
        /// The other URL, without its password.
        to: String,
        /// Its dialect.
        b: Dialect,
    },
    /// The binary has no models.
    #[error("this binary has no models to compare with")]
    NoModels,
    /// There is no lock.
    #[error("{path} does not exist", path = .0.display())]
    NoLock(PathBuf),
    /// There are no revisions of that dialect.
    #[error("there are no {dialect} revisions: {} does not exist", folder.display())]
    NoFolder {
        /// The dialect.
        dialect: Dialect,
        /// Where they would be.
        folder: PathBuf,
    },
}

impl From<crate::diff::DiffError> for CompareError {
    fn from(error: crate::diff::DiffError) -> Self {
        Self::Generate(error.into())
    }
}

impl CompareError {
    /// What to do next, a line each.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Generate(Error::NoDatabaseFile(_)) => {
                one("mend the path; a source is models, lock, revisions, revisions@REV, or a database URL")
            }
            Self::Generate(Error::Connect { next, .. }) => one(next),
            Self::Generate(error) => error.hints(),
            Self::Url(_) => one(
                "a source is models, lock, revisions, revisions@REV, postgres://user:password@host:5432/database, or the path of an SQLite file",
            ),
            Self::TwoDialects { .. } => one("name two databases of one dialect, or models on one side"),
            Self::NoModels => {
                one("type it with the application's own `migrate`, or compare lock, revisions and databases")
            }
            Self::NoLock(_) => one("`autogenerate` writes it; `revisions` is what the folder adds up to without it"),
            Self::NoFolder { .. } => {
                one("say where they are (--migrations FOLDER), or of which dialect (--dialect DIALECT)")
            }
            Self::Select(_) | Self::Selector(_) => Vec::new(),
        }
    }

    /// Whether the command was typed wrongly, as against something that went wrong.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Selector(_) | Self::TwoDialects { .. } | Self::Url(_))
    }
}
