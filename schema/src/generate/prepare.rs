//! All dialects of the application together: what to write, and nothing written yet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::SystemTime;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::lock::Lock;
use diesel_schema_core::revision::Metadata;

use super::before::{Before, before, beside};
use super::contract::{Phase, expanded, left, renamed, retyped};
use super::error::Error;
use super::known::Known;
use super::lost_down::{self, Made};
use super::placement::{Placement, PlacementError};
use super::proof::Replay;
use super::revisions::{self, NewRevision, OnDisk};
use super::scratches::{Scratches, place};
use super::segments::Segment;
use super::sizes::Sizes;
use super::spelling::Server;
use super::transition::{Start, Transition, transition};
use super::write::{self, Files};
use super::{Ask, name, proof, schema_rs, server};
use crate::config::{DatabaseUrl, Layout, Project};
use crate::connection::{SqlConnection, is_in_memory, one_line};
use crate::dialect::{DialectImpl, Scratch};
use crate::schema::{Inheritance, Name, ObjectId, Schema};

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// The models.
    pub declared: &'a DeclaredSchema,
    /// The revision's name.
    pub name: &'a str,
    /// Where things are.
    pub project: &'a Project,
    /// The database to compare with; `None` replays the revisions.
    pub database: Option<DatabaseUrl>,
    /// A PostgreSQL server for scratches, where the database is none.
    pub scratch_postgres: Option<String>,
    /// Each `--rename`.
    pub renames: &'a [String],
    /// Whether losses of data are meant.
    pub allow_data_loss: bool,
    /// Whether dropped rows and values are copied aside, for the way down to bring back.
    pub keep_data: bool,
    /// What is done about the release that still runs.
    pub phase: Phase,
    /// Whether every table has the short forms, which lock it for as long as they take.
    pub plain: bool,
    /// The time that ids are made from.
    pub now: SystemTime,
}

/// What would be written.
#[derive(Debug)]
pub struct Prepared {
    /// Each dialect's part, in the order of `schema!`.
    pub dialects: Vec<PreparedDialect>,
    /// The files.
    pub files: Files,
    /// What is worth saying besides: what the lock did not know, what was not proven.
    pub notes: Vec<String>,
}

/// One dialect's part.
#[derive(Debug)]
pub struct PreparedDialect {
    /// The dialect.
    pub dialect: Dialect,
    /// What it does.
    pub transition: Transition,
    /// The folders of its new revisions, each with its files.
    pub folders: Vec<(PathBuf, Segment)>,
}

impl Prepared {
    /// Whether models and revisions agree in every dialect.
    #[must_use]
    pub fn no_changes(&self) -> bool {
        self.dialects.iter().all(|part| part.transition.changes.is_empty())
    }

    /// Writes all of it, or nothing.
    ///
    /// # Errors
    /// What could not be written.
    pub fn write(&self) -> Result<(), Error> {
        Ok(write::write(&self.files)?)
    }
}

pub(super) type Connection = dyn SqlConnection + 'static;

/// One dialect on its way.
pub(super) struct Part {
    pub(super) dialect: &'static dyn DialectImpl,
    pub(super) folder: PathBuf,
    pub(super) revisions: Vec<OnDisk>,
}

/// Compares, plans, proves.
///
/// # Errors
/// Anything of [`Error`]; nothing has been written then, nor any database changed.
pub fn prepare(request: &Request<'_>, ask: &mut dyn Ask) -> Result<Prepared, Error> {
    prepare_on(request, &Scratches::default(), None, ask)
}

/// As [`prepare`], with scratches that are used again the next time. `connection` is one to [`Request::database`] that is
/// open already; with `None` one is opened.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_on(
    request: &Request<'_>,
    pool: &Scratches,
    connection: Option<&mut Connection>,
    ask: &mut dyn Ask,
) -> Result<Prepared, Error> {
    compared(request, None, pool, connection, ask)
}

/// As [`prepare_on`], with the revision at a place of its own: it follows what `placement` names, and not the only
/// head. The database has to be at all heads either way.
///
/// # Errors
/// As [`prepare`]; it can't stand there, or a fresh database, which may run it before other revisions, comes to
/// another schema.
pub fn prepare_at(
    request: &Request<'_>,
    placement: Option<&Placement<'_>>,
    pool: &Scratches,
    ask: &mut dyn Ask,
) -> Result<Prepared, Error> {
    compared(request, placement, pool, None, ask)
}

