//! Where a new revision stands in the graph.

use diesel_schema_core::revision::graph::{LabelError, SelectError, Selector, SelectorError, check_label};
use diesel_schema_core::revision::{Graph, GraphError, IdError, Metadata, Node, check_id};

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Placement<'a> {
    /// Its parents; the base is none.
    pub parents: &'a [Selector],
    /// Whether a parent may have children already.
    pub splice: bool,
    /// Names of the branch that starts here.
    pub branch_labels: &'a [String],
    /// What it needs besides its parents: selectors, or branch labels.
    pub depends_on: &'a [String],
    /// Its id; else a timestamp.
    pub id: Option<&'a str>,
    /// Whether it makes one of several heads.
    pub merge: bool,
}

/// Why it can't stand there.
#[derive(Debug, thiserror::Error)]
pub enum PlacementError {
    /// A selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A text that is no selector.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// A text that can't be an id.
    #[error("`--rev-id {id}`: {error}")]
    Id {
        /// The text.
        id: String,
        /// What is wrong.
        error: IdError,
    },
    /// An id with a `-`, which Diesel would take out.
    #[error("`--rev-id {0}`: Diesel takes the `-` out of an id; leave it out")]
    Dash(String),
    /// One id for several revisions.
    #[error("`--rev-id {id}` names one revision, and this takes {count}; leave it out")]
    OneId {
        /// The id.
        id: String,
        /// How many revisions there are.
        count: usize,
    },
    /// A text that can't be a branch label.
    #[error("`--branch-label`: {0}")]
    Label(#[from] LabelError),
    /// A parent has children.
    #[error("{revision} is no head: {} {}; {}", .children.join(", "), follow(.children), instead(*.merge, .heads))]
    NotHead {
        /// The parent.
        revision: String,
        /// Its children.
        children: Vec<String>,
        /// The heads.
        heads: Vec<String>,
        /// Whether heads were to be merged.
        merge: bool,
    },
    /// One head, or none, can't be merged.
    #[error("there is nothing to merge: {}", only(.0))]
    NothingToMerge(Vec<String>),
    /// With it, the revisions make no graph.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Graph(Vec<GraphError>),
}

impl PlacementError {
    /// Whether the command was typed wrongly, as against something that went wrong.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Selector(_) | Self::Id { .. } | Self::Dash(_) | Self::OneId { .. } | Self::Label(_))
    }
}

fn follow(children: &[String]) -> &'static str {
    if children.len() == 1 { "follows it" } else { "follow it" }
}

fn instead(merge: bool, heads: &[String]) -> String {
    let heads = heads.join(", ");
    if merge {
        format!("only heads are merged: {heads}")
    } else {
        format!("name a head ({heads}), or add --splice to begin a branch there")
    }
}

fn only(heads: &[String]) -> String {
    match heads {
        [] => "there are no revisions yet".to_owned(),
        heads => format!("{} alone was named; name two heads or more, or `heads` for all", heads.join(", ")),
    }
}

impl Placement<'_> {
    /// Whether its own words can be used, whatever the revisions are.
    ///
    /// # Errors
    /// An id or a label that can't be one.
    pub(super) fn check(&self) -> Result<(), PlacementError> {
        if let Some(id) = self.id {
            check_id(id).map_err(|error| PlacementError::Id { id: id.to_owned(), error })?;
            if id.contains('-') {
                return Err(PlacementError::Dash(id.to_owned()));
            }
        }
        self.branch_labels.iter().try_for_each(|label| Ok(check_label(label)?))
    }

    /// What the metadata of the revision `id` says, which comes to `nodes`.
    ///
    /// # Errors
    /// A selector names no revision, a parent is no head, or no graph comes of it.
    pub(super) fn metadata(&self, nodes: Vec<Node<'_>>, id: &str) -> Result<Metadata, PlacementError> {
        let graph = Graph::new(nodes.iter().cloned()).map_err(PlacementError::Graph)?;
        let parents = if nodes.is_empty() { Vec::new() } else { self.parents(&graph)? };
        let mut depends_on = Vec::new();
        for name in self.depends_on {
            if graph.labels().any(|(label, _)| label == name) {
                depends_on.push(name.clone());
            } else {
                depends_on.extend(graph.resolve(&name.parse()?, None)?.into_iter().map(str::to_owned));
            }
        }
        let metadata = Metadata {
            down_revision: Some(parents),
            depends_on,
            branch_labels: self.branch_labels.to_vec(),
            ..Metadata::missing()
        };
        let node = Node {
            id,
            down_revision: metadata.down_revision.iter().flatten().map(String::as_str).collect(),
            depends_on: metadata.depends_on.iter().map(String::as_str).collect(),
            branch_labels: metadata.branch_labels.iter().map(String::as_str).collect(),
            replaces: Vec::new(),
        };
        Graph::new(nodes.into_iter().chain([node])).map_err(PlacementError::Graph)?;
        Ok(metadata)
    }

    fn parents(&self, graph: &Graph<'_>) -> Result<Vec<String>, PlacementError> {
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut parents: Vec<String> = Vec::new();
        for selector in self.parents {
            parents.extend(owned(graph.resolve(selector, None)?));
        }
        parents.sort();
        parents.dedup();
        if self.merge && parents.len() < 2 {
            return Err(PlacementError::NothingToMerge(parents));
        }
        for revision in parents.iter().filter(|_| !self.splice) {
            let children = owned(graph.children(revision));
            if !children.is_empty() {
                let (revision, heads, merge) = (revision.clone(), owned(graph.heads()), self.merge);
                return Err(PlacementError::NotHead { revision, children, heads, merge });
            }
        }
        Ok(parents)
    }
}
