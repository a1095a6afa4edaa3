//! One revision instead of several that follow each other.
//!
//! It keeps the id of the last of them: what follows that, what depends on it and the databases that have it stay as they
//! are, and so does the order in which stock Diesel runs the folder. `replaces` in its metadata names the others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::LockedRevision;
use diesel_schema_core::revision::graph::{Range, RangeError};
use diesel_schema_core::revision::{self, Graph, Metadata, Revision, checksum};

use super::error::Error;
use super::name;
use super::placement::PlacementError;
use super::proof::squashed;
use super::revisions::{OnDisk, is_folder_there, read_lock};
use super::scratches::{Scratches, place};
use super::server;
use super::spelling::Server;
use super::write::{self, Files};
use crate::config::{DatabaseUrl, Project};

/// What is asked for.
#[derive(Debug)]
pub struct SquashRequest<'a> {
    /// Where things are.
    pub project: &'a Project,
    /// The dialects.
    pub dialects: &'a [Dialect],
    /// From the first to the last.
    pub range: &'a Range,
    /// What the new one does, in a few words; else the last one's name.
    pub name: Option<&'a str>,
    /// A database, on whose server scratches may be made.
    pub database: Option<&'a DatabaseUrl>,
    /// A PostgreSQL server for scratches.
    pub scratch_postgres: Option<&'a str>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squashed {
    /// The id of the one that is left.
    pub id: String,
    /// The ids that went into it, in order, without its own.
    pub replaces: Vec<String>,
    /// Folders and files that were written.
    pub written: Vec<PathBuf>,
    /// Folders that are gone.
    pub removed: Vec<PathBuf>,
    /// What is worth saying besides.
    pub notes: Vec<String>,
}

/// Why nothing was squashed.
#[derive(Debug, thiserror::Error)]
pub enum SquashError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// The range names nothing.
    #[error(transparent)]
    Range(#[from] RangeError),
    /// One revision alone, or none.
    #[error("{} alone is nothing to squash; name a range of two or more, a:b", .0.as_deref().unwrap_or("the base"))]
    Few(Option<String>),
    /// One of them has code that belongs between the SQL of two.
    #[error(
        "revision {0} has a step in Rust, which has no place in one file of SQL; squash up to it, and from behind it"
    )]
    RustStep(String),
    /// Other revisions of the same range in another dialect.
    #[error("{first} and {second} have other revisions in that range; give them the same ones first")]
    Dialects {
        /// A dialect.
        first: Dialect,
        /// The other.
        second: Dialect,
    },
    /// Something outside builds on one that is not the last.
    #[error("{by} {how} {revision}, which would go into {last}; squash up to {revision} at most, or from there on")]
    PointedAt {
        /// What builds on it.
        by: String,
        /// `follows` or `depends on`.
        how: &'static str,
        /// In the middle.
        revision: String,
        /// The last.
        last: String,
    },
    /// Not one end, or not one beginning.
    #[error("{} do not follow each other: each {} of the range; squash one branch at a time", .0.join(" and "), .1)]
    Apart(Vec<String>, &'static str),
    /// Whether a revision names its parents can't be kept.
    #[error(
        "{0} follows the one before it by its name alone, and would not any more; write its down_revision into its \
         metadata.toml first"
    )]
    ByName(String),
}

/// One dialect's part.
struct Part {
    dialect: Dialect,
    folder: PathBuf,
    all: Vec<Revision>,
    /// The places in `all`, in order.
    members: Vec<usize>,
}

struct Texts {
    up: String,
    down: Option<String>,
    run_in_transaction: bool,
}

/// Squashes a range in the folders of all dialects, proven on a scratch where there is one: up and down give the same
/// schemas as the revisions one by one.
///
/// # Errors
/// [`SquashError`]; nothing is written then.
pub fn squash(request: &SquashRequest<'_>) -> Result<Squashed, SquashError> {
    let layout = &request.project.layout;
    let mut lock = read_lock(&layout.lock())?;
    let mut parts: Vec<Part> = Vec::new();
    for dialect in request.dialects {
        let part = part(*dialect, layout.folder(*dialect), request.range)?;
        if let Some(first) = parts.first().filter(|first| first.ids() != part.ids()) {
            return Err(SquashError::Dialects { first: first.dialect, second: part.dialect });
        }
        parts.push(part);
    }
    let Some(first) = parts.first() else { return Err(SquashError::Few(None)) };
    let id = first.last().id.clone();
    let slug = request.name.map_or_else(|| Ok(first.last().slug.clone()), name::slug).map_err(Error::Name)?;
    let name = if slug.is_empty() { id.clone() } else { format!("{id}_{slug}") };
    let (mut files, mut notes, mut replaces) = (Files::default(), Vec::new(), Vec::new());
    for part in &parts {
        let texts = part.texts(&mut notes);
        let metadata = part.metadata(texts.run_in_transaction)?;
        replaces.clone_from(&metadata.replaces);
        if let Some(why) = prove(request, part, &texts)? {
            notes.push(format!("{}: not proven: {why}", part.dialect));
        }
        if let Some(lock) = &mut lock {
            lock.revisions.insert(part.dialect, part.locked(&texts, &metadata));
        }
        let mut written = vec![("up.sql", texts.up), ("metadata.toml", metadata.to_string())];
        written.extend(texts.down.map(|down| ("down.sql", down)));
        files.folders.push((part.folder.join(&name), written));
        files.gone.extend(part.members.iter().map(|at| part.all[*at].folder.clone()));
    }
    if let Some(lock) = lock {
        files.files.push((layout.lock(), lock.to_string()));
    }
    write::write(&files).map_err(Error::from)?;
    let written = files.folders.into_iter().map(|(path, _)| path).chain(files.files.into_iter().map(|(path, _)| path));
    Ok(Squashed { id, replaces, written: written.collect(), removed: files.gone, notes })
}

