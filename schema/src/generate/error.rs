//! What can stop `autogenerate`, each in one sentence, with what to type next.

use std::path::PathBuf;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::{Problem, Problems};

use super::name::NameError;
use super::placement::PlacementError;
use super::print_schema::PrintError;
use super::write::WriteError;
use crate::config::{ConfigError, UrlError, unread};
use crate::dialect::{Refusal, Unsupported};
use crate::diff::DiffError;

/// Why no revision was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The revision's name can't be a folder's.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A revision can't stand where it should.
    #[error(transparent)]
    Placement(#[from] PlacementError),
    /// A selector names several revisions, or the base, where one is needed.
    #[error("`{0}` does not name one revision")]
    NotOne(String),
    /// The database URL can't be used.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The project's own files can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database can't be reached.
    #[error("can't connect to {url}: {reason}")]
    Connect {
        /// The URL without its password.
        url: String,
        /// What the server or the driver says, on one line.
        reason: String,
        /// What to do about it.
        next: String,
    },
    /// There is no such SQLite file.
    #[error("the database file {0} does not exist")]
    NoDatabaseFile(String),
    /// A database in memory, which is empty for each who opens it.
    #[error("`{0}` is a database in memory, which holds nothing to compare with")]
    InMemory(String),
    /// A dialect without code in this binary.
    #[error("{0} is not built into this binary")]
    NotBuiltIn(Dialect),
    /// The database speaks a dialect that the application has no migrations for.
    #[error("the database URL is of a {database} database, and `schema!` at {at} lists no such dialect")]
    ForeignDialect {
        /// The database's dialect.
        database: Dialect,
        /// Where `schema!` stands.
        at: String,
    },
    /// A plain Diesel folder, and several dialects.
    #[error("{path} is a plain Diesel folder, which holds one dialect's revisions, and `schema!` lists several", path = .0.display())]
    PlainFolder(PathBuf),
    /// The revisions on disk can't be used.
    #[error("{said}")]
    Revisions {
        /// What is wrong with them, a line each.
        said: String,
        /// What to do about it, a line each.
        next: Vec<&'static str>,
    },
    /// More than one head.
    #[error("{folder} has several heads: {heads}", folder = folder.display(), heads = heads.join(", "))]
    Heads {
        /// The dialect's folder.
        folder: PathBuf,
        /// The heads.
        heads: Vec<String>,
    },
    /// The lock can't be used.
    #[error("{0}")]
    Lock(String),
    /// The database lacks revisions.
    #[error("the database is behind: {} pending: {}", count(pending.len()), pending.join(", "))]
    Behind {
        /// The folders of the revisions that are not applied, in order.
        pending: Vec<String>,
    },
    /// The database holds revisions that no folder has.
    #[error("the database holds {} that {} does not have: {}", count(unknown.len()), folder.display(), unknown.join(", "))]
    Ahead {
        /// Their ids.
        unknown: Vec<String>,
        /// The dialect's folder.
        folder: PathBuf,
    },
    /// The models say what a dialect can't.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Unsupported(Vec<Unsupported>),
    /// Two schemas can't be compared, or a rename names what is not there.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// A change that can't be carried out.
    #[error("{dialect}: {refusal}")]
    Refused {
        /// The dialect.
        dialect: Dialect,
        /// Why.
        refusal: Refusal,
    },
    /// Unqualified names mean another schema than the models do.
    #[error(
        "models without a schema are of `public`, and on this connection such names mean {}",
        .0.as_ref().map_or_else(|| "no schema that is there".to_owned(), |schema| format!("the schema `{schema}`"))
    )]
    SearchPath(Option<String>),
    /// A query failed.
    #[error("{dialect}: {doing} failed: {message}")]
    Query {
        /// The dialect.
        dialect: Dialect,
        /// What was being done: "reading the schema".
        doing: &'static str,
        /// What the server says, on one line.
        message: String,
    },
    /// No scratch where one is needed.
    #[error("{dialect}: no scratch database can be made: {reason}")]
    Scratch {
        /// The dialect.
        dialect: Dialect,
        /// What the server says.
        reason: String,
    },
    /// A revision that is on disk already fails on a scratch.
    #[error("{file} fails on an empty database: {message}", file = file.display())]
    Replay {
        /// The `up.sql`.
        file: PathBuf,
        /// What the server says.
        message: String,
    },
    /// The revisions of a dialect are not those of the lock, and no server can say what they add up to.
    #[error("{dialect}: {}, and no server can say what the revisions add up to", unknowable(strangers, gone, *conflict))]
    Unknowable {
        /// The dialect.
        dialect: Dialect,
        /// The folders that the lock does not know.
        strangers: Vec<String>,
        /// The ids that the lock knows, and that have no folder.
        gone: Vec<String>,
        /// The line of the lock with the first mark of a merge conflict, for which it counts as knowing none.
        conflict: Option<usize>,
    },
    /// The proof found a difference.
    #[error("{dialect}: the proof failed: {what}")]
    Proof {
        /// The dialect.
        dialect: Dialect,
        /// What did not hold, and each difference on a line.
        what: String,
    },
    /// A fresh database runs the new revision before others, and something else comes of it.
    #[error("{dialect}: a fresh database runs the new revision before {}: {what}", later.join(", "))]
    Order {
        /// The dialect.
        dialect: Dialect,
        /// The revisions that come after it.
        later: Vec<String>,
        /// What fails or differs.
        what: String,
    },
    /// Data would be lost, and nobody agreed.
    #[error("data would be lost: {}", .0.join("; "))]
    DataLoss(Vec<String>),
    /// `schema.rs` can't be printed.
    #[error("{file} can't be printed: {why}", file = file.display())]
    Print {
        /// The file.
        file: PathBuf,
        /// Why.
        why: PrintError,
    },
    /// The files can't be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

