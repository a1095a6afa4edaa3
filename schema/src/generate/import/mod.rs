//! The way in: a database, or the revisions of a Diesel folder → models, and the revision that they begin with.
//!
//! Of all words that a model has for a thing, the shortest are taken that lower to what was read: names that the
//! server would pick are left out, and all others are kept. What is left between the database and the models then is
//! told by name, and refused.

mod attributes;
mod columns;
mod constraints;
mod crates;
mod enums;
mod error;
mod field_type;
mod files;
mod inherit;
mod joins;
mod model_text;
mod names;
mod postgres_types;
mod raise;
mod schema_text;
mod sql_files;
mod sqlite_types;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use diesel_schema_core::Dialect;

use super::contract::Phase;
use super::error::Error;
use super::prepare::{Prepared, Request, prepare_on};
use super::revisions::{self, OnDisk};
use super::scratches::{Scratches, place};
use super::spelling::Server;
use super::{Nobody, Source, history, schema_rs, server};
use crate::config::{DatabaseUrl, Layout, Project};
use crate::connection::one_line;
use crate::dialect::{DialectImpl, Scratch};
use crate::diff::{Renames, diff, keep_attached};
use crate::schema::{Object, Schema};
use crates::Crates;
use raise::Raised;

pub use error::ImportError;

/// What is asked for.
#[derive(Debug)]
pub struct ImportRequest<'a> {
    /// The folder of the package that gets the models.
    pub directory: &'a Path,
    /// Where migrations are.
    pub project: &'a Project,
    /// A database, or all revisions.
    pub source: &'a Source,
    /// Whose revisions, where nothing else says it.
    pub dialect: Option<Dialect>,
    /// The folder of the models, below the package's.
    pub to: &'a Path,
    /// A PostgreSQL server for scratches, where the source is none.
    pub scratch_postgres: Option<String>,
    /// Whether to write models that can't say all of the schema.
    pub allow_differences: bool,
    /// The time that the initial revision's id is made from.
    pub now: SystemTime,
}

/// What would be written.
#[derive(Debug)]
pub struct Imported {
    /// The dialect.
    pub dialect: Dialect,
    /// The files, and the revision where there was none.
    pub prepared: Prepared,
    /// The number of models.
    pub models: usize,
    /// What `autogenerate` would change, because models can't say it.
    pub differences: Vec<String>,
    /// What can't be read and is in no model.
    pub unread: Vec<String>,
    /// What to add by hand: where, and the lines.
    pub to_add: Vec<(PathBuf, String)>,
    /// Whether the database's initial revision has to be recorded as applied.
    pub stamp: bool,
}

impl Imported {
    /// Writes all of it, or nothing.
    ///
    /// # Errors
    /// What could not be written.
    pub fn write(&self) -> Result<(), Error> {
        self.prepared.write()
    }
}

/// Reads the source and says it in models; writes nothing, and changes no database.
///
/// # Errors
/// [`ImportError`].
pub fn import(request: &ImportRequest<'_>, pool: &Scratches) -> Result<Imported, ImportError> {
    let dialect = dialect(request)?;
    let implementation = server::implementation(dialect)?;
    let lock = request.project.layout.lock();
    if revisions::read_lock(&lock)?.is_some_and(|lock| !lock.declared.models.is_empty()) {
        return Err(ImportError::Models(lock));
    }
    let folder = request.project.layout.folder(dialect);
    let found = revisions::read(&folder)?;
    let read = read(request, implementation, &found, pool)?;
    let crates = Crates::of(request.directory);
    let diesel_names = request.project.schema_rs.iter().any(|it| it.file.is_file());
    let mut raised = raise::raise(&read, implementation, &crates, diesel_names);
    sql_files::say_comments(&read, &mut raised, implementation)?;
    let differences = differences(&read, &raised, implementation)?;
    if !differences.is_empty() && !request.allow_differences {
        return Err(ImportError::Unsayable(differences));
    }
    let mut prepared = prepared(request, &raised, found.is_empty(), &read.unread, pool)?;
    if dialect == Dialect::Postgres {
        schema_rs::of_database(&mut prepared, request.project, &read)?;
    }
    let files = files::of(request, &raised, &crates);
    let there: Vec<PathBuf> = files.written.iter().map(|(path, _)| path.clone()).filter(|path| path.exists()).collect();
    let there: Vec<PathBuf> = there.into_iter().chain(files.in_the_way).collect();
    if !there.is_empty() {
        return Err(ImportError::Exists(there));
    }
    prepared.files.files.splice(0..0, files.written);
    let stamp = request.source.url().is_some() && found.is_empty() && !prepared.no_changes();
    let models = raised.declared.models.len();
    Ok(Imported { dialect, prepared, models, differences, unread: read.unread, to_add: files.to_add, stamp })
}

