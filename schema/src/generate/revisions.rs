//! The revisions on disk: read, replayed, and new ones said in files.

use std::path::{Path, PathBuf};

use diesel_schema_core::lock::{Lock, LockError, LockedRevision};

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
    pub(super) up: String,
    pub(super) run_in_transaction: bool,
    pub(super) checksum: String,
}

impl OnDisk {
    /// The folder's name.
    pub(super) fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
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
    let failed = |error: std::io::Error| Error::Revisions(error.to_string());
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found: Vec<OnDisk> = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            found.push(one(path)?);
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(pair) = found.windows(2).find(|pair| pair[0].id == pair[1].id) {
        let (a, b) = (pair[0].folder.display(), pair[1].folder.display());
        return Err(Error::Revisions(format!("{a} and {b} have the same id; rename one of them")));
    }
    in_order(found)
}

fn one(folder: PathBuf) -> Result<OnDisk, Error> {
    let failed = |error: std::io::Error| Error::Revisions(error.to_string());
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = name.split('_').next().unwrap_or_default().replace('-', "");
    if id.is_empty() || id.chars().count() > 50 || id.contains(['@', '+', ':']) || id.chars().any(char::is_whitespace) {
        return Err(Error::Revisions(format!(
            "{} is no revision's folder: name it <id>_<what it does>, the id without spaces, `@`, `+` and `:` and of at most 50 characters",
            folder.display()
        )));
    }
    let up = fs_err::read_to_string(folder.join("up.sql")).map_err(failed)?;
    let down = match fs_err::read_to_string(folder.join("down.sql")) {
        Ok(down) => Some(down),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let path = folder.join("metadata.toml");
    let text = fs_err::read_to_string(&path).map_err(failed)?;
    let metadata: Metadata =
        toml::from_str(&text).map_err(|error| Error::Revisions(format!("{}: {}", path.display(), error.message())))?;
    let checksum = checksum(&up, down.as_deref(), &text);
    Ok(OnDisk {
        id,
        folder,
        down_revision: metadata.down_revision,
        depends_on: metadata.depends_on,
        up,
        run_in_transaction: metadata.run_in_transaction,
        checksum,
    })
}

#[derive(serde::Deserialize)]
struct Metadata {
    run_in_transaction: bool,
    #[serde(default)]
    down_revision: Vec<String>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Each after its parents and dependencies, ties by id.
fn in_order(mut left: Vec<OnDisk>) -> Result<Vec<OnDisk>, Error> {
    let mut ordered: Vec<OnDisk> = Vec::new();
    while !left.is_empty() {
        let ready = left.iter().position(|revision| {
            revision.down_revision.iter().chain(&revision.depends_on).all(|id| ordered.iter().any(|it| it.id == *id))
        });
        let Some(ready) = ready else {
            let names: Vec<String> = left.iter().map(OnDisk::name).collect();
            return Err(Error::Revisions(format!(
                "{} name a parent that is not there, or wait for each other; mend their metadata.toml",
                names.join(", ")
            )));
        };
        ordered.push(left.remove(ready));
    }
    Ok(ordered)
}

fn checksum(up: &str, down: Option<&str>, metadata: &str) -> String {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    for part in [Some(up), down, Some(metadata)] {
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        hash.update(part.unwrap_or_default());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
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
    for revision in revisions {
        run::script(connection, &revision.up, revision.run_in_transaction)
            .map_err(|message| Error::Replay { file: revision.folder.join("up.sql"), message })?;
    }
    Ok(())
}

/// The lock; `None` where there is none yet.
///
/// # Errors
/// It can't be read or understood.
pub(super) fn read_lock(path: &Path) -> Result<Option<Lock>, Error> {
    match Lock::read(path) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Lock(error.to_string())),
    }
}

/// A revision that is to be written.
pub(super) struct NewRevision<'a> {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) down_revision: Vec<String>,
    pub(super) segment: &'a Segment,
}

impl NewRevision<'_> {
    pub(super) fn folder_name(&self) -> String {
        format!("{}_{}", self.id, self.slug)
    }

    fn metadata(&self) -> String {
        let parents: Vec<String> = self.down_revision.iter().map(|id| format!("{id:?}")).collect();
        format!(
            "run_in_transaction = {}\ndown_revision = [{}]\ndepends_on = []\nbranch_labels = []\n",
            self.segment.run_in_transaction,
            parents.join(", ")
        )
    }

    pub(super) fn files(&self) -> Vec<(&'static str, String)> {
        vec![
            ("up.sql", self.segment.up.clone()),
            ("down.sql", self.segment.down.clone()),
            ("metadata.toml", self.metadata()),
        ]
    }

    pub(super) fn locked(&self) -> LockedRevision {
        LockedRevision {
            id: self.id.clone(),
            down_revision: self.down_revision.clone(),
            depends_on: Vec::new(),
            checksum: checksum(&self.segment.up, Some(&self.segment.down), &self.metadata()),
        }
    }
}