fn count(revisions: usize) -> String {
    if revisions == 1 { "1 revision".to_owned() } else { format!("{revisions} revisions") }
}

fn unknowable(strangers: &[String], gone: &[String], conflict: Option<usize>) -> String {
    if let Some(line) = conflict {
        return format!("schema.lock has an unresolved merge conflict at line {line}");
    }
    let strangers = (!strangers.is_empty()).then(|| format!("schema.lock does not know {}", strangers.join(", ")));
    let gone =
        (!gone.is_empty()).then(|| format!("there is no folder of {}, which schema.lock knows", gone.join(", ")));
    strangers.into_iter().chain(gone).collect::<Vec<_>>().join("; ")
}

/// What a folder has to be like, whose name or files are not.
const A_REVISION: &str =
    "a revision is a folder migrations/<dialect>/<id>_<what it does>/ with up.sql, down.sql and metadata.toml";

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        let mut next = Vec::new();
        for problem in &problems.0 {
            let hint = match problem {
                Problem::Read(error) => unread(error),
                _ => Some(A_REVISION),
            };
            next.extend(hint.filter(|hint| !next.contains(hint)));
        }
        Self::Revisions { said: problems.to_string(), next }
    }
}

impl From<std::io::Error> for Error {
    /// A revision's file or folder can't be read; the error names it.
    fn from(error: std::io::Error) -> Self {
        Problems(vec![error.into()]).into()
    }
}

impl Error {
    /// Revisions that make no graph, or whose files can't be understood.
    pub(crate) fn revisions(said: String) -> Self {
        Self::Revisions { said, next: vec![A_REVISION] }
    }

