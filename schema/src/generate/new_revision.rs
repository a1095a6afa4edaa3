//! Revisions that a person writes: empty ones, and merge points.

use std::path::PathBuf;
use std::time::SystemTime;

use diesel_schema_core::Dialect;

use super::error::Error;
use super::name;
use super::placement::Placement;
use super::revisions::{self, NewRevision, OnDisk, read_lock};
use super::segments::Segment;
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
    /// Where it stands.
    pub placement: Placement<'a>,
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

/// Writes an empty revision for each dialect, the same id everywhere, and takes all revisions as they are into
/// schema.lock where there is one: also those that were written or edited by hand since.
///
/// # Errors
/// As `autogenerate`; nothing is written then.
pub fn new_revision(request: &NewRequest<'_>) -> Result<Written, Error> {
    let slug = name::slug(request.name)?;
    let layout = &request.project.layout;
    let mut lock = read_lock(&layout.lock())?;
    let mut known: Vec<(Dialect, PathBuf, Vec<OnDisk>)> = Vec::new();
    for dialect in request.dialects {
        let folder = layout.folder(*dialect);
        let revisions = revisions::read(&folder)?;
        known.push((*dialect, folder, revisions));
    }
    request.placement.check()?;
    let taken = known.iter().flat_map(|(_, _, revisions)| revisions.iter().map(|it| it.id.as_str()));
    let id = match request.placement.id {
        Some(id) => id.to_owned(),
        None => name::ids(request.now, taken, 1).concat(),
    };
    let mut files = Files::default();
    let mut parents_of_first = None;
    for (dialect, folder, revisions) in &known {
        let metadata = request.placement.metadata(revisions.iter().map(OnDisk::node).collect(), &id)?;
        parents_of_first.get_or_insert_with(|| metadata.down_revision.clone().unwrap_or_default());
        let (id, slug, segment) = (id.clone(), slug.clone(), &Segment::nothing());
        let new = NewRevision { id, slug, metadata, segment };
        if let Some(lock) = &mut lock {
            let list = revisions.iter().map(OnDisk::locked).chain([new.locked()]);
            let mut list: Vec<_> = list.collect();
            list.sort();
            lock.revisions.insert(*dialect, list);
        }
        files.folders.push((folder.join(new.folder_name()), new.files()));
    }
    if let Some(lock) = lock {
        files.files.push((layout.lock(), lock.to_string()));
    }
    write::write(&files)?;
    let paths = files.folders.into_iter().map(|(path, _)| path).chain(files.files.into_iter().map(|(path, _)| path));
    Ok(Written { id, down_revision: parents_of_first.unwrap_or_default(), paths: paths.collect() })
}
