//! `schema.lock`: the declared schema that the revisions add up to, and each revision's checksum, as text.
//!
//! One fact a line, each line complete in itself (`column users.bio type=Text null`), sorted, made for review
//! and for git. Blank lines stand between tables, so that changes to neighbours do not touch.
//! Revisions are spread over sixteen groups by a hash of their id: where ids are timestamps, two branches
//! would otherwise both append at one place, which git calls a conflict, and now mostly do not.
//!
//! Left out, and therefore no difference between models and lock: where things stand in the source (`at`),
//! the names of structs and fields (`rust`), `renamed_from`, and the order of columns, constraints and
//! indexes, which nothing in a database that exists can be changed to follow. [`canonical`] is what remains.
//! What a revision left in the database for the release that still runs stands at the end, each fact behind the word
//! `waiting`; models are not held against it.
//! A `sql:` file stands in full, because a change to it is planned from the text before.

mod conflict;
mod error;
mod file;
mod parse;
mod print;
mod text;
mod waiting;

use std::collections::BTreeMap;

pub use error::LockError;
pub(crate) use parse::model;
pub use print::{Fact, canonical, enumeration, model_facts, qualified_name, sequence, sql_fact};

use crate::declared::DeclaredSchema;
use crate::dialect::Dialect;

/// The version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;

/// The lock's name within the folder of the migrations.
pub const FILE_NAME: &str = "schema.lock";

/// What `schema.lock` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Each dialect's revisions, sorted by id.
    pub revisions: BTreeMap<Dialect, Vec<LockedRevision>>,
    /// The declared schema that they add up to.
    pub declared: DeclaredSchema,
    /// The facts of what the revisions keep besides, for the release of before: it waits for a contract.
    pub waiting: Vec<String>,
}

/// One revision as the lock knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedRevision {
    /// Its id.
    pub id: String,
    /// Its parents.
    pub down_revision: Vec<String>,
    /// What it needs besides its parents.
    pub depends_on: Vec<String>,
    /// The checksum of its files.
    pub checksum: String,
}

impl Lock {
    /// A lock of these revisions and models, without what a lock leaves out (see [`canonical`]).
    #[must_use]
    pub fn new(mut revisions: BTreeMap<Dialect, Vec<LockedRevision>>, declared: &DeclaredSchema) -> Self {
        revisions.retain(|_, list| !list.is_empty());
        for list in revisions.values_mut() {
            list.sort();
        }
        Self { revisions, declared: canonical(declared), waiting: Vec::new() }
    }

    /// Whether these models are the ones that the lock holds.
    #[must_use]
    pub fn declares(&self, models: &DeclaredSchema) -> bool {
        canonical(&self.declared) == canonical(models)
    }
}

#[cfg(test)]
mod tests;
