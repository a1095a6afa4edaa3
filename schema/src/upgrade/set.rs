//! What the runner runs: revisions that are baked in, or that were read from a folder.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::step::{RustStep, Step};
use diesel_schema_core::Dialect;
use diesel_schema_core::embedded::{EmbeddedDialect, EmbeddedRevision};
use diesel_schema_core::revision::{Graph, GraphError, Node, Revision};
use diesel_schema_core::sql::without_mark;

/// One dialect's revisions, each after all that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionSet<'a> {
    /// Whose they are.
    pub dialect: Dialect,
    /// In order.
    pub revisions: Vec<RevisionRef<'a>>,
    /// Those that are nobody's parent, sorted.
    pub heads: Vec<&'a str>,
    /// Whether they are baked into a binary, which has to be built again after a change.
    pub embedded: bool,
}

/// A revision, borrowed: a start with nothing to do makes one of each, so that none of it may cost much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRef<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its folder, for messages.
    pub folder: Cow<'a, str>,
    /// Its parents.
    pub down_revision: Cow<'a, [&'a str]>,
    /// What it needs besides.
    pub depends_on: Cow<'a, [&'a str]>,
    /// Names of the branch that starts here.
    pub branch_labels: Cow<'a, [&'a str]>,
    /// The revisions that it was squashed from, besides itself.
    pub replaces: Cow<'a, [&'a str]>,
    /// The text of `up.sql`.
    pub up: &'a str,
    /// The text of `down.sql`.
    pub down: Option<&'a str>,
    /// Whether nothing can undo it.
    pub irreversible: bool,
    /// Whether it runs in a transaction together with its row.
    pub run_in_transaction: bool,
    /// Its code in Rust.
    pub step: Step,
    /// The checksum of its files.
    pub checksum: &'a str,
}

impl<'a> RevisionSet<'a> {
    /// Revisions that were read from a folder.
    #[must_use]
    pub fn new(dialect: Dialect, revisions: &'a [Revision]) -> Self {
        let mut heads: BTreeSet<&str> = revisions.iter().map(|it| it.id.as_str()).collect();
        for parent in revisions.iter().flat_map(|it| &it.down_revision) {
            heads.remove(parent.as_str());
        }
        let revisions = revisions.iter().map(|it| RevisionRef {
            id: &it.id,
            folder: it.folder.display().to_string().into(),
            down_revision: it.down_revision.iter().map(String::as_str).collect(),
            depends_on: it.depends_on.iter().map(String::as_str).collect(),
            branch_labels: it.branch_labels.iter().map(String::as_str).collect(),
            replaces: it.replaces.iter().map(String::as_str).collect(),
            up: &it.up,
            down: it.down.as_deref(),
            irreversible: it.irreversible,
            run_in_transaction: it.run_in_transaction,
            step: if it.rust_step { Step::Unknown } else { Step::None },
            checksum: &it.checksum,
        });
        Self { dialect, revisions: revisions.collect(), heads: heads.into_iter().collect(), embedded: false }
    }

    /// With the code that is registered for them.
    #[must_use]
    pub fn with_steps(mut self, steps: &[RustStep]) -> Self {
        for step in steps.iter().filter(|step| step.dialect.is_none_or(|dialect| dialect == self.dialect)) {
            for revision in self.revisions.iter_mut().filter(|revision| revision.id == step.id) {
                revision.step = Step::Known(*step);
            }
        }
        self
    }

    /// The graph of them.
    ///
    /// # Errors
    /// They make none.
    pub fn graph(&self) -> Result<Graph<'a>, Vec<GraphError>> {
        Graph::new(self.revisions.iter().map(|it| Node {
            id: it.id,
            down_revision: it.down_revision.to_vec(),
            depends_on: it.depends_on.to_vec(),
            branch_labels: it.branch_labels.to_vec(),
            replaces: it.replaces.to_vec(),
        }))
    }

    /// The revision with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RevisionRef<'a>> {
        self.revisions.iter().find(|revision| revision.id == id)
    }
}

impl<'a> From<&'a EmbeddedDialect> for RevisionSet<'a> {
    fn from(embedded: &'a EmbeddedDialect) -> Self {
        let one = |it: &'a EmbeddedRevision| RevisionRef {
            id: it.id,
            folder: it.folder.into(),
            down_revision: it.down_revision.into(),
            depends_on: it.depends_on.into(),
            branch_labels: it.branch_labels.into(),
            replaces: it.replaces.into(),
            up: without_mark(it.up),
            down: it.down.map(without_mark),
            irreversible: it.irreversible,
            run_in_transaction: it.run_in_transaction,
            step: Step::None,
            checksum: it.checksum,
        };
        let revisions = embedded.revisions.iter().map(one).collect();
        Self { dialect: embedded.dialect, revisions, heads: embedded.heads.to_vec(), embedded: true }
    }
}