fn part(dialect: Dialect, folder: PathBuf, range: &Range) -> Result<Part, SquashError> {
    let all = if is_folder_there(&folder)? { revision::read(&folder).map_err(Error::from)? } else { Vec::new() };
    let graph = Graph::new(all.iter().map(Revision::node)).map_err(PlacementError::Graph).map_err(Error::from)?;
    let ids = graph.range(range, None)?;
    follow_each_other(&graph, &ids)?;
    let members = ids.iter().filter_map(|id| all.iter().position(|it| it.id == **id)).collect();
    Ok(Part { dialect, folder, all, members })
}

/// Whether what is outside knows the first and the last alone.
fn follow_each_other(graph: &Graph<'_>, ids: &[&str]) -> Result<(), SquashError> {
    let [_, _, ..] = ids else { return Err(SquashError::Few(ids.first().map(|id| (*id).to_owned()))) };
    let inside: BTreeSet<&str> = ids.iter().copied().collect();
    let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let none_of = |others: Vec<&str>| !others.iter().any(|other| inside.contains(other));
    let ends: Vec<&str> = ids.iter().copied().filter(|id| none_of(graph.dependents(id))).collect();
    let [last] = ends.as_slice() else { return Err(SquashError::Apart(owned(ends), "is an end")) };
    let parents = |id: &str| graph.get(id).map(|node| node.down_revision.clone()).unwrap_or_default();
    let begins = |id: &&str| parents(id).iter().any(|parent| !inside.contains(parent)) || parents(id).is_empty();
    let starts: Vec<&str> = ids.iter().copied().filter(begins).collect();
    if starts.len() > 1 {
        return Err(SquashError::Apart(owned(starts), "has a parent outside, or none, at the beginning"));
    }
    for id in ids.iter().filter(|id| *id != last) {
        if let Some(by) = graph.dependents(id).into_iter().find(|by| !inside.contains(by)) {
            let how = if parents(by).contains(id) { "follows" } else { "depends on" };
            let (by, revision, last) = (by.to_owned(), (*id).to_owned(), (*last).to_owned());
            return Err(SquashError::PointedAt { by, how, revision, last });
        }
    }
    Ok(())
}

impl Part {
    fn members(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.members.iter().map(|at| &self.all[*at])
    }

    fn ids(&self) -> Vec<&str> {
        self.members().map(|it| it.id.as_str()).collect()
    }

    /// `part` has seen to it that there are two.
    fn last(&self) -> &Revision {
        &self.all[self.members[self.members.len() - 1]]
    }

    fn texts(&self, notes: &mut Vec<String>) -> Texts {
        let outside: Vec<&str> = self.members().filter(|it| !it.run_in_transaction).map(|it| it.id.as_str()).collect();
        let run_in_transaction = outside.is_empty();
        if !run_in_transaction {
            notes.push(format!(
                "{}: it runs outside a transaction, as {} did: where it fails, what stands before stays",
                self.dialect,
                outside.join(", ")
            ));
        }
        let whole = |revision: &Revision, sql: &str| {
            let name = revision.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let sql = sql.trim_end();
            // A comment in the last line would swallow a semicolon behind it.
            let end = if sql.ends_with(';') { "" } else { "\n;" };
            if revision.run_in_transaction && !run_in_transaction {
                format!("-- {name}\nBEGIN;\n{sql}{end}\nCOMMIT;\n")
            } else {
                format!("-- {name}\n{sql}{end}\n")
            }
        };
        let ups: Vec<String> = self.members().map(|it| whole(it, &it.up)).collect();
        let downs: Option<Vec<String>> =
            self.members().rev().map(|it| it.down.as_ref().map(|down| whole(it, down))).collect();
        if downs.is_none() {
            notes.push(format!("{}: there is no down.sql, because one of them has none", self.dialect));
        }
        Texts { up: ups.join("\n"), down: downs.map(|downs| downs.join("\n")), run_in_transaction }
    }

