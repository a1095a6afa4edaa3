//! The proof of revisions that are on disk already: up, down and up again, each on what its parents leave.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::{Range, RangeError, SelectError, Selector, SelectorError};
use diesel_schema_core::revision::{Graph, Revision};

use super::error::Error;
use super::scratches::{Lease, Scratches, place};
use super::spelling::Server;
use super::{history, revisions, run, server};
use crate::config::{DatabaseUrl, Project};
use crate::connection::one_line;
use crate::diff::Renames;
use crate::plan::plan;
use crate::schema::Schema;

/// What is asked for.
#[derive(Debug)]
pub struct ProofRequest<'a> {
    /// Whose revisions.
    pub dialect: Dialect,
    /// Where they are.
    pub project: &'a Project,
    /// Which of them; all where it is empty.
    pub which: &'a [Which],
    /// A database whose schema is compared with what its revisions add up to.
    pub database: Option<&'a DatabaseUrl>,
    /// A PostgreSQL server for scratches.
    pub scratch_postgres: Option<&'a str>,
}

/// Revisions as they are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// What a selector names.
    One(Selector),
    /// All of a range.
    Range(Range),
}

impl FromStr for Which {
    type Err = ProofError;

    /// `a:b`, where it is one; else a selector.
    fn from_str(text: &str) -> Result<Self, ProofError> {
        Ok(if text.contains(':') { Self::Range(text.parse()?) } else { Self::One(text.parse()?) })
    }
}

/// Two schemas that should be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is missing to the expected schema, a line each.
    pub lines: Vec<String>,
    /// The SQL that would make it up, where there is one.
    pub sql: String,
}

/// Why a revision does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failing {
    /// A revision that it needs does not go up.
    Needs(String),
    /// `up.sql` fails: what the server says.
    Up(String),
    /// There is no `down.sql`.
    NoDown,
    /// `down.sql` fails: what the server says.
    Down(String),
    /// After it the schema is not that of before.
    NotRestored(Gap),
    /// `up.sql` fails the second time: what the server says.
    UpAgain(String),
    /// The second time it leaves something else than the first time.
    Otherwise(Gap),
}

/// What came of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Whether it says that nothing can undo it: it was run up alone.
    pub irreversible: bool,
    /// `None` where it holds.
    pub failing: Option<Failing>,
}

/// Why revisions can't be proven at all.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// As `autogenerate`.
    #[error(transparent)]
    Generate(#[from] Error),
    /// A text that is no selector.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// A selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A range that can't be resolved.
    #[error(transparent)]
    Range(#[from] RangeError),
}

/// The schema of a scratch, and what was applied to make it so.
struct Stand<'a> {
    scratch: Lease<'a>,
    applied: BTreeSet<String>,
    schema: Schema,
}

