//! The graph that revisions make: branches, merge points, several bases, labels, dependencies. Pure: no I/O, no SQL.
//!
//! A revision *needs* its parents (`down_revision`) and its dependencies (`depends_on`). What needs it, over both, are its
//! dependents; its children are those that name it as their parent. Heads, bases and branches are a matter of parents
//! alone; what is applied, and in which order, is a matter of both.
//!
//! [`Graph::new`] checks; a [`Selector`] is what a user types; [`Graph::applied`] says where a database stands, and from
//! there [`Applied`] plans: [`Applied::upgrade`], [`Applied::downgrade`], [`Applied::stamp`]. Everything takes time that
//! grows as the number of revisions and of the arrows between them does.

mod applied;
mod build;
mod label;
mod order;
mod plan;
mod range;
mod resolve;
mod say;
mod select_error;
mod selector;
mod stamp;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

pub use applied::Applied;
pub use build::GraphError;
pub use label::{LabelError, check_label};
pub use plan::{Direction, Plan, PlanError, Step};
pub use range::{Between, RangeError};
pub use select_error::SelectError;
pub use selector::{Point, Range, Selector, SelectorError};
pub use stamp::Stamp;

use walk::{Set, reach};

/// A revision, as far as the graph is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its parents.
    pub down_revision: Vec<&'a str>,
    /// What it needs besides its parents: ids, or labels of branches, which mean the revision that carries the label.
    pub depends_on: Vec<&'a str>,
    /// Names of the branch that starts here.
    pub branch_labels: Vec<&'a str>,
    /// The revisions that it was squashed from, besides itself: it is the last of them, with what all of them did.
    pub replaces: Vec<&'a str>,
}

/// Revisions whose parents and dependencies are all there, without a cycle.
///
/// Inside, a revision is its place in `nodes`, which is sorted by id: to compare two places is to compare the ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    parents: Vec<Vec<usize>>,
    needs: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    dependents: Vec<Vec<usize>>,
    labels: BTreeMap<&'a str, usize>,
    replaced: BTreeMap<&'a str, usize>,
    order: Vec<usize>,
    ordered: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    /// Builds the graph.
    ///
    /// # Errors
    /// Everything that is wrong with it, sorted: duplicates, names that can't be used, unknown parents, revisions that
    /// need themselves; or else a cycle.
    pub fn new(revisions: impl IntoIterator<Item = Node<'a>>) -> Result<Self, Vec<GraphError>> {
        build::build(revisions.into_iter().collect())
    }

    /// Every id, each after all that it needs; ties are broken by id.
    #[must_use]
    pub fn order(&self) -> &[&'a str] {
        &self.ordered
    }

    /// The node of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Node<'a>> {
        self.place(id).map(|at| &self.nodes[at])
    }

    /// Whether a row of the table of applied revisions may hold `id`: a revision, or one that went into a squashed one.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.place(id).is_some() || self.replaced.contains_key(id)
    }

    /// The revisions that no other one names as its parent, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<&'a str> {
        self.where_(|at| self.children[at].is_empty())
    }

    /// The heads that no other revision depends on either, sorted: to apply these is to apply everything.
    #[must_use]
    pub fn effective_heads(&self) -> Vec<&'a str> {
        self.where_(|at| self.dependents[at].is_empty())
    }

    /// The revisions without a parent, sorted.
    #[must_use]
    pub fn bases(&self) -> Vec<&'a str> {
        self.where_(|at| self.parents[at].is_empty())
    }

    /// The revisions that are parents of more than one, sorted.
    #[must_use]
    pub fn branch_points(&self) -> Vec<&'a str> {
        self.where_(|at| self.children[at].len() > 1)
    }

    /// The revisions with more than one parent, sorted.
    #[must_use]
    pub fn merge_points(&self) -> Vec<&'a str> {
        self.where_(|at| self.parents[at].len() > 1)
    }

    /// Every branch label with the revision that carries it, sorted by label.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.labels.iter().map(|(label, at)| (*label, self.nodes[*at].id))
    }

    /// The revisions that name `id` as their parent, sorted; none where it is not there.
    #[must_use]
    pub fn children(&self, id: &str) -> Vec<&'a str> {
        self.place(id).map(|at| self.ids(self.children[at].iter().copied())).unwrap_or_default()
    }

    /// What `id` needs itself, its parents and its dependencies, sorted; none where it is not there.
    #[must_use]
    pub fn needs(&self, id: &str) -> Vec<&'a str> {
        self.place(id).map(|at| self.ids(self.needs[at].iter().copied())).unwrap_or_default()
    }

    /// The revisions that need `id` themselves, as parent or dependency, sorted; none where it is not there.
    #[must_use]
    pub fn dependents(&self, id: &str) -> Vec<&'a str> {
        self.place(id).map(|at| self.ids(self.dependents[at].iter().copied())).unwrap_or_default()
    }

    /// `ids` and everything that they need, over parents and dependencies; ids that are not there are passed over.
    #[must_use]
    pub fn ancestors<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> BTreeSet<&'a str> {
        self.set_of_ids(&reach(&self.needs, self.places(ids)))
    }

    /// `ids` and everything that needs them, over parents and dependencies; ids that are not there are passed over.
    #[must_use]
    pub fn descendants<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> BTreeSet<&'a str> {
        self.set_of_ids(&reach(&self.dependents, self.places(ids)))
    }

    /// The branch of `id`: itself and all that comes before and after it, over parents alone; empty where it is not
    /// there.
    #[must_use]
    pub fn lineage(&self, id: &str) -> BTreeSet<&'a str> {
        self.place(id).map(|at| self.set_of_ids(&self.lineage_of(at))).unwrap_or_default()
    }

    /// What is left to apply, in order, where the table of applied revisions holds `applied`: all but `applied` and
    /// its ancestors.
    #[must_use]
    pub fn pending<'b>(&self, applied: impl IntoIterator<Item = &'b str>) -> Vec<&'a str> {
        let done = reach(&self.needs, self.places(applied));
        self.ids(self.order.iter().copied().filter(|at| !done.has(*at)))
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    fn places<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Vec<usize> {
        ids.into_iter().filter_map(|id| self.place(id)).collect()
    }

    fn ids(&self, places: impl IntoIterator<Item = usize>) -> Vec<&'a str> {
        places.into_iter().map(|at| self.nodes[at].id).collect()
    }

    fn set_of_ids(&self, set: &Set) -> BTreeSet<&'a str> {
        set.iter().map(|at| self.nodes[at].id).collect()
    }

    fn where_(&self, is: impl Fn(usize) -> bool) -> Vec<&'a str> {
        self.ids((0..self.nodes.len()).filter(|at| is(*at)))
    }

    fn lineage_of(&self, at: usize) -> Set {
        let mut lineage = reach(&self.parents, [at]);
        lineage.add_all(&reach(&self.children, [at]));
        lineage
    }
}
