//! A revision whose files are edited by hand, and schema.lock, which has to know it.

use std::path::PathBuf;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::Selector;

use super::error::Error;
use super::placement::PlacementError;
use super::revisions::{self, OnDisk, read_lock};
use super::write::{self, Files};
use crate::config::Project;

/// A revision to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editable {
    /// Its id.
    pub id: String,
    /// Its files in all dialects that have it.
    pub files: Vec<PathBuf>,
}

/// The files of a revision. Which one it is, the first of the `dialects` decides.
///
/// # Errors
/// The revisions can't be read, or `selector` does not name one of them.
pub fn editable(project: &Project, dialects: &[Dialect], selector: &Selector) -> Result<Editable, Error> {
    let mut id: Option<String> = None;
    let mut files = Vec::new();
    for dialect in dialects {
        let found = revisions::read(&project.layout.folder(*dialect))?;
        let id = match &id {
            Some(id) => id,
            None => {
                let graph = Graph::new(found.iter().map(OnDisk::node)).map_err(PlacementError::Graph)?;
                let ids = graph.resolve(selector, None).map_err(PlacementError::Select)?;
                let [one] = ids.as_slice() else { return Err(Error::NotOne(selector.to_string())) };
                id.insert((*one).to_owned())
            }
        };
        for revision in found.iter().filter(|revision| revision.id == *id) {
            let names = ["up.sql", "down.sql", "metadata.toml"];
            files.extend(names.iter().map(|name| revision.folder.join(name)).filter(|path| path.is_file()));
        }
    }
    Ok(Editable { id: id.unwrap_or_default(), files })
}

/// Takes the files of the revision `id` as they are into schema.lock. Gives the folders that it knew otherwise; there
/// are none where there is no lock.
///
/// # Errors
/// The revisions or the lock can't be read, or the lock can't be written.
pub fn take_in(project: &Project, dialects: &[Dialect], id: &str) -> Result<Vec<PathBuf>, Error> {
    let path = project.layout.lock();
    let lock = read_lock(&path)?;
    let mut changed = Vec::new();
    let mut taken = lock.clone();
    for dialect in dialects {
        // Read also without a lock: what was edited has to make a graph.
        let found = revisions::read(&project.layout.folder(*dialect))?;
        let Some(taken) = &mut taken else { continue };
        let list = taken.revisions.entry(*dialect).or_default();
        for revision in found.iter().filter(|revision| revision.id == id) {
            let now = revision.locked();
            if !list.contains(&now) {
                list.retain(|locked| locked.id != id);
                list.push(now);
                list.sort();
                changed.push(revision.folder.clone());
            }
        }
    }
    if let Some(lock) = taken.filter(|_| !changed.is_empty()) {
        write::write(&Files { files: vec![(path, lock.to_string())], ..Files::default() })?;
    }
    Ok(changed)
}