/// Proves each revision in the order of the graph, and hands out each verdict as it comes.
///
/// # Errors
/// No scratch can be made, the folder can't be read, or a selector names nothing. A revision that does not hold is none.
pub fn prove_each(
    request: &ProofRequest<'_>,
    pool: &Scratches,
    tell: &mut dyn FnMut(&Verdict),
) -> Result<Vec<Verdict>, ProofError> {
    let found = read(request)?;
    let graph = graph(&found)?;
    let wanted = wanted(request, &graph)?;
    let server = server_of(request, pool)?;
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut stand: Option<Stand<'_>> = None;
    let mut broken: Vec<&str> = Vec::new();
    for id in graph.order().iter().filter(|id| wanted.is_empty() || wanted.contains(**id)) {
        let Some(revision) = found.iter().find(|it| it.id == *id) else { continue };
        let mut needs: BTreeSet<String> = graph.ancestors([*id]).into_iter().map(str::to_owned).collect();
        needs.remove(*id);
        let failing = match broken.iter().find(|it| needs.contains(**it)) {
            Some(it) => Some(Failing::Needs((*it).to_owned())),
            None => match on(stand.take(), &needs, &found, server)? {
                Ok(there) => {
                    let (failing, left) = one(server, there, revision)?;
                    stand = left;
                    failing
                }
                Err(needed) => Some(Failing::Needs(needed)),
            },
        };
        if matches!(failing, Some(Failing::Up(_))) {
            broken.push(*id);
        }
        let (id, folder, irreversible) = (revision.id.clone(), revision.folder.clone(), revision.irreversible);
        let verdict = Verdict { id, folder, irreversible, failing };
        tell(&verdict);
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// Whether what is asked for is there to be proven.
///
/// # Errors
/// The folder can't be read, or a selector names nothing in it.
pub fn is_there(request: &ProofRequest<'_>) -> Result<(), ProofError> {
    let found = read(request)?;
    wanted(request, &graph(&found)?).map(drop)
}

/// The ids of the revisions that are meant.
pub(super) fn wanted<'a>(request: &ProofRequest<'_>, graph: &Graph<'a>) -> Result<BTreeSet<&'a str>, ProofError> {
    let mut wanted = BTreeSet::new();
    for which in request.which {
        wanted.extend(match which {
            Which::One(selector) => graph.resolve(selector, None)?,
            Which::Range(range) => graph.range(range, None)?,
        });
    }
    Ok(wanted)
}

/// What the live schema lacks to be what the revisions that are applied there add up to; `None` where it lacks nothing.
///
/// # Errors
/// The database holds revisions that the folder does not have, or something can't be read.
pub fn drift(request: &ProofRequest<'_>, pool: &Scratches) -> Result<Option<Gap>, ProofError> {
    let Some(url) = request.database else { return Ok(None) };
    let found = read(request)?;
    let graph = graph(&found)?;
    let server = server_of(request, pool)?;
    let mut connection = server::connect(url)?;
    let rows = history::applied(&mut *connection)?;
    let unknown: Vec<String> = rows.iter().filter(|id| graph.get(id).is_none()).cloned().collect();
    if !unknown.is_empty() {
        let folder = request.project.layout.folder(request.dialect);
        return Err(Error::Ahead { unknown, folder }.into());
    }
    let live = server.dialect.read(&mut *connection).map_err(|error| Error::Query {
        dialect: request.dialect,
        doing: "reading the schema",
        message: one_line(error),
    })?;
    let applied = graph.ancestors(rows.iter().map(String::as_str));
    let replay: Vec<_> = found.iter().filter(|it| applied.contains(it.id.as_str())).cloned().map(Into::into).collect();
    let mut scratch = server.scratch()?;
    revisions::replay(&replay, crate::dialect::Scratch::connection(&mut scratch))?;
    let expected = server.read(&mut scratch)?;
    Ok(gap(server, &live, &expected)?)
}

pub(super) fn read(request: &ProofRequest<'_>) -> Result<Vec<Revision>, Error> {
    let folder = request.project.layout.folder(request.dialect);
    if !revisions::is_folder_there(&folder)? {
        return Ok(Vec::new());
    }
    diesel_schema_core::revision::read(&folder).map_err(Error::from)
}

pub(super) fn graph(found: &[Revision]) -> Result<Graph<'_>, Error> {
    Graph::new(found.iter().map(Revision::node)).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::revisions(said.join("\n"))
    })
}

pub(super) fn server_of<'a>(request: &ProofRequest<'a>, pool: &'a Scratches) -> Result<Server<'a>, Error> {
    let dialect = server::implementation(request.dialect)?;
    let preferred = request.scratch_postgres.or(request.project.scratch_postgres.as_deref());
    let url = place(pool, dialect, preferred, request.database)
        .map_err(|reason| Error::Scratch { dialect: request.dialect, reason })?;
    Ok(Server { scratches: pool, dialect, url })
}

