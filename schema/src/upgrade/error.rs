//! Why an upgrade failed.

use std::fmt;
use std::time::Duration;

use diesel::result::Error;
use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::{PlanError, RangeError};

use super::changed::{self, ChangedFiles};
use super::history::HISTORY;
use super::transient;
use crate::connection::{next_step, no_connection, one_line, refuses};

/// What went wrong with an upgrade, in one or few lines that end with what to do.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// A setting can't be understood.
    #[error("{0}")]
    Options(String),
    /// The binary has no revisions for this kind of database.
    #[error(
        "this binary holds no {0} revisions: run `cargo run --bin autogenerate -- \"initial\"` for that dialect and build again"
    )]
    NoRevisions(Dialect),
    /// The revisions make no graph.
    #[error("{0}; mend the metadata.toml files")]
    Graph(String),
    /// There is no connection.
    #[error("can't connect to the database: {message}; {}", next_step(.message, "DATABASE_URL"))]
    Connect {
        /// What the driver says.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// What is applied can't be read, or the lock can't be asked for.
    #[error("{doing} failed: {message}; {}", tell(.message))]
    Query {
        /// What was being done.
        doing: &'static str,
        /// What the server says.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// The database holds revisions that this binary does not know.
    #[error(
        "the database is ahead: it holds {}, which this binary (head{} {}) does not know; \
         deploy the newer binary or `downgrade` with it",
        .unknown.join(", "),
        if .heads.len() > 1 { "s" } else { "" },
        .heads.join(", ")
    )]
    Ahead {
        /// What it does not know, sorted.
        unknown: Vec<String>,
        /// Its own heads.
        heads: Vec<String>,
    },
    /// What a session holds is lost from one message to the next.
    #[error(
        "this takes a lock of the session, and a pooler gives each transaction another one; give the upgrade a pool of two \
         connections or more, or connect past the pooler; nothing of the revision was applied"
    )]
    SessionLost,
    /// The callback `before_upgrade` failed.
    #[error("before_upgrade failed: {0}; nothing was applied: mend it and start again")]
    Before(String),
    /// A revision failed.
    #[error("{0}")]
    Revision(Box<Failure>),
    /// Nothing can be planned towards what was asked for.
    #[error(transparent)]
    Plan(PlanError),
    /// A range of revisions that is none.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// A revision's step in Rust is not in this program.
    #[error(
        "revision {revision} has a step in Rust (rust_step in its metadata.toml), which this program does not hold; \
         let the application upgrade the database, or give its binary `migrate` the steps: \
         `diesel_schema::cli::Migrate`"
    )]
    StepUnknown {
        /// The revision.
        revision: String,
    },
    /// A revision's step in Rust is made for another type of connection.
    #[error(
        "revision {revision} has a step in Rust that takes a {connection}, and this upgrade runs on another type of \
         connection; write the step for the pool's own type, or for one dialect: `\"postgres/{revision}\" => ..`"
    )]
    StepConnection {
        /// The revision.
        revision: String,
        /// What its step takes.
        connection: &'static str,
    },
    /// A script can't run a revision's step in Rust.
    #[error("revision {revision} has a step in Rust, which a script can't run; upgrade without --sql")]
    StepInScript {
        /// The revision.
        revision: String,
    },
    /// Another process applied more while a downgrade was on its way.
    #[error(
        "another process has applied {} meanwhile, which would have to be undone too; nothing more was undone: \
         type the command again to see all of it", .0.join(", ")
    )]
    Changed(Vec<String>),
    /// The files of applied revisions are not those that were applied.
    #[error("{}", changed::tell(.0))]
    ChangedFiles(Vec<ChangedFiles>),
    /// What is to be repaired is not applied.
    #[error("{} not applied: only what is can be repaired", super::wait::are(&.0.iter().map(String::as_str).collect::<Vec<_>>()))]
    NotApplied(Vec<String>),
    /// Another process holds the lock for too long.
    #[error(
        "another process has been upgrading the database for more than {} s, and {left}; wait for it to end, or raise \
         MIGRATIONS_LOCK_DEADLINE (--lock-deadline)", .deadline.as_secs_f64()
    )]
    LockTimeout {
        /// How long this one waits.
        deadline: Duration,
        /// What is left to do.
        left: String,
    },
}

/// Where in a file a revision failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// A revision that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its id.
    pub revision: String,
    /// The file.
    pub file: String,
    /// Where in it, as far as the server says.
    pub place: Option<Place>,
    /// What the server says.
    pub message: String,
    /// The server's details and hint.
    pub details: Option<String>,
    /// What to do.
    pub next: String,
    /// Whether it may pass.
    pub transient: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision {} failed at {}", self.revision, self.file)?;
        if let Some(Place { line, column }) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(details) = &self.details {
            write!(f, " ({details})")?;
        }
        write!(f, "\n{}", self.next)
    }
}

impl UpgradeError {
    /// Whether trying the same again later may go well.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { transient, .. } | Self::Query { transient, .. } => *transient,
            Self::Revision(failure) => failure.transient,
            _ => false,
        }
    }

    /// Whether SQLite's file is locked by another process.
    pub(super) fn is_locked(&self) -> bool {
        matches!(self, Self::Query { message, .. } if message.contains("database is locked"))
    }

    pub(super) fn connect(error: &impl fmt::Display) -> Self {
        let message = no_connection(error);
        let message = match message.strip_prefix(NOT_IN_TIME).and_then(|rest| rest.strip_prefix(": ")) {
            Some(reason) => reason.to_owned(),
            None => message,
        };
        Self::Connect { transient: !refuses(&message), message }
    }

    /// Whether it is that there was no connection in time, and no more is known.
    pub(super) fn is_without_reason(&self) -> bool {
        matches!(self, Self::Connect { message, .. } if message == NOT_IN_TIME)
    }

    pub(super) fn query(doing: &'static str, error: &Error) -> Self {
        Self::Query { doing, message: one_line(error), transient: transient::is_transient(error) }
    }
}

impl From<PlanError> for UpgradeError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Ahead { unknown, heads } => Self::Ahead { unknown, heads },
            error => Self::Plan(error),
        }
    }
}

/// What r2d2 says before the reason, where it has one.
const NOT_IN_TIME: &str = "timed out waiting for connection";

/// What to do where a question of ours fails.
fn tell(message: &str) -> String {
    let table = if message.contains(HISTORY) { HISTORY } else { super::TABLE };
    let role = || format!("see that the role may read and write {table}");
    transient::remedy(message).map_or_else(role, str::to_owned)
}