fn compared(
    request: &Request<'_>,
    placement: Option<&Placement<'_>>,
    pool: &Scratches,
    connection: Option<&mut Connection>,
    ask: &mut dyn Ask,
) -> Result<Prepared, Error> {
    placement.map_or(Ok(()), Placement::check)?;
    let slug = name::slug(request.name)?;
    let layout = &request.project.layout;
    let dialects = dialects(request)?;
    let lock = revisions::read_stale_lock(&layout.lock())?;
    let mut parts = Vec::new();
    for dialect in dialects {
        let folder = layout.folder(dialect);
        let revisions = revisions::read(&folder)?;
        parts.push(Part { dialect: server::implementation(dialect)?, folder, revisions });
    }
    let id = match placement.and_then(|placement| placement.id) {
        Some(id) => id.to_owned(),
        None => name::ids(request.now, taken(&parts), 1).concat(),
    };
    let mut opened = match (&connection, &request.database) {
        (None, Some(url)) if url.dialect == Dialect::Sqlite && is_in_memory(&url.target) => {
            return Err(Error::InMemory(url.target.clone()));
        }
        (None, Some(url)) => Some(server::connect(url)?),
        _ => None,
    };
    let mut connection = connection.or(opened.as_deref_mut());
    let rows = match (connection.as_deref_mut(), &request.database) {
        (Some(connection), Some(url)) => estimates(connection, url.dialect)?,
        _ => BTreeMap::new(),
    };
    let heeded = |table: &Name| match request.phase {
        Phase::BySize => !request.plain && rows.get(table).is_some_and(|rows| *rows >= request.project.plain_below),
        Phase::Expand => true,
        Phase::Contract => false,
    };
    let expanded = match request.phase {
        Phase::Contract => request.declared.clone(),
        _ => expanded(request.declared, lock.as_ref(), request.renames, &heeded)?,
    };
    let renames = left(request.renames, &expanded);
    let mut notes = Vec::new();
    let mut made = Vec::new();
    let mut done: Vec<(Part, Transition)> = Vec::new();
    for mut part in parts {
        let heads = revisions::heads(&part.revisions);
        if heads.len() > 1 && placement.is_none() {
            return Err(Error::Heads { folder: part.folder, heads });
        }
        let downs = make_downs(request, pool, lock.as_ref(), &mut part, ask)?;
        notes.extend(downs.notes);
        made.extend(downs.files);
        let (lock, keep) = (lock.as_ref(), request.keep_data.then_some(id.as_str()));
        let facts = Facts { request, declared: &expanded, renames: &renames, pool, lock, rows: &rows, keep };
        let transition = of_dialect(&facts, &part, connection.as_deref_mut(), ask, &mut notes)
            .map_err(|error| revisions::with_conflict(error, &layout.lock()))?;
        let before = lock.map(|lock| &lock.declared);
        let retyped = retyped(&transition.changes, request.declared, before, &heeded);
        for note in renamed(&transition.changes, &heeded).into_iter().chain(retyped) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        done.push((part, transition));
    }
    agree_to_losses(request, &done, ask)?;
    let mut prepared = name_revisions((request, &expanded), placement, pool, &slug, done)?;
    schema_rs::add(&mut prepared, request.project)?;
    derived_files(&mut prepared);
    prepared.files.files.extend(made);
    prepared.notes.extend(notes);
    Ok(prepared)
}

fn estimates(connection: &mut dyn SqlConnection, dialect: Dialect) -> Result<BTreeMap<Name, u64>, Error> {
    let rows = server::implementation(dialect)?.row_estimates(connection);
    rows.map_err(|error| Error::Query { dialect, doing: "asking how large the tables are", message: one_line(error) })
}

fn dialects(request: &Request<'_>) -> Result<Vec<Dialect>, Error> {
    let declared = &request.declared.dialects;
    let database = request.database.as_ref().map(|url| url.dialect);
    if let Some(database) = database
        && !declared.contains(&database)
    {
        return Err(Error::ForeignDialect { database, at: request.declared.at.clone() });
    }
    match (&request.project.layout, declared.as_slice()) {
        (Layout::Plain(folder), [_, _, ..]) => Err(Error::PlainFolder(folder.clone())),
        _ => Ok(declared.clone()),
    }
}

/// The ids that revisions have, of any dialect.
fn taken<'a>(parts: impl IntoIterator<Item = &'a Part>) -> impl Iterator<Item = &'a str> {
    parts.into_iter().flat_map(|part| part.revisions.iter().map(|revision| revision.id.as_str()))
}

