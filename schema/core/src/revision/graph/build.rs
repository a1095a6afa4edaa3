//! From nodes to a graph, and all that can be wrong with them.

use std::collections::BTreeMap;

use super::label::{LabelError, WORDS, check_label};
use super::order::{cycle, order};
use super::say::{either, similar};
use super::{Graph, Node};

/// Why some revisions are no graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// Two revisions have the same id.
    #[error("two revisions have the id {0}; give one of them another")]
    Duplicate(String),
    /// A parent or dependency that is not there.
    #[error("revision {revision} names {missing} in its {key}, and there is no such revision{}", hint(.similar))]
    Unknown {
        /// Who names it.
        revision: String,
        /// `down_revision` or `depends_on`.
        key: &'static str,
        /// What is not there.
        missing: String,
        /// Ids and labels that look alike.
        similar: Vec<String>,
    },
    /// A revision that waits for itself.
    #[error("revision {revision} names itself in its {key}; take it out there")]
    Itself {
        /// Which.
        revision: String,
        /// `down_revision` or `depends_on`.
        key: &'static str,
    },
    /// Revisions that wait for each other by their parents alone.
    #[error("the revisions {} wait for each other; mend the down_revision of one of them", .0.join(" → "))]
    Cycle(Vec<String>),
    /// Revisions that wait for each other because of a dependency.
    #[error(
        "the revisions {} wait for each other; mend the down_revision or depends_on of one of them", .0.join(" → ")
    )]
    DependencyCycle(Vec<String>),
    /// Two revisions carry the same label.
    #[error("the revisions {first} and {second} both have the branch label {label}; take it out of one of them")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// A revision, the one with the lower id.
        first: String,
        /// The other.
        second: String,
    },
    /// A label that is also a revision's id.
    #[error("revision {revision} has the branch label {label}, which is the id of a revision; give it another")]
    LabelIsId {
        /// Who carries it.
        revision: String,
        /// The label.
        label: String,
    },
    /// A text that can't be a label.
    #[error("revision {revision}: {error}; mend its branch_labels")]
    Label {
        /// Who carries it.
        revision: String,
        /// What is wrong.
        error: LabelError,
    },
    /// A revision is there beside the one that it was squashed into, or was squashed into two.
    #[error("revision {revision} replaces {replaced}, which {other} still is; take one of them away")]
    Replaced {
        /// The squashed revision.
        revision: String,
        /// What it replaces.
        replaced: String,
        /// The revision itself, or another one that replaces it.
        other: String,
    },
    /// An id that selectors use as a word.
    #[error("a revision can't have the id {0}: `upgrade {0}` would not mean it; give it another")]
    Reserved(String),
}

impl GraphError {
    /// The revision whose files have to be mended, where it is one.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        match self {
            Self::Unknown { revision, .. }
            | Self::Itself { revision, .. }
            | Self::LabelIsId { revision, .. }
            | Self::Label { revision, .. }
            | Self::Replaced { revision, .. }
            | Self::Reserved(revision) => Some(revision),
            Self::Duplicate(_) | Self::Cycle(_) | Self::DependencyCycle(_) | Self::DuplicateLabel { .. } => None,
        }
    }
}

fn hint(similar: &[String]) -> String {
    if similar.is_empty() { String::new() } else { format!("; is it {}?", either(similar)) }
}

