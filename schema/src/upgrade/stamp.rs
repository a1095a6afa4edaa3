//! Says that a database stands at a revision, without running anything.

use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::{Selector, Stamp};

use super::job::Outcome;
use super::rows::RowChange;
use super::run::graph_of;
use super::wait::{owned, standing};
use super::{Runner, UpgradeError};

/// What a stamp did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamped {
    /// The rows that it took away.
    pub removed: Vec<String>,
    /// The rows that it wrote.
    pub added: Vec<String>,
    /// The heads of what is applied afterwards, sorted.
    pub heads: Vec<String>,
}

impl Runner<'_, '_> {
    /// Makes the table say that the database stands at `targets`, in one transaction inside the lock. With `purge`, all
    /// rows go first, also those that no revision has.
    ///
    /// # Errors
    /// [`UpgradeError::Plan`]: a selector names no revision. [`UpgradeError::Ahead`]: a row names none, and `purge` is
    /// off. Else the queries fail, or another process holds the lock for too long.
    pub fn stamp(&mut self, targets: &[Selector], purge: bool) -> Result<Stamped, UpgradeError> {
        let graph = graph_of(self.set)?;
        loop {
            let rows = self.wait.rows(self.connection)?;
            let create_table = rows.is_none();
            let rows = rows.unwrap_or_default();
            let stamp = plan(&graph, &rows, targets, purge)?;
            let (remove, add) = (stamp.remove.clone(), stamp.add.clone());
            let change = RowChange { before: &rows, create_table, remove, add };
            let nothing = change.remove.is_empty() && change.add.is_empty();
            let outcome = if nothing { Outcome::Done } else { self.write(&change)? };
            match outcome {
                Outcome::Done => {
                    let (removed, added, heads) = (owned(&stamp.remove), owned(&stamp.add), owned(&stamp.heads));
                    tracing::info!(removed = removed.join(", "), added = added.join(", "), "stamped");
                    return Ok(Stamped { removed, added, heads });
                }
                Outcome::Busy => self.wait.pause(|| "nothing is stamped yet".to_owned())?,
                Outcome::Elsewhere => {}
            }
        }
    }
}

fn plan<'a>(
    graph: &Graph<'a>,
    rows: &'a [String],
    targets: &[Selector],
    purge: bool,
) -> Result<Stamp<'a>, UpgradeError> {
    if !purge {
        return Ok(standing(graph, Some(rows))?.stamp(targets)?);
    }
    let known = rows.iter().filter(|id| graph.get(id).is_some());
    // A relative selector counts from what was applied.
    let applied = graph.applied(known.map(String::as_str))?;
    let mut fixed = Vec::new();
    for target in targets {
        let ids =
            graph.resolve(target, Some(&applied)).map_err(diesel_schema_core::revision::graph::PlanError::from)?;
        fixed.extend(ids.into_iter().map(Selector::id));
    }
    let mut stamp = graph.applied([])?.stamp(&fixed)?;
    stamp.remove = rows.iter().map(String::as_str).filter(|id| !stamp.add.contains(id)).collect();
    stamp.add.retain(|id| !rows.iter().any(|row| row == id));
    Ok(stamp)
}