/// What every dialect's part is made from.
pub(super) struct Facts<'a> {
    pub(super) request: &'a Request<'a>,
    /// The models, with what the database keeps besides.
    pub(super) declared: &'a DeclaredSchema,
    /// Each `--rename` that is none of names that stay beside each other.
    renames: &'a [String],
    pub(super) pool: &'a Scratches,
    lock: Option<&'a Lock>,
    /// How many rows its tables hold, as far as the database has counted.
    pub(super) rows: &'a BTreeMap<Name, u64>,
    keep: Option<&'a str>,
}

fn of_dialect(
    facts: &Facts<'_>,
    part: &Part,
    connection: Option<&mut Connection>,
    ask: &mut dyn Ask,
    notes: &mut Vec<String>,
) -> Result<Transition, Error> {
    let Facts { request, declared, renames, pool, lock, keep, .. } = *facts;
    let dialect = part.dialect.dialect();
    let locked = Known::of(lock, dialect, &part.revisions);
    let scratches = scratches(request, pool, part.dialect);
    let replay = |scratch: &mut dyn Scratch| revisions::replay(&part.revisions, scratch.connection());
    let lower = || {
        let locked = lock.and_then(|lock| part.dialect.lower(&lock.declared).ok());
        (part.dialect.lower(declared), locked.map(declared_before).unwrap_or_default())
    };
    let read = || before(facts, part, &locked, connection, (&scratches, &replay));
    let (before, (lowered, ours)) = beside(lower, read);
    let (Before { schema: old, sizes: known, replayable }, lowered) = (before?, lowered.map_err(Error::Unsupported)?);
    notes.extend(locked.notes());
    if !old.unread.is_empty() {
        notes.push(format!(
            "{dialect}: not compared, because diesel-schema can't read them yet: {}",
            old.unread.join(", ")
        ));
    }
    let replay: Option<&Replay<'_>> = if replayable { Some(&replay) } else { None };
    let mut sizes = (!request.plain).then(|| Sizes::unknown(request.project.plain_below));
    if let Some(sizes) = &mut sizes {
        sizes.rows = known.iter().map(|(name, (rows, _))| (name.clone(), *rows)).collect();
    }
    let start =
        Start { dialect: part.dialect, pool, scratches, old, lowered, ours, sizes: sizes.as_ref(), keep, replay };
    let transition = Transition { sizes: known, ..transition(start, declared, renames, ask)? };
    notes.extend(sizes.and_then(|sizes| sizes.said()).map(|note| format!("{dialect}: {note}")));
    Ok(transition)
}

fn declared_before(locked: Schema) -> BTreeSet<ObjectId> {
    let tied = locked.tables.into_values().filter(|it| it.inheritance != Inheritance::default());
    locked.objects.into_keys().chain(tied.map(|it| ObjectId::Table(it.name))).collect()
}

/// Each `down.sql` that the dialect's revisions lack.
fn make_downs(
    request: &Request<'_>,
    pool: &Scratches,
    lock: Option<&Lock>,
    part: &mut Part,
    ask: &mut dyn Ask,
) -> Result<Made, Error> {
    let dialect = part.dialect;
    let url = scratches(request, pool, dialect);
    let server = url.as_ref().map(|url| Server { scratches: pool, dialect, url: *url }).map_err(String::as_str);
    let locked = lock.and_then(|lock| lock.revisions.get(&dialect.dialect())).map_or(&[][..], Vec::as_slice);
    lost_down::make(server, &mut part.revisions, locked, ask)
}

/// Where a dialect's scratches are made; `Err` says why there is no such place.
fn scratches<'a>(
    request: &'a Request<'_>,
    pool: &Scratches,
    dialect: &dyn DialectImpl,
) -> Result<Option<&'a str>, String> {
    let preferred = request.scratch_postgres.as_deref().or(request.project.scratch_postgres.as_deref());
    place(pool, dialect, preferred, request.database.as_ref())
}