pub(super) fn build(mut nodes: Vec<Node<'_>>) -> Result<Graph<'_>, Vec<GraphError>> {
    let mut errors = Vec::new();
    nodes.sort_by(|a, b| a.id.cmp(b.id));
    nodes.dedup_by(|later, kept| {
        let same = later.id == kept.id;
        if same {
            errors.push(GraphError::Duplicate(kept.id.to_owned()));
        }
        same
    });
    errors.extend(nodes.iter().filter(|it| WORDS.contains(&it.id)).map(|it| GraphError::Reserved(it.id.to_owned())));
    let labels = labels(&nodes, &mut errors);
    let replaced = replaced(&nodes, &mut errors);
    let names = Names { nodes: &nodes, labels: &labels };
    let parents = names.arrows(&mut errors, "down_revision", |node| &node.down_revision);
    let mut needs = names.arrows(&mut errors, "depends_on", |node| &node.depends_on);
    if !errors.is_empty() {
        errors.sort();
        errors.dedup();
        return Err(errors);
    }
    for (needs, parents) in needs.iter_mut().zip(&parents) {
        needs.extend(parents);
        needs.sort_unstable();
        needs.dedup();
    }
    let (children, dependents) = (turned(&parents), turned(&needs));
    let order_of_all = order(&needs, &dependents);
    if order_of_all.len() < nodes.len() {
        let names = |places: Vec<usize>| places.into_iter().map(|at| nodes[at].id.to_owned()).collect();
        let by_parents = order(&parents, &children);
        return Err(vec![if by_parents.len() < nodes.len() {
            GraphError::Cycle(names(cycle(&parents, &by_parents)))
        } else {
            GraphError::DependencyCycle(names(cycle(&needs, &order_of_all)))
        }]);
    }
    let ordered = order_of_all.iter().map(|at| nodes[*at].id).collect();
    Ok(Graph { nodes, parents, needs, children, dependents, labels, replaced, order: order_of_all, ordered })
}

fn labels<'a>(nodes: &[Node<'a>], errors: &mut Vec<GraphError>) -> BTreeMap<&'a str, usize> {
    let mut labels: BTreeMap<&'a str, usize> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for label in &node.branch_labels {
            let revision = node.id.to_owned();
            if let Err(error) = check_label(label) {
                errors.push(GraphError::Label { revision, error });
            } else if nodes.binary_search_by(|it| it.id.cmp(label)).is_ok() {
                errors.push(GraphError::LabelIsId { revision, label: (*label).to_owned() });
            } else if let Some(first) = labels.insert(label, at).filter(|first| *first != at) {
                let first = nodes[first].id.to_owned();
                errors.push(GraphError::DuplicateLabel { label: (*label).to_owned(), first, second: revision });
            }
        }
    }
    labels
}

fn replaced<'a>(nodes: &[Node<'a>], errors: &mut Vec<GraphError>) -> BTreeMap<&'a str, usize> {
    let mut replaced: BTreeMap<&'a str, usize> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for id in &node.replaces {
            let there = nodes.binary_search_by(|it| it.id.cmp(id)).ok();
            if let Some(other) = there.or_else(|| replaced.insert(id, at).filter(|other| *other != at)) {
                let (revision, other) = (node.id.to_owned(), nodes[other].id.to_owned());
                errors.push(GraphError::Replaced { revision, replaced: (*id).to_owned(), other });
            }
        }
    }
    replaced
}

struct Names<'n, 'a> {
    nodes: &'n [Node<'a>],
    labels: &'n BTreeMap<&'a str, usize>,
}

impl<'a> Names<'_, 'a> {
    fn similar(&self, node: &Node<'a>, missing: &str) -> Vec<String> {
        similar(self.nodes.iter().map(|it| it.id).filter(|id| *id != node.id), missing)
    }

    /// For each node, the places that `key` of it names, sorted.
    fn arrows(
        &self,
        errors: &mut Vec<GraphError>,
        key: &'static str,
        of: impl for<'x> Fn(&'x Node<'a>) -> &'x Vec<&'a str>,
    ) -> Vec<Vec<usize>> {
        let mut arrows = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            let mut places = Vec::new();
            for name in of(node) {
                let place = self.nodes.binary_search_by(|it| it.id.cmp(name)).ok();
                let label = || self.labels.get(name).copied().filter(|_| key == "depends_on");
                match place.or_else(label) {
                    Some(place) if place == at => {
                        errors.push(GraphError::Itself { revision: node.id.to_owned(), key });
                    }
                    Some(place) => places.push(place),
                    None => errors.push(GraphError::Unknown {
                        revision: node.id.to_owned(),
                        key,
                        missing: (*name).to_owned(),
                        similar: if errors.len() < HINTS { self.similar(node, name) } else { Vec::new() },
                    }),
                }
            }
            places.sort_unstable();
            places.dedup();
            arrows.push(places);
        }
        arrows
    }
}

/// How many errors get a hint: each looks at all ids, and whoever reads has enough of a dozen.
const HINTS: usize = 12;

/// The same arrows from their other ends.
fn turned(arrows: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut turned = vec![Vec::new(); arrows.len()];
    for (from, to) in arrows.iter().enumerate() {
        to.iter().for_each(|to| turned[*to].push(from));
    }
    turned
}
