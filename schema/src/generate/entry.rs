//! A revision with its place in the graph, for those who list revisions.

use std::path::Path;

use diesel_schema_core::revision::graph::Applied;
use diesel_schema_core::revision::{Graph, Revision};
use serde::Serialize;

/// What there is to say of a revision, for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: String,
    /// Its parents.
    pub down_revision: Vec<String>,
    /// What it needs besides.
    pub depends_on: Vec<String>,
    /// Names of the branch that starts here.
    pub branch_labels: Vec<String>,
    /// The revisions that name it as their parent.
    pub children: Vec<String>,
    /// Whether it runs in a transaction together with its row.
    pub run_in_transaction: bool,
    /// Whether it is nobody's parent.
    pub head: bool,
    /// Whether it is applied; `None` where no database was asked.
    pub applied: Option<bool>,
}

impl Entry {
    /// The entry of a revision; its folder is shown relative to `directory` where it is below it.
    #[must_use]
    pub fn of(graph: &Graph<'_>, revision: &Revision, applied: Option<&Applied<'_, '_>>, directory: &Path) -> Self {
        let children: Vec<String> = graph.children(&revision.id).into_iter().map(str::to_owned).collect();
        let folder = revision.folder.strip_prefix(directory).unwrap_or(&revision.folder).display().to_string();
        Self {
            id: revision.id.clone(),
            name: revision.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            folder,
            down_revision: revision.down_revision.clone(),
            depends_on: revision.depends_on.clone(),
            branch_labels: revision.branch_labels.clone(),
            head: children.is_empty(),
            children,
            run_in_transaction: revision.run_in_transaction,
            applied: applied.map(|applied| applied.has(&revision.id)),
        }
    }

    /// One line: its name, and what it is.
    #[must_use]
    pub fn line(&self) -> String {
        let mut marks = Vec::new();
        if self.head {
            marks.push("head".to_owned());
        }
        if self.down_revision.len() > 1 {
            marks.push("merge point".to_owned());
        }
        if self.children.len() > 1 {
            marks.push("branch point".to_owned());
        }
        marks.extend(self.branch_labels.iter().map(|label| format!("branch {label}")));
        if !self.depends_on.is_empty() {
            marks.push(format!("depends on {}", self.depends_on.join(", ")));
        }
        if marks.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, marks.join(", ")) }
    }

    /// All of it, a line each.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let list = |ids: &[String], none: &str| if ids.is_empty() { none.to_owned() } else { ids.join(", ") };
        let mut lines = vec![self.line(), format!("  parents: {}", list(&self.down_revision, "none, a base"))];
        lines.push(format!("  children: {}", list(&self.children, "none, a head")));
        if !self.run_in_transaction {
            lines.push("  runs outside a transaction".to_owned());
        }
        if let Some(applied) = self.applied {
            lines.push(format!("  applied: {}", if applied { "yes" } else { "no" }));
        }
        lines.push(format!("  in {}", self.folder));
        lines
    }
}
