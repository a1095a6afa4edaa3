//! Waiting for whoever else is upgrading the database.

use std::time::{Duration, Instant};

use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::Applied;

use super::job::Outcome;
use super::transient::jitter;
use super::{UpgradeError, applied};
use crate::connection::SqlConnection;

/// Between two looks at a lock that another process holds.
const POLL: Duration = Duration::from_millis(100);

/// A deadline, and what is waited for.
pub(super) struct Wait {
    started: Instant,
    deadline: Duration,
    /// What was left to do when another process was last said to be faster.
    seen: Vec<String>,
}

impl Wait {
    pub(super) fn new(deadline: Duration) -> Self {
        Self { started: Instant::now(), deadline, seen: Vec::new() }
    }

    /// A pause before the next look at the lock.
    ///
    /// # Errors
    /// The deadline is over; `left` says what is not done.
    pub(super) fn pause(&self, left: impl FnOnce() -> String) -> Result<(), UpgradeError> {
        if self.started.elapsed() >= self.deadline {
            return Err(UpgradeError::LockTimeout { deadline: self.deadline, left: left() });
        }
        std::thread::sleep(jitter(POLL));
        Ok(())
    }

    /// Before another attempt at `left`, of which the last one ended with `outcome`: a pause where another process has
    /// the lock, or is said to be faster while the rows stay as they are. A pooler may have them read from a standby that
    /// is behind.
    ///
    /// # Errors
    /// As [`Wait::pause`]; `what` is to be done.
    pub(super) fn after(&mut self, outcome: Outcome, left: &[&str], what: &str) -> Result<(), UpgradeError> {
        let waits = match outcome {
            Outcome::Done => false,
            Outcome::Busy => true,
            Outcome::Elsewhere => std::mem::replace(&mut self.seen, owned(left)) == left,
        };
        if waits { self.pause(|| format!("{} still to be {what}", are(left))) } else { Ok(()) }
    }

    /// The rows of Diesel's table; `None` where there is no table.
    pub(super) fn rows(&self, connection: &mut dyn SqlConnection) -> Result<Option<Vec<String>>, UpgradeError> {
        self.read(|| applied(connection))
    }

    /// What `read` reads: SQLite's readers can be locked out too, for as long as another process commits.
    ///
    /// # Errors
    /// As `read`, and the lock is still there when the deadline is over.
    pub(super) fn read<T>(&self, mut read: impl FnMut() -> Result<T, UpgradeError>) -> Result<T, UpgradeError> {
        loop {
            match read() {
                Err(error) if error.is_locked() && self.started.elapsed() < self.deadline => {
                    std::thread::sleep(jitter(POLL));
                }
                done => return done,
            }
        }
    }
}

/// Where a database stands whose table holds `rows`; without a table, nothing is applied.
///
/// # Errors
/// [`UpgradeError::Ahead`]: a row names no revision.
pub fn standing<'g, 'a>(graph: &'g Graph<'a>, rows: Option<&[String]>) -> Result<Applied<'g, 'a>, UpgradeError> {
    Ok(graph.applied(rows.unwrap_or_default().iter().map(String::as_str))?)
}

pub(super) fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// `a, b are` or `a is`.
pub(super) fn are(ids: &[&str]) -> String {
    format!("{} {}", ids.join(", "), if ids.len() == 1 { "is" } else { "are" })
}