/// A scratch on which exactly `needs` is applied: the one that is there, or one made anew. `Err` names the revision that
/// does not go up.
fn on<'a>(
    stand: Option<Stand<'a>>,
    needs: &BTreeSet<String>,
    found: &[Revision],
    server: Server<'a>,
) -> Result<Result<Stand<'a>, String>, Error> {
    if let Some(stand) = stand.filter(|stand| stand.applied == *needs) {
        return Ok(Ok(stand));
    }
    let mut scratch = server.scratch()?;
    run::begin(crate::dialect::Scratch::connection(&mut scratch))?;
    for revision in found.iter().filter(|it| needs.contains(&it.id)) {
        let connection = crate::dialect::Scratch::connection(&mut scratch);
        if run::script(connection, &revision.up, revision.run_in_transaction).is_err() {
            return Ok(Err(revision.id.clone()));
        }
    }
    let schema = server.read(&mut scratch)?;
    Ok(Ok(Stand { scratch, applied: needs.clone(), schema }))
}

/// Up, down and up again. Gives back the scratch where it is as the revision leaves it.
fn one<'a>(
    server: Server<'a>,
    stand: Stand<'a>,
    revision: &Revision,
) -> Result<(Option<Failing>, Option<Stand<'a>>), Error> {
    let Stand { mut scratch, mut applied, schema: before } = stand;
    let mut run = |sql: &str| -> Result<Result<Schema, String>, Error> {
        let connection = crate::dialect::Scratch::connection(&mut scratch);
        match run::script(connection, sql, revision.run_in_transaction) {
            Ok(()) => Ok(Ok(server.read(&mut scratch)?)),
            Err(message) => Ok(Err(message)),
        }
    };
    let after = match run(&revision.up)? {
        Ok(after) => after,
        Err(message) => return Ok((Some(Failing::Up(message)), None)),
    };
    let Some(down) = revision.down.as_deref().filter(|_| !revision.irreversible) else {
        applied.insert(revision.id.clone());
        return Ok((
            (!revision.irreversible).then_some(Failing::NoDown),
            Some(Stand { scratch, applied, schema: after }),
        ));
    };
    let restored = match run(down)? {
        Ok(restored) => restored,
        Err(message) => return Ok((Some(Failing::Down(message)), None)),
    };
    if let Some(gap) = gap(server, &restored, &before)? {
        return Ok((Some(Failing::NotRestored(gap)), None));
    }
    let again = match run(&revision.up)? {
        Ok(again) => again,
        Err(message) => return Ok((Some(Failing::UpAgain(message)), None)),
    };
    let failing = gap(server, &again, &after)?.map(Failing::Otherwise);
    applied.insert(revision.id.clone());
    let stand = failing.is_none().then_some(Stand { scratch, applied, schema: after });
    Ok((failing, stand))
}

/// What `found` lacks to be `expected`, what can't be read included.
fn gap(server: Server<'_>, found: &Schema, expected: &Schema) -> Result<Option<Gap>, Error> {
    let (changes, expected_words) = server.changes(found, expected.clone(), &Renames::default())?;
    let only = |a: &Schema, b: &Schema| -> Vec<String> {
        a.unread.iter().filter(|it| !b.unread.contains(it)).cloned().collect()
    };
    let (extra, missing) = (only(found, expected), only(expected, found));
    if changes.is_empty() && extra.is_empty() && missing.is_empty() {
        return Ok(None);
    }
    let mut lines: Vec<String> = changes.iter().map(|change| change.describe()).collect();
    lines.extend(extra.iter().map(|it| format!("drop {it}")));
    lines.extend(missing.iter().map(|it| format!("create {it}")));
    // The lines say it too where no SQL can.
    let plan = plan(found, &expected_words, &changes, server.dialect).unwrap_or_default();
    let sql = plan.steps.iter().map(|step| format!("{};\n", step.sql)).collect::<Vec<_>>().join("\n");
    Ok(Some(Gap { lines, sql }))
}
