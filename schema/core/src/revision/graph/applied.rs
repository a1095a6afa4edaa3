//! Where a database stands.

use super::Graph;
use super::plan::PlanError;
use super::resolve::Branch;
use super::select_error::SelectError;
use super::selector::Selector;
use super::walk::{Set, reach};

/// What is applied in a database, seen against a graph.
///
/// A revision that has a row counts as applied, and so does all that it needs, whether that has a row or not: a table
/// that holds heads alone, as Alembic's does, means the same.
#[derive(Debug, Clone)]
pub struct Applied<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) rows: Set,
    pub(super) done: Set,
    /// Rows of what went into a squashed revision, each with its place. They mean nothing more where it is applied.
    pub(super) replaced: Vec<(usize, &'a str)>,
}

impl<'a> Graph<'a> {
    /// Where a database stands whose table holds the `rows`.
    ///
    /// # Errors
    /// [`PlanError::Ahead`]: a row names a revision that is not in the graph. [`PlanError::Partly`]: rows name what went
    /// into a squashed revision, and that itself is not applied.
    pub fn applied<'b>(&self, rows: impl IntoIterator<Item = &'b str>) -> Result<Applied<'_, 'a>, PlanError> {
        let mut set = Set::empty(self.nodes.len());
        let mut unknown: Vec<String> = Vec::new();
        let mut replaced: Vec<(usize, &'a str)> = Vec::new();
        for id in rows {
            match (self.place(id), self.replaced.get_key_value(id)) {
                (Some(at), _) => _ = set.add(at),
                (None, Some((id, at))) => replaced.push((*at, id)),
                (None, None) => unknown.push(id.to_owned()),
            }
        }
        if unknown.is_empty() {
            let done = reach(&self.needs, set.iter());
            replaced.sort_unstable();
            if let Some((at, _)) = replaced.iter().find(|(at, _)| !done.has(*at)) {
                let found = replaced.iter().filter(|(other, _)| other == at).map(|(_, id)| (*id).to_owned()).collect();
                return Err(PlanError::Partly { revision: self.nodes[*at].id.to_owned(), found });
            }
            return Ok(Applied { graph: self, rows: set, done, replaced });
        }
        unknown.sort();
        unknown.dedup();
        let heads = self.heads().into_iter().map(str::to_owned).collect();
        Err(PlanError::Ahead { unknown, heads })
    }

    /// Where a database stands right after an upgrade of an empty one to the `selectors`: the lower end of a script that
    /// is written without a database.
    ///
    /// # Errors
    /// A selector names no revision.
    pub fn applied_at(&self, selectors: &[Selector]) -> Result<Applied<'_, 'a>, SelectError> {
        let mut ids = Vec::new();
        for selector in selectors {
            ids.extend(self.resolve(selector, None)?);
        }
        let done = reach(&self.needs, self.places(ids));
        Ok(Applied { graph: self, rows: done.clone(), done, replaced: Vec::new() })
    }

    /// The heads of `done`: what nothing else in it needs.
    pub(super) fn tips_of<'s>(&'s self, done: &'s Set) -> impl Iterator<Item = usize> + 's {
        done.iter().filter(|at| !self.dependents[*at].iter().any(|next| done.has(*next)))
    }
}

impl<'a> Applied<'_, 'a> {
    /// Everything that is applied, each after all that it needs.
    #[must_use]
    pub fn ids(&self) -> Vec<&'a str> {
        self.in_order(&self.done)
    }

    /// Whether `id` is applied.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.graph.place(id).is_some_and(|at| self.done.has(at))
    }

    /// The heads of what is applied: what nothing else that is applied needs. Sorted.
    #[must_use]
    pub fn current(&self) -> Vec<&'a str> {
        self.graph.ids(self.tips())
    }

    /// What is not applied, each after all that it needs.
    #[must_use]
    pub fn pending(&self) -> Vec<&'a str> {
        self.graph.ids(self.graph.order.iter().copied().filter(|at| !self.done.has(*at)))
    }

    /// What is applied without a row of its own, in order: rows to be written before one is taken away.
    #[must_use]
    pub fn implied(&self) -> Vec<&'a str> {
        let mut implied = self.done.clone();
        implied.remove_all(&self.rows);
        self.in_order(&implied)
    }

    pub(super) fn in_order(&self, set: &Set) -> Vec<&'a str> {
        self.graph.ids(self.graph.order.iter().copied().filter(|at| set.has(*at)))
    }

    pub(super) fn tips(&self) -> impl Iterator<Item = usize> + '_ {
        self.graph.tips_of(&self.done)
    }

    /// What a bare offset counts from; `None` is the base.
    pub(super) fn start(&self, selector: &Selector, branch: Option<&Branch>) -> Result<Option<usize>, SelectError> {
        let graph = self.graph;
        let on_branch = |at: &usize| branch.is_none_or(|branch| branch.members.has(*at));
        let up = selector.offset > 0;
        let mut found: Vec<usize> = self.tips().filter(on_branch).collect();
        if let Some(branch) = branch.filter(|_| found.is_empty()) {
            found = if up {
                // The branch may not have begun: it goes on from the last that it shares with what is applied.
                let mut shared = self.done.clone();
                shared.keep(&branch.members);
                graph.tips_of(&shared).collect()
            } else {
                // Its last revision is no tip where one of another branch depends on it.
                let last = |at: &usize| !graph.children[*at].iter().any(|child| self.done.has(*child));
                self.done.iter().filter(on_branch).filter(last).collect()
            };
        }
        match found.as_slice() {
            [one] => Ok(Some(*one)),
            [] if up => Ok(None),
            [] => Err(self.nothing_current(selector, branch)),
            several => Err(SelectError::SeveralCurrent {
                selector: selector.to_string(),
                current: graph.owned(several),
                offset: selector.offset,
            }),
        }
    }

    pub(super) fn nothing_current(&self, selector: &Selector, branch: Option<&Branch>) -> SelectError {
        SelectError::NothingCurrent {
            selector: selector.to_string(),
            branch: branch.map(|branch| branch.name.clone()),
            bases: self.graph.owned(&self.graph.bases_on(branch).collect::<Vec<_>>()),
        }
    }
}