    fn metadata(&self, run_in_transaction: bool) -> Result<Metadata, SquashError> {
        let ids: BTreeSet<&str> = self.ids().into_iter().collect();
        let label_inside = |name: &str| self.members().any(|it| it.branch_labels.iter().any(|label| label == name));
        let sorted = |list: BTreeSet<&String>| list.into_iter().cloned().collect::<Vec<_>>();
        let parents = self.members().flat_map(|it| &it.down_revision).filter(|id| !ids.contains(id.as_str())).collect();
        let needed = self.members().flat_map(|it| &it.depends_on);
        let needed = needed.filter(|name| !ids.contains(name.as_str()) && !label_inside(name)).collect();
        let labels = self.members().flat_map(|it| &it.branch_labels).collect();
        let went = self.members().flat_map(|it| it.replaces.iter().chain([&it.id]));
        let replaces = went.filter(|id| **id != self.last().id).cloned().collect();
        let parents = sorted(parents);
        let down_revision = if says_parents(&self.last().folder)? {
            Some(parents)
        } else {
            self.by_name(&ids, &parents)?;
            None
        };
        let (depends_on, branch_labels) = (sorted(needed), sorted(labels));
        if let Some(it) = self.members().find(|it| it.rust_step) {
            return Err(SquashError::RustStep(it.id.clone()));
        }
        let (rust_step, irreversible) = (false, self.members().any(|it| it.irreversible));
        Ok(Metadata { run_in_transaction, down_revision, depends_on, branch_labels, replaces, rust_step, irreversible })
    }

    /// Whether the last one's name alone puts it behind `parents`.
    fn by_name(&self, ids: &BTreeSet<&str>, parents: &[String]) -> Result<(), SquashError> {
        let mut before = None;
        for revision in &self.all {
            let earlier = revision.id < self.last().id && !ids.contains(revision.id.as_str());
            if earlier && !says_parents(&revision.folder)? {
                before = before.max(Some(revision.id.as_str()));
            }
        }
        let same = before.into_iter().eq(parents.iter().map(String::as_str));
        if same { Ok(()) } else { Err(SquashError::ByName(self.last().id.clone())) }
    }

    fn locked(&self, texts: &Texts, metadata: &Metadata) -> Vec<LockedRevision> {
        let ids: BTreeSet<&str> = self.ids().into_iter().collect();
        let others = self.all.iter().filter(|it| !ids.contains(it.id.as_str()));
        let mut list: Vec<LockedRevision> = others.map(|it| OnDisk::from(it.clone()).locked()).collect();
        let parents = self.members().flat_map(|it| &it.down_revision).filter(|id| !ids.contains(id.as_str()));
        list.push(LockedRevision {
            id: self.last().id.clone(),
            down_revision: metadata.down_revision.clone().unwrap_or_else(|| parents.cloned().collect()),
            depends_on: metadata.depends_on.clone(),
            checksum: checksum(&texts.up, texts.down.as_deref(), texts.run_in_transaction),
        });
        list.sort();
        list
    }
}

/// Whether the metadata names the parents, or the order of the names does.
fn says_parents(folder: &Path) -> Result<bool, SquashError> {
    let file = folder.join("metadata.toml");
    let text = match fs_err::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::from(error).into()),
    };
    let metadata = Metadata::parse(&text).map_err(|error| Error::revisions(format!("{}:{error}", file.display())))?;
    Ok(metadata.down_revision.is_some())
}

/// `Some` says why it could not be proven.
fn prove(request: &SquashRequest<'_>, part: &Part, texts: &Texts) -> Result<Option<String>, SquashError> {
    let dialect = server::implementation(part.dialect)?;
    let pool = Scratches::default();
    let preferred = request.scratch_postgres.or(request.project.scratch_postgres.as_deref());
    let url = match place(&pool, dialect, preferred, request.database) {
        Ok(url) => url,
        Err(why) => return Ok(Some(why)),
    };
    // What comes before the range in the order of all: nothing outside needs a member and is needed by another.
    let graph = Graph::new(part.all.iter().map(Revision::node)).map_err(PlacementError::Graph).map_err(Error::from)?;
    let needed = graph.ancestors(part.ids());
    let before = part.all.iter().enumerate();
    let before = before.filter(|(at, it)| needed.contains(it.id.as_str()) && !part.members.contains(at));
    let before: Vec<&Revision> = before.map(|(_, it)| it).collect();
    let members: Vec<&Revision> = part.members().collect();
    let server = Server { scratches: &pool, dialect, url };
    squashed(server, &before, &members, &texts.up, texts.down.as_deref(), texts.run_in_transaction)?;
    Ok(None)
}
