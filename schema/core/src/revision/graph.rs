//! The graph that revisions make. Pure: no I/O, no SQL.

use std::collections::{BTreeMap, BTreeSet};

/// A revision, as far as the graph is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its parents.
    pub down_revision: Vec<&'a str>,
    /// What it needs besides its parents.
    pub depends_on: Vec<&'a str>,
}

impl<'a> Node<'a> {
    /// Parents and dependencies.
    fn needs(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.down_revision.iter().chain(&self.depends_on).copied()
    }
}

/// Why some revisions are no graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
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
        /// Ids that begin alike.
        similar: Vec<String>,
    },
    /// Revisions that wait for each other.
    #[error("the revisions {} wait for each other; mend the down_revision or depends_on of one of them", .0.join(" → "))]
    Cycle(Vec<String>),
}

fn hint(similar: &[String]) -> String {
    if similar.is_empty() { String::new() } else { format!("; is it {}?", similar.join(" or ")) }
}

/// Revisions whose parents and dependencies are all there, without a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph<'a> {
    nodes: BTreeMap<&'a str, Node<'a>>,
    order: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    /// Builds the graph, in time that grows as the number of revisions does.
    ///
    /// # Errors
    /// Everything that is wrong with it, sorted: duplicates, unknown parents, or else a cycle.
    pub fn new(revisions: impl IntoIterator<Item = Node<'a>>) -> Result<Self, Vec<GraphError>> {
        let mut nodes = BTreeMap::new();
        let mut errors = Vec::new();
        for node in revisions {
            let id = node.id;
            if nodes.insert(id, node).is_some() {
                errors.push(GraphError::Duplicate(id.to_owned()));
            }
        }
        for node in nodes.values() {
            for (key, ids) in [("down_revision", &node.down_revision), ("depends_on", &node.depends_on)] {
                for missing in ids.iter().filter(|id| !nodes.contains_key(**id)) {
                    errors.push(GraphError::Unknown {
                        revision: node.id.to_owned(),
                        key,
                        missing: (*missing).to_owned(),
                        similar: similar(&nodes, missing),
                    });
                }
            }
        }
        if !errors.is_empty() {
            errors.sort();
            return Err(errors);
        }
        let order = order(&nodes);
        if order.len() < nodes.len() {
            return Err(vec![GraphError::Cycle(cycle(&nodes, &order))]);
        }
        Ok(Self { nodes, order })
    }

    /// Every id, each after all that it needs; ties are broken by id.
    #[must_use]
    pub fn order(&self) -> &[&'a str] {
        &self.order
    }

    /// The node of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Node<'a>> {
        self.nodes.get(id)
    }

    /// The revisions that no other one names as its parent, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<&'a str> {
        let parents: BTreeSet<&str> = self.nodes.values().flat_map(|node| node.down_revision.iter().copied()).collect();
        self.nodes.keys().copied().filter(|id| !parents.contains(id)).collect()
    }

    /// The revisions without a parent, sorted.
    #[must_use]
    pub fn bases(&self) -> Vec<&'a str> {
        self.nodes.values().filter(|node| node.down_revision.is_empty()).map(|node| node.id).collect()
    }

    /// `ids` and everything that they need, over parents and dependencies; ids that are not there are passed over.
    #[must_use]
    pub fn ancestors<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut left: Vec<&Node<'a>> = ids.into_iter().filter_map(|id| self.nodes.get(id)).collect();
        while let Some(node) = left.pop() {
            if found.insert(node.id) {
                left.extend(node.needs().filter_map(|id| self.nodes.get(id)));
            }
        }
        found
    }

    /// What is left to apply, in order, where the table of applied revisions holds `applied`: all but `applied` and
    /// its ancestors.
    #[must_use]
    pub fn pending<'b>(&self, applied: impl IntoIterator<Item = &'b str>) -> Vec<&'a str> {
        let done = self.ancestors(applied);
        self.order.iter().copied().filter(|id| !done.contains(id)).collect()
    }
}

fn similar(nodes: &BTreeMap<&str, Node<'_>>, missing: &str) -> Vec<String> {
    let alike = |id: &&&str| !missing.is_empty() && (id.starts_with(missing) || missing.starts_with(**id));
    nodes.keys().filter(alike).take(3).map(|id| (*id).to_owned()).collect()
}

fn order<'a>(nodes: &BTreeMap<&'a str, Node<'a>>) -> Vec<&'a str> {
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut children: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for node in nodes.values() {
        let needs: BTreeSet<&str> = node.needs().collect();
        waits.insert(node.id, needs.len());
        for parent in needs {
            children.entry(parent).or_default().push(node.id);
        }
    }
    let mut ready: BTreeSet<&'a str> = nodes.keys().copied().filter(|id| waits[id] == 0).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(id) = ready.pop_first() {
        order.push(id);
        for child in children.get(id).into_iter().flatten() {
            let left = waits.entry(child).or_default();
            *left -= 1;
            if *left == 0 {
                ready.insert(child);
            }
        }
    }
    order
}

/// One cycle among what could not be ordered, its first id repeated at the end.
fn cycle(nodes: &BTreeMap<&str, Node<'_>>, order: &[&str]) -> Vec<String> {
    let done: BTreeSet<&str> = order.iter().copied().collect();
    let mut path: Vec<&str> = Vec::new();
    let mut at = nodes.keys().copied().find(|id| !done.contains(id));
    while let Some(id) = at {
        if let Some(start) = path.iter().position(|seen| *seen == id) {
            path.push(id);
            return path[start..].iter().map(|id| (*id).to_owned()).collect();
        }
        path.push(id);
        // What is left waits for something that is left, or it would have been ordered.
        at = nodes[id].needs().find(|id| !done.contains(id));
    }
    path.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node<'a>(id: &'a str, parents: &[&'a str], depends_on: &[&'a str]) -> Node<'a> {
        Node { id, down_revision: parents.to_vec(), depends_on: depends_on.to_vec() }
    }

    #[test]
    fn the_graph_orders_and_not_the_names() {
        let graph =
            Graph::new([node("20251010122401", &["6bdfb470e813"], &[]), node("6bdfb470e813", &[], &[])]).unwrap();
        assert_eq!(graph.order(), ["6bdfb470e813", "20251010122401"]);
        assert_eq!(graph.heads(), ["20251010122401"]);
        assert_eq!(graph.bases(), ["6bdfb470e813"]);
    }

    #[test]
    fn ties_are_broken_by_id_and_ancestors_of_what_is_applied_count_as_applied() {
        let graph = Graph::new([
            node("d", &["b", "c"], &[]),
            node("c", &["a"], &[]),
            node("b", &["a"], &["x"]),
            node("a", &[], &[]),
            node("x", &[], &[]),
        ])
        .unwrap();
        assert_eq!(graph.order(), ["a", "c", "x", "b", "d"]);
        assert_eq!(graph.pending(["b"]), ["c", "d"]);
        assert_eq!(graph.pending(["unknown"]), graph.order());
        assert_eq!(graph.heads(), ["d", "x"]);
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let errors = Graph::new([node("a1", &["b"], &["c"]), node("b2", &[], &[]), node("b2", &[], &[])]).unwrap_err();
        let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(text.len(), 3);
        assert!(
            text[1..].join("\n").contains("names b in its down_revision, and there is no such revision; is it b2?")
        );
        let errors = Graph::new([node("a", &["c"], &[]), node("b", &["a"], &[]), node("c", &["b"], &[])]).unwrap_err();
        assert_eq!(errors, [GraphError::Cycle(["a", "c", "b", "a"].map(str::to_owned).to_vec())]);
    }
}
