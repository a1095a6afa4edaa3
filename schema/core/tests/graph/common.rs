//! Graphs written as text, and the definitions that the implementation is held against.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::revision::graph::{Graph, GraphError, Node, Selector};

/// A revision that owns its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rev {
    pub(crate) id: String,
    pub(crate) down: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) replaces: Vec<String>,
}

impl Rev {
    pub(crate) fn node(&self) -> Node<'_> {
        Node {
            id: &self.id,
            down_revision: self.down.iter().map(String::as_str).collect(),
            depends_on: self.depends_on.iter().map(String::as_str).collect(),
            branch_labels: self.labels.iter().map(String::as_str).collect(),
            replaces: self.replaces.iter().map(String::as_str).collect(),
        }
    }
}

/// `b <- a + x #label, c <- b`: b's parent is a, it depends on x and carries a label; c's parent is b. `b = x y` replaces x and y.
pub(crate) fn revs(text: &str) -> Vec<Rev> {
    text.split(',')
        .filter(|one| !one.trim().is_empty())
        .map(|one| {
            let mut rev = Rev::default();
            let mut into = ' ';
            for word in one.split_whitespace() {
                match (word, into) {
                    ("<-", _) => into = '<',
                    ("+", _) => into = '+',
                    ("=", _) => into = '=',
                    (word, _) if word.starts_with('#') => rev.labels.push(word[1..].to_owned()),
                    (word, '<') => rev.down.push(word.to_owned()),
                    (word, '+') => rev.depends_on.push(word.to_owned()),
                    (word, '=') => rev.replaces.push(word.to_owned()),
                    (word, _) => rev.id = word.to_owned(),
                }
            }
            rev
        })
        .collect()
}

pub(crate) fn graph(revs: &[Rev]) -> Graph<'_> {
    built(revs).unwrap()
}

pub(crate) fn built(revs: &[Rev]) -> Result<Graph<'_>, Vec<GraphError>> {
    Graph::new(revs.iter().map(Rev::node))
}

pub(crate) fn at(selector: &str) -> Selector {
    selector.parse().unwrap_or_else(|error| panic!("{selector}: {error}"))
}

/// The definitions, by sets and without care for time.
pub(crate) struct Naive {
    pub(crate) down: BTreeMap<String, BTreeSet<String>>,
    pub(crate) needs: BTreeMap<String, BTreeSet<String>>,
}

impl Naive {
    pub(crate) fn of(revs: &[Rev]) -> Self {
        let labels: BTreeMap<&str, &str> =
            revs.iter().flat_map(|rev| rev.labels.iter().map(|label| (label.as_str(), rev.id.as_str()))).collect();
        let name = |name: &String| labels.get(name.as_str()).map_or_else(|| name.clone(), |id| (*id).to_owned());
        let down: BTreeMap<String, BTreeSet<String>> =
            revs.iter().map(|rev| (rev.id.clone(), rev.down.iter().cloned().collect())).collect();
        let needs = revs
            .iter()
            .map(|rev| (rev.id.clone(), rev.down.iter().cloned().chain(rev.depends_on.iter().map(name)).collect()))
            .collect();
        Self { down, needs }
    }

    /// `ids` and everything that they need.
    pub(crate) fn ancestors(&self, ids: &BTreeSet<String>) -> BTreeSet<String> {
        closure(ids, |id| self.needs[id].clone())
    }

    /// `ids` and everything that needs them.
    pub(crate) fn descendants(&self, ids: &BTreeSet<String>) -> BTreeSet<String> {
        closure(ids, |id| self.needs.iter().filter(|(_, needs)| needs.contains(id)).map(|(id, _)| id.clone()).collect())
    }

    pub(crate) fn children(&self, id: &str) -> BTreeSet<String> {
        self.down.iter().filter(|(_, parents)| parents.contains(id)).map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn bases(&self) -> BTreeSet<String> {
        self.down.iter().filter(|(_, parents)| parents.is_empty()).map(|(id, _)| id.clone()).collect()
    }

    /// `id` and what is before and after it, over parents alone.
    pub(crate) fn lineage(&self, id: &str) -> BTreeSet<String> {
        let id = BTreeSet::from([id.to_owned()]);
        let mut lineage = closure(&id, |id| self.down[id].clone());
        lineage.extend(closure(&id, |id| self.children(id)));
        lineage
    }

    /// Those of `ids` that no other of them needs, over any number of steps: the rows of a table of heads.
    pub(crate) fn minimal(&self, ids: &BTreeSet<String>) -> BTreeSet<String> {
        let below = |id: &String| {
            ids.iter().any(|other| other != id && self.ancestors(&BTreeSet::from([other.clone()])).contains(id))
        };
        ids.iter().filter(|id| !below(id)).cloned().collect()
    }

    /// Whether each of `steps` comes after all of them that it needs.
    pub(crate) fn is_order(&self, steps: &[String]) -> bool {
        let place: BTreeMap<&String, usize> = steps.iter().enumerate().map(|(at, id)| (id, at)).collect();
        place.len() == steps.len()
            && steps
                .iter()
                .all(|id| self.needs[id].iter().all(|need| place.get(need).is_none_or(|before| *before < place[id])))
    }
}

fn closure(start: &BTreeSet<String>, next: impl Fn(&str) -> BTreeSet<String>) -> BTreeSet<String> {
    let mut found = start.clone();
    loop {
        let more: BTreeSet<String> = found.iter().flat_map(|id| next(id)).filter(|id| !found.contains(id)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

pub(crate) fn set<T: ToString>(ids: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}