    /// What to do next, a line each.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Name(_) => one("write it as in: cargo run --bin autogenerate -- \"add user nickname\""),
            Self::Url(error) => one(error.hint()),
            Self::Connect { next, .. } => vec![format!("{next}; unset, an SQLite in memory is used")],
            Self::NoDatabaseFile(_) => one(
                "start the application, which makes it (cargo run), or unset DATABASE_URL: an SQLite in memory is used then",
            ),
            Self::InMemory(_) => {
                one("write the path of a file, or name no database: the revisions are replayed in memory then")
            }
            Self::NotBuiltIn(Dialect::Mysql) => one("name postgres or sqlite: MySQL is not supported yet"),
            Self::NotBuiltIn(dialect) => vec![format!("add the feature `{dialect}` to diesel-schema in Cargo.toml")],
            Self::ForeignDialect { database, .. } => {
                vec![format!("add `{database}` to its `dialects:`, or unset DATABASE_URL")]
            }
            Self::PlainFolder(path) => vec![format!(
                "move its revisions to {}, or name one dialect in `schema!`'s `dialects:`",
                path.join("postgres").display()
            )],
            Self::Heads { heads, .. } => vec![
                format!("make one of them: `migrate merge {} NAME`", heads.join(" ")),
                "or say which one it follows: `migrate revision NAME --head REV`".to_owned(),
            ],
            Self::NotOne(_) => one("name one by its id; `migrate history` lists all"),
            Self::Order { .. } => one("let it follow what it builds on (--head), or name that too (--depends-on)"),
            Self::Behind { .. } => {
                one("type `migrate upgrade`, or start the application, which upgrades its database: cargo run")
            }
            Self::Ahead { .. } => one(
                "fetch the commit that has them, or use another database; nothing can be compared with a schema that is not known",
            ),
            // What names the variable says what to do itself.
            Self::Scratch { dialect: Dialect::Postgres, reason } if !reason.contains("SCRATCH_POSTGRES_URL") => {
                one("give the role CREATEDB, or set SCRATCH_POSTGRES_URL to a server where it has it")
            }
            Self::SearchPath(_) => one(
                "let the search_path of the role, the database or the URL begin with public, or name the schema in the models: #[model(table = \"..\", schema = \"..\")]",
            ),
            Self::Unknowable { gone, conflict, .. } => {
                let server = "set SCRATCH_POSTGRES_URL to any PostgreSQL server whose role may create databases";
                let back = if gone.is_empty() { "" } else { ", or take folders and schema.lock back from git" };
                let first = format!("{server}{back}");
                let second = "or resolve it by hand: one side of every conflict, but the `revision` lines of both (`git checkout \
                              --ours migrations/schema.lock` takes one side of all)";
                std::iter::once(first).chain(conflict.map(|_| second.to_owned())).collect()
            }
            Self::Replay { .. } => one("mend the file: every database that is made anew runs it"),
            Self::DataLoss(_) => one(
                "if that is meant, add --allow-data-loss, or --keep-data to move what is dropped aside; if it is a rename, say so: --rename table.old=new, --rename old_table=new_table",
            ),
            Self::Proof { .. } => one(
                "nothing was written; this is a gap in diesel-schema: report it with the model, and write the revision by hand meanwhile",
            ),
            Self::Write(_) => one("make room on the disk or mend the folder's permissions, and type it again"),
            Self::Query { doing: "reading what is applied" | "reading the schema", .. } => {
                one("see that the URL names the application's own database, and that the role may read it")
            }
            Self::Print { why: PrintError::PatchFile { .. }, .. } => {
                one("mend that file, or leave `patch_file` out of diesel.toml")
            }
            Self::Print { why: PrintError::PatchFits { .. }, .. } => one(
                "leave `patch_file` out of diesel.toml, type it again, change what is printed by hand, and make the patch anew of both: diff -u",
            ),
            Self::Print { why: PrintError::NoRustName { .. }, .. } => one(
                "give the type another name, or leave its table out: `filter = { except_tables = [\"..\"] }` under [print_schema] in diesel.toml",
            ),
            Self::Config(error) => one(error.hint()),
            Self::Revisions { next, .. } => next.iter().map(ToString::to_string).collect(),
            Self::Lock(_)
            | Self::Placement(_)
            | Self::Unsupported(_)
            | Self::Diff(_)
            | Self::Refused { .. }
            | Self::Query { .. }
            | Self::Scratch { .. } => Vec::new(),
        }
    }

    /// Whether the command was typed wrongly, as against something that went wrong.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::Name(_) | Self::Diff(DiffError::BadRename(_)) => true,
            Self::Placement(error) => error.is_usage(),
            _ => false,
        }
    }
}
