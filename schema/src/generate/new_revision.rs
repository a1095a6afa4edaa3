//! Revisions that a person writes: empty ones, and merge points.

use std::path::PathBuf;
use std::time::SystemTime;

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::LockedRevision;
use diesel_schema_core::revision::graph::{LabelError, SelectError, Selector, check_label};
use diesel_schema_core::revision::{Graph, GraphError, IdError, Metadata, Node, Revision, check_id, checksum};

use super::error::Error;
use super::name;
use super::revisions::read_lock;
use super::segments::NOTHING;
use super::write::{self, Files};
use crate::config::Project;

/// What is asked for.
#[derive(Debug)]
pub struct NewRequest<'a> {
    /// Where things are.
    pub project: &'a Project,
    /// The dialects that get it.
    pub dialects: &'a [Dialect],
    /// What it does, in a few words.
    pub name: &'a str,
    /// Its parents; the base is none.
    pub parents: &'a [Selector],
    /// Whether it makes one of several heads.
    pub merge: bool,
    /// Whether a parent may have children already.
    pub splice: bool,
    /// Names of the branch that starts here.
    pub branch_labels: &'a [String],
    /// What it needs besides its parents: selectors, or branch labels.
    pub depends_on: &'a [String],
    /// Its id; else a timestamp.
    pub id: Option<&'a str>,
    /// The time that the id is made from.
    pub now: SystemTime,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The revision's id.
    pub id: String,
    /// Its parents, in the first dialect.
    pub down_revision: Vec<String>,
    /// The folders and files.
    pub paths: Vec<PathBuf>,
}

/// Why no revision was written.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// A selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A text that is no selector.
    #[error(transparent)]
    Selector(#[from] diesel_schema_core::revision::graph::SelectorError),
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

/// Writes an empty revision for each dialect, the same id everywhere, and takes it into schema.lock where there is one.
///
/// # Errors
/// [`NewError`]; nothing is written then.
pub fn new_revision(request: &NewRequest<'_>) -> Result<Written, NewError> {
    let slug = name::slug(request.name).map_err(Error::Name)?;
    let layout = &request.project.layout;
    let lock = read_lock(&layout.lock())?;
    let mut known: Vec<(Dialect, PathBuf, Vec<Revision>)> = Vec::new();
    for dialect in request.dialects {
        let folder = layout.folder(*dialect);
        let revisions = if folder.exists() {
            diesel_schema_core::revision::read(&folder).map_err(|problems| Error::Revisions(problems.to_string()))?
        } else {
            Vec::new()
        };
        known.push((*dialect, folder, revisions));
    }
    let id = id_of(request, &known)?;
    request.branch_labels.iter().try_for_each(|label| check_label(label))?;
    let mut files = Files::default();
    let mut lock = lock;
    let mut parents_of_first = None;
    for (dialect, folder, revisions) in &known {
        let metadata = metadata(request, revisions, &id)?;
        let parents = metadata.down_revision.clone().unwrap_or_default();
        if let Some(lock) = &mut lock {
            let list = lock.revisions.entry(*dialect).or_default();
            list.push(LockedRevision {
                id: id.clone(),
                down_revision: parents.clone(),
                depends_on: metadata.depends_on.clone(),
                checksum: checksum(NOTHING, Some(NOTHING), true),
            });
            list.sort();
        }
        parents_of_first.get_or_insert(parents);
        let texts = vec![
            ("up.sql", NOTHING.to_owned()),
            ("down.sql", NOTHING.to_owned()),
            ("metadata.toml", metadata.to_string()),
        ];
        files.folders.push((folder.join(format!("{id}_{slug}")), texts));
    }
    if let Some(lock) = lock {
        files.files.push((layout.lock(), lock.to_string()));
    }
    write::write(&files).map_err(Error::from)?;
    let paths = files.folders.into_iter().map(|(path, _)| path).chain(files.files.into_iter().map(|(path, _)| path));
    Ok(Written { id, down_revision: parents_of_first.unwrap_or_default(), paths: paths.collect() })
}

fn id_of(request: &NewRequest<'_>, known: &[(Dialect, PathBuf, Vec<Revision>)]) -> Result<String, NewError> {
    let taken = known.iter().flat_map(|(_, _, revisions)| revisions.iter().map(|it| it.id.as_str()));
    let Some(id) = request.id else {
        return Ok(name::ids(request.now, taken, 1).concat());
    };
    check_id(id).map_err(|error| NewError::Id { id: id.to_owned(), error })?;
    if id.contains('-') { Err(NewError::Dash(id.to_owned())) } else { Ok(id.to_owned()) }
}

fn metadata(request: &NewRequest<'_>, revisions: &[Revision], id: &str) -> Result<Metadata, NewError> {
    let nodes: Vec<Node<'_>> = revisions.iter().map(Revision::node).collect();
    let graph = Graph::new(nodes.iter().cloned()).map_err(NewError::Graph)?;
    let mut parents: Vec<String> = Vec::new();
    if !revisions.is_empty() {
        for selector in request.parents {
            parents.extend(graph.resolve(selector, None)?.into_iter().map(str::to_owned));
        }
    }
    parents.sort();
    parents.dedup();
    let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
    if request.merge && parents.len() < 2 {
        return Err(NewError::NothingToMerge(parents));
    }
    if !request.splice {
        for parent in &parents {
            let children = owned(graph.children(parent));
            if !children.is_empty() {
                let (revision, heads, merge) = (parent.clone(), owned(graph.heads()), request.merge);
                return Err(NewError::NotHead { revision, children, heads, merge });
            }
        }
    }
    let mut depends_on = Vec::new();
    for name in request.depends_on {
        if graph.labels().any(|(label, _)| label == name) {
            depends_on.push(name.clone());
        } else {
            depends_on.extend(graph.resolve(&name.parse()?, None)?.into_iter().map(str::to_owned));
        }
    }
    let metadata = Metadata {
        down_revision: Some(parents),
        depends_on,
        branch_labels: request.branch_labels.to_vec(),
        ..Metadata::missing()
    };
    let node = Node {
        id,
        down_revision: metadata.down_revision.iter().flatten().map(String::as_str).collect(),
        depends_on: metadata.depends_on.iter().map(String::as_str).collect(),
        branch_labels: metadata.branch_labels.iter().map(String::as_str).collect(),
    };
    Graph::new(nodes.into_iter().chain([node])).map_err(NewError::Graph)?;
    Ok(metadata)
}
