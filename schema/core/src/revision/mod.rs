//! Revisions: folders with SQL, and the graph that they make. Only [`read`] touches the disk.

mod checksum;
mod folder;
pub mod graph;
mod id;
mod metadata;
mod name;

use std::path::PathBuf;

pub use checksum::checksum;
pub use folder::{Problem, Problems, read};
pub use graph::{Graph, GraphError, Node};
pub use id::{IdError, MAX_ID, check_id, id_of_folder};
pub use metadata::{Metadata, MetadataError, directory_in_diesel_toml};
pub use name::{NameError, ids, slug};

/// One revision folder, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its id: the folder's name up to the first `_`, without `-`, as Diesel has it.
    pub id: String,
    /// The rest of the folder's name.
    pub slug: String,
    /// Where it is.
    pub folder: PathBuf,
    /// Its parents.
    pub down_revision: Vec<String>,
    /// What has to be applied before it besides its parents.
    pub depends_on: Vec<String>,
    /// Names of the branch that starts here.
    pub branch_labels: Vec<String>,
    /// The revisions that it was squashed from, besides itself.
    pub replaces: Vec<String>,
    /// The text of `up.sql`.
    pub up: String,
    /// The text of `down.sql`; `None` where there is none.
    pub down: Option<String>,
    /// Whether it runs in a transaction together with its row.
    pub run_in_transaction: bool,
    /// Whether it has code in Rust beside its SQL.
    pub rust_step: bool,
    /// Whether nothing can undo it, so that it has no `down.sql`, on purpose.
    pub irreversible: bool,
    /// The checksum of its files.
    pub checksum: String,
}

impl Revision {
    /// The revision as a node of a graph.
    #[must_use]
    pub fn node(&self) -> Node<'_> {
        Node {
            id: &self.id,
            down_revision: self.down_revision.iter().map(String::as_str).collect(),
            depends_on: self.depends_on.iter().map(String::as_str).collect(),
            branch_labels: self.branch_labels.iter().map(String::as_str).collect(),
            replaces: self.replaces.iter().map(String::as_str).collect(),
        }
    }
}
