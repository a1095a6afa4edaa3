//! From what is applied to the heads.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use diesel_schema_core::revision::Graph;

use super::error::UpgradeError;
use super::wait::owned;
use super::{Applied, More, Options, RevisionSet, Runner};
use crate::connection::SqlConnection;

/// How an attempt ended well.
#[derive(Debug)]
pub(super) struct End {
    pub(super) at_first_look: bool,
    pub(super) heads: Vec<String>,
}

/// Applies what is pending, as the embedded upgrade does but without its retries: for revisions that were read from a
/// folder. `more` gives a second connection where there is one.
///
/// # Errors
/// As [`super::upgrade`].
pub fn run(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    set: &RevisionSet<'_>,
    lock_deadline: Duration,
) -> Result<Vec<Applied>, UpgradeError> {
    let options = Options { lock_deadline, ..Options::default() };
    let mut done = Vec::new();
    Runner::new(connection, more, set, &options).run(&mut |it| done.push(it.clone()))?;
    Ok(done)
}

impl Runner<'_, '_> {
    /// Applies what is pending.
    pub(super) fn run(&mut self, tell: &mut dyn FnMut(&Applied)) -> Result<End, UpgradeError> {
        let set = self.set;
        let mut at_first_look = true;
        loop {
            let table = self.wait.rows(self.connection)?;
            let pending = pending(set, table.as_deref().unwrap_or_default())?;
            if pending.is_empty() {
                self.look_after(table.as_deref());
                return Ok(End { at_first_look, heads: owned(&set.heads) });
            }
            if at_first_look {
                tracing::info!(pending = pending.join(", "), "the database is behind");
            }
            at_first_look = false;
            let outcome = self.apply(&pending, table.as_deref(), None, tell)?;
            self.wait.after(outcome, &pending, "applied")?;
        }
    }
}

/// What is to be applied, in order.
pub(super) fn pending<'a>(set: &RevisionSet<'a>, table: &[String]) -> Result<Vec<&'a str>, UpgradeError> {
    // A normal start ends here: rows mostly come in the order in which they were written.
    if table.len() == set.revisions.len() && table.iter().zip(&set.revisions).all(|(row, it)| row == it.id) {
        return Ok(Vec::new());
    }
    let known: HashSet<&str> = set.revisions.iter().map(|revision| revision.id).collect();
    let unknown: BTreeSet<&str> = table.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
    if !unknown.is_empty() {
        // More than the binary has, or what a squashed revision was made of.
        let graph = graph_of(set)?;
        return Ok(graph.applied(table.iter().map(String::as_str))?.pending());
    }
    // The table's key keeps its rows distinct.
    if table.len() >= known.len() {
        return Ok(Vec::new());
    }
    let graph = graph_of(set)?;
    Ok(graph.pending(table.iter().map(String::as_str)))
}

/// The graph of a set's revisions.
///
/// # Errors
/// [`UpgradeError::Graph`]: they make none.
pub fn graph_of<'a>(set: &RevisionSet<'a>) -> Result<Graph<'a>, UpgradeError> {
    let say = |errors: Vec<_>| errors.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ");
    set.graph().map_err(|errors| UpgradeError::Graph(say(errors)))
}