fn dialect(request: &ImportRequest<'_>) -> Result<Dialect, ImportError> {
    if let Source::Models | Source::Lock = request.source {
        return Err(ImportError::Source(request.source.to_string()));
    }
    if let Some(dialect) = request.source.url().map(|url| url.dialect).or(request.dialect) {
        return Ok(dialect);
    }
    let layout = &request.project.layout;
    let there = [Dialect::Postgres, Dialect::Sqlite].into_iter().filter(|dialect| layout.folder(*dialect).is_dir());
    match (layout, there.collect::<Vec<_>>().as_slice()) {
        (Layout::Dialects(_), [one]) => Ok(*one),
        _ => Err(ImportError::NoDialect(layout.root().to_owned())),
    }
}

fn query(dialect: Dialect, error: &diesel::result::Error) -> Error {
    Error::Query { dialect, doing: "reading the schema", message: one_line(error) }
}

fn scratch_url<'a>(request: &'a ImportRequest<'_>) -> Option<&'a str> {
    request.scratch_postgres.as_deref().or(request.project.scratch_postgres.as_deref())
}

/// What the source holds.
fn read(
    request: &ImportRequest<'_>,
    implementation: &'static dyn DialectImpl,
    found: &[OnDisk],
    pool: &Scratches,
) -> Result<Schema, ImportError> {
    let dialect = implementation.dialect();
    let folder = request.project.layout.folder(dialect);
    if let Some(url) = request.source.url() {
        let mut connection = server::connect(url)?;
        let applied = history::applied(&mut *connection)?;
        match history::at_head(&applied, found, &folder) {
            Err(Error::Ahead { unknown, folder }) => return Err(ImportError::Unknown { revisions: unknown, folder }),
            Err(error) => return Err(error.into()),
            Ok(()) => {}
        }
        return Ok(implementation.read(&mut *connection).map_err(|error| query(dialect, &error))?);
    }
    if found.is_empty() {
        return Err(ImportError::NoRevisions(folder));
    }
    let url = place(pool, implementation, scratch_url(request), None);
    let url = url.map_err(|reason| Error::Scratch { dialect, reason })?;
    let server = Server { scratches: pool, dialect: implementation, url };
    let mut scratch = server.scratch()?;
    revisions::replay(found, scratch.connection())?;
    Ok(server.read(&mut scratch)?)
}

fn text(object: &Object) -> &str {
    object.definition.trim_end().trim_end_matches(';')
}

/// What the models say otherwise than the database.
fn differences(read: &Schema, raised: &Raised, dialect: &dyn DialectImpl) -> Result<Vec<String>, ImportError> {
    let mut lowered = dialect.lower(&raised.declared).map_err(Error::Unsupported)?;
    // The server knows more of a statement than its text says: its name for it, and what it needs.
    let said: BTreeSet<String> = lowered.objects.values().map(|it| text(it).to_owned()).collect();
    let same: Vec<Object> = read.objects.values().filter(|it| said.contains(text(it))).cloned().collect();
    let known: BTreeSet<&str> = same.iter().map(text).collect();
    lowered.objects.retain(|_, it| !known.contains(text(it)));
    lowered.objects.extend(same.iter().map(|it| (it.id.clone(), it.clone())));
    keep_attached(read, &mut lowered);
    let changes = diff(read, &lowered, &Renames::default()).map_err(Error::from)?;
    Ok(changes.iter().map(|change| change.describe()).collect())
}

/// The initial revision, or none where there are some already, `schema.lock` and `schema.rs`.
fn prepared(
    request: &ImportRequest<'_>,
    raised: &Raised,
    first: bool,
    unread: &[String],
    pool: &Scratches,
) -> Result<Prepared, ImportError> {
    let scratch = scratch_url(request).map(str::to_owned);
    let of_source =
        || request.source.url().filter(|url| url.dialect == Dialect::Postgres).map(|url| url.target.clone());
    let wanted = Request {
        declared: &raised.declared,
        name: "initial",
        project: request.project,
        database: None::<DatabaseUrl>,
        scratch_postgres: scratch.or_else(of_source),
        renames: &[],
        allow_data_loss: true,
        keep_data: false,
        phase: Phase::BySize,
        plain: true,
        now: request.now,
    };
    let prepared = prepare_on(&wanted, pool, None, &mut Nobody);
    match prepared {
        Err(error @ (Error::Proof { .. } | Error::Query { .. } | Error::Refused { .. })) if first => {
            Err(ImportError::Initial { why: Box::new(error), unread: unread.to_vec() })
        }
        Err(error) => Err(error.into()),
        Ok(prepared) if !first && !prepared.no_changes() && !request.allow_differences => {
            let changes = prepared.dialects.iter().flat_map(|part| &part.transition.changes);
            Err(ImportError::Drift(changes.map(|change| change.describe()).collect()))
        }
        Ok(prepared) => Ok(prepared),
    }
}