fn agree_to_losses(request: &Request<'_>, done: &[(Part, Transition)], ask: &mut dyn Ask) -> Result<(), Error> {
    let mut losses: Vec<String> = Vec::new();
    for loss in done.iter().flat_map(|(_, transition)| transition.losses()) {
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    if losses.is_empty() || request.allow_data_loss || ask.accepts_losses(&losses) {
        Ok(())
    } else {
        Err(Error::DataLoss(losses))
    }
}

/// Gives every dialect the same new revisions: same ids, same slugs, one that has less to do doing nothing in the rest.
fn name_revisions(
    (request, expanded): (&Request<'_>, &DeclaredSchema),
    placement: Option<&Placement<'_>>,
    pool: &Scratches,
    slug: &str,
    done: Vec<(Part, Transition)>,
) -> Result<Prepared, Error> {
    let count = done.iter().map(|(_, transition)| transition.segments.len()).max().unwrap_or_default();
    let ids = match placement.and_then(|placement| placement.id) {
        None => name::ids(request.now, taken(done.iter().map(|(part, _)| part)), count),
        Some(id) if count < 2 => vec![id.to_owned(); count],
        Some(id) => return Err(PlacementError::OneId { id: id.to_owned(), count }.into()),
    };
    let purpose = |at: usize| {
        done.iter().find_map(|(_, transition)| transition.segments.get(at).and_then(|segment| segment.purpose))
    };
    let purposes: Vec<Option<&str>> = (0..ids.len()).map(purpose).collect();
    let mut files = Files::default();
    let mut locked = BTreeMap::new();
    let mut dialects = Vec::new();
    for (part, transition) in done {
        let of = |segments: &[Segment]| -> Vec<Segment> {
            (0..ids.len()).map(|at| segments.get(at).cloned().unwrap_or_else(Segment::nothing)).collect()
        };
        let segments = of(&transition.segments);
        #[cfg(feature = "lint")]
        let written = of(&super::allowed::allow(&transition, &part.revisions, request, part.dialect.dialect()));
        #[cfg(not(feature = "lint"))]
        let written = segments.clone();
        let mut new: Vec<NewRevision<'_>> = Vec::new();
        for (at, (id, segment)) in ids.iter().zip(&written).enumerate() {
            let metadata = match (new.last(), placement) {
                (Some(before), _) => following(vec![before.id.clone()]),
                (None, Some(placement)) => placement.metadata(part.revisions.iter().map(OnDisk::node).collect(), id)?,
                (None, None) => following(revisions::heads(&part.revisions)),
            };
            let slug = match purposes[at] {
                _ if at == 0 => slug.to_owned(),
                Some(purpose) => format!("{slug}_{}_{purpose}", at + 1),
                None => format!("{slug}_{}", at + 1),
            };
            new.push(NewRevision { id: id.clone(), slug, metadata, segment });
        }
        if let (Some(_), Ok(url)) = (placement, scratches(request, pool, part.dialect)) {
            let server = Server { scratches: pool, dialect: part.dialect, url };
            proof::in_order(server, &part.revisions, &new, &transition.new)?;
        }
        let known = part.revisions.iter().map(OnDisk::locked).chain(new.iter().map(NewRevision::locked)).collect();
        let paths: Vec<PathBuf> = new.iter().map(|it| part.folder.join(it.folder_name())).collect();
        files.folders.extend(paths.iter().cloned().zip(new.iter().map(NewRevision::files)));
        drop(new);
        let folders = paths.into_iter().zip(segments).collect();
        locked.insert(part.dialect.dialect(), known);
        dialects.push(PreparedDialect { dialect: part.dialect.dialect(), transition, folders });
    }
    let lock = Lock::new(locked, request.declared).waiting_for(expanded);
    files.files.push((request.project.layout.lock(), lock.to_string()));
    let waiting = lock.contract();
    let kept = "what a release needs that still runs is kept; when it is gone, `autogenerate --contract NAME` will";
    let notes = (!waiting.is_empty()).then(|| format!("{kept} {}", waiting.join(", ")));
    Ok(Prepared { dialects, files, notes: notes.into_iter().collect() })
}

fn following(parents: Vec<String>) -> Metadata {
    Metadata { down_revision: Some(parents), ..Metadata::missing() }
}

/// Of the derived files only what differs from what is there.
fn derived_files(prepared: &mut Prepared) {
    let stale = |path: &PathBuf, text: &String| std::fs::read_to_string(path).ok().as_ref() != Some(text);
    prepared.files.files.retain(|(path, text)| stale(path, text));
    if prepared.no_changes() {
        for (path, _) in &prepared.files.files {
            let was = if path.exists() { "was stale and is written anew" } else { "was missing and is written" };
            prepared.notes.push(format!("{} {was}", path.display()));
        }
    }
}
