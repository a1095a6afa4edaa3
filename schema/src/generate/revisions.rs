//! The revisions on disk: read, replayed, and new ones said in files.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use diesel_schema_core::lock::{Lock, LockError, LockedRevision};
use diesel_schema_core::revision::{self, Metadata, Node, Revision, checksum};

use super::error::Error;
use super::run;
use super::segments::Segment;
use crate::connection::SqlConnection;

/// A revision folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OnDisk {
    pub(super) id: String,
    pub(super) folder: PathBuf,
    pub(super) down_revision: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) branch_labels: Vec<String>,
    pub(super) replaces: Vec<String>,
    pub(super) up: String,
    pub(super) down: Option<String>,
    pub(super) run_in_transaction: bool,
    pub(super) irreversible: bool,
    pub(super) checksum: String,
}

impl OnDisk {
    /// The folder's name.
    pub(super) fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    pub(super) fn node(&self) -> Node<'_> {
        let (parents, labels, replaces) = (&self.down_revision, &self.branch_labels, &self.replaces);
        node(&self.id, parents, &self.depends_on, labels, replaces)
    }

    /// Runs it on what its parents have left.
    ///
    /// # Errors
    /// Its `up.sql` fails.
    pub(super) fn replay(&self, connection: &mut dyn SqlConnection) -> Result<(), Error> {
        run::script(connection, &self.up, self.run_in_transaction)
            .map_err(|message| Error::Replay { file: self.folder.join("up.sql"), message })
    }

    pub(super) fn locked(&self) -> LockedRevision {
        LockedRevision {
            id: self.id.clone(),
            down_revision: self.down_revision.clone(),
            depends_on: self.depends_on.clone(),
            checksum: self.checksum.clone(),
        }
    }
}

/// The revisions of a dialect's folder, each after its parents; none where there is no folder.
///
/// # Errors
/// The folder can't be read, or what is in it makes no graph.
pub(super) fn read(folder: &Path) -> Result<Vec<OnDisk>, Error> {
    if !is_folder_there(folder)? {
        return Ok(Vec::new());
    }
    let found = revision::read(folder).map_err(Error::from)?;
    Ok(found.into_iter().map(OnDisk::from).collect())
}

/// Whether there is such a folder.
///
/// # Errors
/// Nobody may look.
pub(crate) fn is_folder_there(folder: &Path) -> Result<bool, Error> {
    match fs_err::metadata(folder) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl From<Revision> for OnDisk {
    fn from(revision: Revision) -> Self {
        Self {
            id: revision.id,
            folder: revision.folder,
            down_revision: revision.down_revision,
            depends_on: revision.depends_on,
            branch_labels: revision.branch_labels,
            replaces: revision.replaces,
            up: revision.up,
            down: revision.down,
            run_in_transaction: revision.run_in_transaction,
            irreversible: revision.irreversible,
            checksum: revision.checksum,
        }
    }
}

/// The revisions that no other one names as its parent, sorted.
pub(super) fn heads(revisions: &[OnDisk]) -> Vec<String> {
    let is_parent = |id: &String| revisions.iter().any(|revision| revision.down_revision.contains(id));
    let mut heads: Vec<String> =
        revisions.iter().map(|revision| revision.id.clone()).filter(|id| !is_parent(id)).collect();
    heads.sort();
    heads
}

/// Runs all of them on an empty database.
///
/// # Errors
/// The file that fails.
pub(super) fn replay(revisions: &[OnDisk], connection: &mut dyn SqlConnection) -> Result<(), Error> {
    if !revisions.is_empty() {
        run::begin(connection)?;
    }
    revisions.iter().try_for_each(|revision| revision.replay(connection))
}

/// The lock; `None` where there is none yet.
///
/// # Errors
/// It can't be read or understood.
pub(super) fn read_lock(path: &Path) -> Result<Option<Lock>, Error> {
    found(Lock::read(path))
}

/// The same where the lock is about to be written anew: a merge conflict in it is no hindrance.
///
/// # Errors
/// It can't be read or understood.
pub(super) fn read_stale_lock(path: &Path) -> Result<Option<Lock>, Error> {
    found(Lock::read_conflicted(path))
}

/// The error with the place of a merge conflict in the lock, where that is why it knows no revisions.
pub(super) fn with_conflict(error: Error, lock: &Path) -> Error {
    match (error, Lock::read(lock)) {
        (Error::Unknowable { dialect, strangers, gone, .. }, Err(LockError::MergeConflict { line })) => {
            Error::Unknowable { dialect, strangers, gone, conflict: Some(line) }
        }
        (error, _) => error,
    }
}

fn found(lock: Result<Lock, LockError>) -> Result<Option<Lock>, Error> {
    match lock {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Lock(error.to_string())),
    }
}

/// A revision that is to be written.
pub(super) struct NewRevision<'a> {
    pub(super) id: String,
    pub(super) slug: String,
    /// Where it stands; whether it runs in a transaction is the segment's to say.
    pub(super) metadata: Metadata,
    pub(super) segment: &'a Segment,
}

impl NewRevision<'_> {
    pub(super) fn folder_name(&self) -> String {
        format!("{}_{}", self.id, self.slug)
    }

    pub(super) fn files(&self) -> Vec<(&'static str, String)> {
        let run_in_transaction = self.segment.run_in_transaction;
        let metadata = Metadata { run_in_transaction, ..self.metadata.clone() };
        vec![
            ("up.sql", self.segment.up.clone()),
            ("down.sql", self.segment.down.clone()),
            ("metadata.toml", metadata.to_string()),
        ]
    }

    fn parents(&self) -> &[String] {
        self.metadata.down_revision.as_deref().unwrap_or_default()
    }

    pub(super) fn node(&self) -> Node<'_> {
        let Metadata { depends_on, branch_labels, replaces, .. } = &self.metadata;
        node(&self.id, self.parents(), depends_on, branch_labels, replaces)
    }

    pub(super) fn locked(&self) -> LockedRevision {
        LockedRevision {
            id: self.id.clone(),
            down_revision: self.parents().to_vec(),
            depends_on: self.metadata.depends_on.clone(),
            checksum: checksum(&self.segment.up, Some(&self.segment.down), self.segment.run_in_transaction),
        }
    }
}

fn node<'a>(
    id: &'a str,
    parents: &'a [String],
    depends_on: &'a [String],
    labels: &'a [String],
    replaces: &'a [String],
) -> Node<'a> {
    let borrowed = |ids: &'a [String]| ids.iter().map(String::as_str).collect();
    let (down_revision, depends_on, branch_labels) = (borrowed(parents), borrowed(depends_on), borrowed(labels));
    Node { id, down_revision, depends_on, branch_labels, replaces: borrowed(replaces) }
}
