//! Which rows say that a database stands at a revision, without running anything.

use super::applied::Applied;
use super::plan::PlanError;
use super::resolve::Way;
use super::selector::Selector;
use super::walk::{Set, reach};

/// The rows to take away and to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// Rows to take away, each before all that it needs.
    pub remove: Vec<&'a str>,
    /// Rows to write, each after all that it needs.
    pub add: Vec<&'a str>,
    /// The heads of what is applied afterwards, sorted.
    pub heads: Vec<&'a str>,
}

impl<'a> Applied<'_, 'a> {
    /// What makes the table say that the database stands at `targets`.
    ///
    /// Rows of what went into a squashed revision go: that has a row of its own, or is not applied any more.
    ///
    /// What is applied and comes before or after a target gives way to it; what has nothing to do with it stays. With a
    /// branch, as in `label@base` or `label@rev`, only what is on that branch, or needs it, gives way. To forget
    /// everything first (`--purge`), stamp where nothing is applied.
    ///
    /// # Errors
    /// A selector names no revision, or does not say which.
    pub fn stamp(&self, targets: &[Selector]) -> Result<Stamp<'a>, PlanError> {
        let graph = self.graph;
        let mut wanted: Vec<usize> = Vec::new();
        let mut gives_way = Set::empty(graph.nodes.len());
        for target in targets {
            let named = graph.named(target, Some(self), Way::Any)?;
            let to_base = named.at.iter().any(Option::is_none);
            let places: Vec<usize> = named.at.iter().flatten().copied().collect();
            let related = match named.branch {
                Some(branch) => {
                    let mut members = branch.members;
                    members.add_all(&reach(&graph.dependents, [branch.at]));
                    members
                }
                None if to_base => reach(&graph.dependents, 0..graph.nodes.len()),
                None => reach(&graph.dependents, places.iter().copied()),
            };
            gives_way.add_all(&related);
            wanted.extend(places);
        }
        // What comes before a target gives way without more: the target needs it.
        let stays = self.tips().filter(|at| !gives_way.has(*at));
        let after = reach(&graph.needs, stays.chain(wanted));
        let mut remove = self.rows.clone();
        remove.remove_all(&after);
        let mut add = after.clone();
        add.remove_all(&self.rows);
        let mut remove = self.in_order(&remove);
        remove.extend(self.replaced.iter().map(|(_, id)| *id));
        remove.reverse();
        Ok(Stamp { remove, add: self.in_order(&add), heads: graph.ids(graph.tips_of(&after)) })
    }
}
