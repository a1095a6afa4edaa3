//! Why nothing is imported.

use std::path::PathBuf;

use crate::generate::Error;

/// Why nothing is imported; nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// Only databases and revisions are imported.
    #[error("`{0}` can't be imported; a database can, and the revisions of a Diesel folder")]
    Source(String),
    /// Neither the source nor the folders say which database is meant.
    #[error("nothing says which database the revisions in {} are for", .0.display())]
    NoDialect(PathBuf),
    /// There is nothing to replay.
    #[error("there are no revisions in {}", .0.display())]
    NoRevisions(PathBuf),
    /// Files that would be written are there.
    #[error("{} would be overwritten", list(.0))]
    Exists(Vec<PathBuf>),
    /// Models are declared already.
    #[error("{} says that there are models already", .0.display())]
    Models(PathBuf),
    /// The database has revisions that the folder has not.
    #[error("the database has applied {}, and {} does not have them", revisions.join(", "), folder.display())]
    Unknown {
        /// The revisions.
        revisions: Vec<String>,
        /// The folder.
        folder: PathBuf,
    },
    /// The revisions come to something else than the database.
    #[error("the database is not what its revisions add up to:\n  {}", .0.join("\n  "))]
    Drift(Vec<String>),
    /// What models can't say.
    #[error("the models can't say all of it; `autogenerate` would change the database:\n  {}", .0.join("\n  "))]
    Unsayable(Vec<String>),
    /// The initial revision does not make the schema on a fresh database.
    #[error("the initial revision does not hold on a fresh database: {why}{}", also(.unread))]
    Initial {
        /// What fails.
        why: Box<Error>,
        /// What can't be read, and may be why.
        unread: Vec<String>,
    },
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn also(unread: &[String]) -> String {
    if unread.is_empty() {
        return String::new();
    }
    format!("\nit lacks what diesel-schema can't read yet: {}", unread.join(", "))
}

impl ImportError {
    /// What to do next, a line each.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Generate(error) => error.hints(),
            Self::Source(_) => one("write a database URL, or `revisions`: migrate import --from revisions"),
            Self::NoDialect(_) => one("add --dialect postgres or --dialect sqlite"),
            Self::NoRevisions(_) => {
                one("name a database (--database-url, DATABASE_URL or .env), or --migrations FOLDER")
            }
            Self::Exists(_) => one("nothing was written; write elsewhere (--to src/tables), or move those files away"),
            Self::Models(_) => {
                one("what is in the database and not in the models: migrate diff --from models --to URL")
            }
            Self::Unknown { .. } => one("say where they are: --migrations FOLDER"),
            Self::Drift(_) => {
                one("write what is missing into a revision, apply it or `migrate stamp` it, and type it again")
            }
            Self::Unsayable(_) => one(
                "change that in the database first, or add --allow-differences: then `autogenerate` writes those changes",
            ),
            Self::Initial { .. } => one("add --allow-differences to write it all the same, and mend its up.sql"),
        }
    }
}
