//! Up to a target, and down to one.

use std::time::Duration;

use diesel_schema_core::revision::graph::Selector;

use super::job::{Job, Outcome};
use super::rows::RowChange;
use super::run::graph_of;
use super::wait::{Wait, owned, standing};
use super::{Applied, More, Options, RevisionSet, Runner, UpgradeError, before};
use crate::connection::SqlConnection;

/// What a downgrade to `target` would undo, in order; changes nothing.
///
/// # Errors
/// [`UpgradeError::Plan`]: the target names no revision, or is not applied. Else the query fails.
pub fn to_undo(
    connection: &mut dyn SqlConnection,
    set: &RevisionSet<'_>,
    target: &Selector,
) -> Result<Vec<String>, UpgradeError> {
    let graph = graph_of(set)?;
    let rows = Wait::new(Duration::ZERO).rows(connection)?;
    let applied = standing(&graph, rows.as_deref())?;
    Ok(owned(&applied.downgrade(target)?.ids()))
}

/// Applies what the `targets` lack, as [`Runner::upgrade_to`] does, after `before_upgrade` of the options where that is
/// anything. `ran` keeps whether it ran, for another attempt.
///
/// # Errors
/// As [`Runner::upgrade_to`], and [`UpgradeError::Before`].
pub fn upgrade_to(
    connection: &mut dyn SqlConnection,
    (more, ran): (&More<'_>, &mut bool),
    set: &RevisionSet<'_>,
    options: &Options,
    targets: &mut Vec<Selector>,
    tell: &mut dyn FnMut(&Applied),
) -> Result<Vec<String>, UpgradeError> {
    let wanted = targets.clone();
    let behind = |rows: Option<&[String]>| {
        let graph = graph_of(set)?;
        Ok(owned(&standing(&graph, rows)?.upgrade(&wanted)?.ids()))
    };
    before::then(connection, more, &behind, options, ran, |connection| {
        Runner::new(connection, more, set, options).upgrade_to(targets, tell)
    })
}

impl Runner<'_, '_> {
    /// Applies what the `targets` and all that they need lack, each revision told when it is applied. Gives the heads of
    /// what is applied afterwards.
    ///
    /// Files that changed after they were applied are refused, also where nothing is pending: somebody is there to read it.
    ///
    /// A relative selector counts from what is applied at the first look, and is replaced by what it meant then: neither
    /// another process that is upgrading too nor another attempt moves the target.
    ///
    /// # Errors
    /// [`UpgradeError::Plan`]: a selector names no revision. Else as [`super::upgrade`].
    pub fn upgrade_to(
        &mut self,
        targets: &mut Vec<Selector>,
        tell: &mut dyn FnMut(&Applied),
    ) -> Result<Vec<String>, UpgradeError> {
        let graph = graph_of(self.set)?;
        let mut fixed = false;
        loop {
            let rows = self.wait.rows(self.connection)?;
            let applied = standing(&graph, rows.as_deref())?;
            let plan = applied.upgrade(targets)?;
            let ids = plan.ids();
            if ids.is_empty() {
                self.files_as_applied(rows.as_deref())?;
                self.look_after(rows.as_deref());
                return Ok(owned(&applied.current()));
            }
            if !std::mem::replace(&mut fixed, true) {
                *targets = ids.iter().map(|id| Selector::id(*id)).collect();
            }
            // Where a table holds heads alone, what a revision needs may have no row.
            let guard = plan.implied.is_empty().then_some(&graph);
            let outcome = self.apply(&ids, rows.as_deref(), guard, tell)?;
            self.wait.after(outcome, &ids, "applied")?;
        }
    }

    /// Undoes exactly `ids`, as [`to_undo`] gives them: each `down.sql` together with its row, each told when it is
    /// undone. What another process has undone meanwhile is passed over. Gives the heads of what is applied afterwards.
    ///
    /// Rows that are only implied, as in a table that holds heads alone, are written first: without them, to take away
    /// a head would be to forget all that it needs.
    ///
    /// # Errors
    /// A revision has no `down.sql` (nothing is undone then), another process has applied something that needs one of
    /// `ids`, or as [`super::upgrade`].
    pub fn downgrade(&mut self, ids: &[String], tell: &mut dyn FnMut(&Applied)) -> Result<Vec<String>, UpgradeError> {
        let set = self.set;
        let graph = graph_of(set)?;
        loop {
            let rows = self.wait.rows(self.connection)?;
            let applied = standing(&graph, rows.as_deref())?;
            let plan = applied.undo(ids.iter().map(String::as_str));
            let left = plan.ids();
            let new: Vec<&str> = left.iter().copied().filter(|id| !ids.iter().any(|known| known == id)).collect();
            if !new.is_empty() {
                return Err(UpgradeError::Changed(owned(&new)));
            }
            if left.is_empty() {
                return Ok(owned(&applied.current()));
            }
            let found = left.iter().filter_map(|id| set.get(id));
            let jobs = found.map(|it| Ok((it, Job::down(it, set)?.only_below(&graph.dependents(it.id)))));
            let jobs = jobs.collect::<Result<Vec<_>, UpgradeError>>()?;
            let mut outcome = self.open_history()?;
            if outcome == Outcome::Busy {
                // Nothing is written then.
            } else if plan.implied.is_empty() {
                for (revision, job) in jobs {
                    outcome = self.one(revision, job, tell)?;
                    if outcome != Outcome::Done {
                        break;
                    }
                }
            } else {
                let before = rows.as_deref().unwrap_or_default();
                let add = plan.implied.clone();
                outcome = self.write(&RowChange { before, create_table: false, remove: Vec::new(), add })?;
            }
            self.wait.after(outcome, &left, "undone")?;
        }
    }
}
