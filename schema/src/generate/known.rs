//! How far schema.lock speaks for the revisions on disk.

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::{Lock, LockedRevision};

use super::error::Error;
use super::revisions::OnDisk;
use crate::dialect::DialectImpl;
use crate::schema::Schema;

/// Where the lock and a dialect's folder differ.
pub(super) struct Known<'a> {
    lock: Option<&'a Lock>,
    dialect: Dialect,
    /// The folders that the lock does not know, or whose files it knows otherwise.
    strangers: Vec<String>,
    /// The ids that it knows, of which there is no folder.
    gone: Vec<String>,
}

impl<'a> Known<'a> {
    pub(super) fn of(lock: Option<&'a Lock>, dialect: Dialect, revisions: &[OnDisk]) -> Self {
        let known = lock.and_then(|lock| lock.revisions.get(&dialect)).map_or(&[][..], Vec::as_slice);
        let same = |a: &OnDisk, b: &LockedRevision| a.id == b.id && a.checksum == b.checksum;
        let strangers = revisions.iter().filter(|revision| !known.iter().any(|it| same(revision, it)));
        let gone = known.iter().filter(|it| !revisions.iter().any(|revision| revision.id == it.id));
        Self {
            lock,
            dialect,
            strangers: strangers.map(OnDisk::name).collect(),
            gone: gone.map(|it| it.id.clone()).collect(),
        }
    }

    /// What it says the revisions add up to, which are some.
    ///
    /// # Errors
    /// It speaks of other revisions than those that are there.
    pub(super) fn schema(&self, dialect: &dyn DialectImpl) -> Result<Schema, Error> {
        match self.lock {
            Some(lock) if self.strangers.is_empty() && self.gone.is_empty() => {
                let declared = lock.expanded().map_err(|error| Error::Lock(error.to_string()))?;
                dialect.lower(&declared).map_err(Error::Unsupported)
            }
            _ => Err(Error::Unknowable {
                dialect: self.dialect,
                strangers: self.strangers.clone(),
                gone: self.gone.clone(),
                conflict: None,
            }),
        }
    }

    /// What is otherwise once it is written anew.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.strangers.is_empty() {
            notes.push(format!("{}: schema.lock did not know {}; it does now", self.dialect, few(&self.strangers)));
        }
        if !self.gone.is_empty() {
            notes.push(format!(
                "{}: schema.lock knew {}, of which there is no folder; it does not any more",
                self.dialect,
                few(&self.gone)
            ));
        }
        notes
    }
}

/// Names as a sentence has room for: of many the first and the last.
fn few(names: &[String]) -> String {
    match names {
        [first, between @ .., last] if between.len() > 3 => {
            format!("{} revisions, from {first} to {last}", names.len())
        }
        _ => names.join(", "),
    }
}
