//! Revisions and files as the linter reads them: which, in which order, and what is known before each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::Selector;
use diesel_schema_core::revision::{Graph, Metadata, Revision};

use super::each_revision::{ProofError, ProofRequest, Which, graph, read, wanted};
use super::error::Error;
use super::revisions::read_lock;
use super::{history, server, write};
use crate::config::{DatabaseUrl, Project};
use crate::connection::one_line;
use crate::lint::{Catalog, Finding, Level, Settings, all, lint, nearest};

/// What is asked for.
#[derive(Debug)]
pub struct LintRequest<'a> {
    /// Whose revisions; of a file that is no revision, whose SQL, where its folder does not say.
    pub dialect: Dialect,
    /// Where they are.
    pub project: &'a Project,
    /// Which of them.
    pub which: &'a [Which],
    /// All that this one does not need.
    pub since: Option<&'a Selector>,
    /// Files, each by itself a revision.
    pub files: &'a [PathBuf],
    /// Whether a file runs in a transaction that has no metadata.toml beside it.
    pub in_transaction: bool,
    /// A database that is asked for sizes, types and constraints.
    pub database: Option<&'a DatabaseUrl>,
    /// Levels that are not the rules' own.
    pub levels: &'a BTreeMap<String, Level>,
}

/// One file, and what was found in it.
#[derive(Debug)]
pub struct Linted {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The revision that it is.
    pub revision: Option<String>,
    /// Whether the database that was asked has applied it.
    pub applied: bool,
    pub(super) settings: Settings,
    pub(super) known: Catalog,
}

/// Which of a revision's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    Up,
    Down,
}

/// Everything that was found.
#[derive(Debug)]
pub struct LintReport {
    /// The files, in the order in which they run.
    pub files: Vec<Linted>,
    /// What was taken for granted, a sentence each.
    pub assumed: Vec<String>,
}

/// Why nothing can be linted.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// No such revision, or a folder or a database that can't be read.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A file or folder can't be read; the error names it.
    #[error("{0}; name a revision, an SQL file, or a folder that has some")]
    Read(#[from] std::io::Error),
    /// Nothing was looked at, which is no word for it.
    #[error("no folder in {} has an up.sql; name a folder of revisions, or the SQL files themselves", .0.display())]
    NoFile(PathBuf),
    /// A metadata.toml can't be understood.
    #[error("{path}:{error}", path = path.display())]
    Metadata {
        /// The file.
        path: PathBuf,
        /// Where and what.
        error: diesel_schema_core::revision::MetadataError,
    },
    /// A level for a rule that is none.
    #[error("no rule is called `{0}`{hint}", hint = meant(.0))]
    UnknownRule(String),
    /// A level in a Cargo.toml that is none.
    #[error("[workspace.metadata.diesel-schema.lint] {rule}: {reason}")]
    Level {
        /// The rule.
        rule: String,
        /// What a level is.
        reason: String,
    },
    /// A fix would change what a database does not run again.
    #[error(
        "the database has applied {0}, and does not run it again: nothing was written; write a revision that follows it"
    )]
    Applied(String),
    /// A file can't be written.
    #[error(transparent)]
    Write(#[from] write::WriteError),
}

/// What stands behind a name that no rule has.
fn meant(name: &str) -> String {
    let all = || all().iter().map(|rule| rule.name).collect::<Vec<_>>().join(", ");
    nearest(name).map_or_else(|| format!("; there are all, {}", all()), |near| format!(": did you mean `{near}`?"))
}

impl LintError {
    /// Whether it was typed wrongly.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Proof(ProofError::Selector(_)) | Self::UnknownRule(_))
    }
}

impl From<Error> for LintError {
    fn from(error: Error) -> Self {
        Self::Proof(error.into())
    }
}

/// A database as it was asked.
struct Asked {
    catalog: Catalog,
    applied: BTreeSet<String>,
}

/// Lints what is asked for. Without revisions, `since` and files: every revision.
///
/// # Errors
/// [`LintError`]. What is found is none.
pub fn lint_each(request: &LintRequest<'_>) -> Result<LintReport, LintError> {
    let asked = request.database.map(|url| ask(url, request.project.plain_below)).transpose()?;
    let mut chosen: BTreeMap<Dialect, BTreeSet<FileOf>> = BTreeMap::new();
    let mut loose = Vec::new();
    for path in named(request.files)? {
        match revision_of(request, &path)? {
            Some((dialect, file)) => {
                chosen.entry(dialect).or_default().insert(file);
            }
            None => loose.push(path),
        }
    }
    let mut report = LintReport { files: Vec::new(), assumed: Vec::new() };
    if request.files.is_empty() || !request.which.is_empty() || request.since.is_some() {
        let proof = proof_request(request, request.dialect);
        let found = read(&proof)?;
        let graph = graph(&found)?;
        let ids = selected(request, &proof, &graph)?;
        chosen.entry(request.dialect).or_default().extend(ids.into_iter().map(|id| (id, Half::Up)));
    }
    for (dialect, ids) in &chosen {
        let asked = asked.as_ref().filter(|_| request.database.is_some_and(|url| url.dialect == *dialect));
        lint_revisions(request, *dialect, ids, asked, &mut report)?;
    }
    lint_files(request, &loose, asked.as_ref(), &mut report)?;
    assume(request, &mut report);
    Ok(report)
}

/// The levels that the project sets (`[workspace.metadata.diesel-schema.lint]`), and over them those that were typed.
///
/// # Errors
/// A rule or a level that there is not.
pub fn lint_levels(project: &Project, said: &[(String, Level)]) -> Result<BTreeMap<String, Level>, LintError> {
    let mut levels = BTreeMap::new();
    for (rule, level) in &project.lint {
        let level = level.parse().map_err(|reason| LintError::Level { rule: rule.clone(), reason })?;
        levels.insert(rule.clone(), level);
    }
    levels.extend(said.iter().cloned());
    match levels.keys().find(|name| *name != "all" && all().iter().all(|rule| rule.name != name.as_str())) {
        Some(name) => Err(LintError::UnknownRule(name.clone())),
        None => Ok(levels),
    }
}

fn proof_request<'a>(request: &LintRequest<'a>, dialect: Dialect) -> ProofRequest<'a> {
    let LintRequest { project, which, .. } = request;
    ProofRequest { dialect, project, which, database: None, scratch_postgres: None }
}

/// The revisions that are meant.
fn selected(
    request: &LintRequest<'_>,
    proof: &ProofRequest<'_>,
    graph: &Graph<'_>,
) -> Result<BTreeSet<String>, ProofError> {
    let mut ids: BTreeSet<String> = if request.which.is_empty() {
        BTreeSet::new()
    } else {
        wanted(proof, graph)?.into_iter().map(str::to_owned).collect()
    };
    if request.which.is_empty() || request.since.is_some() {
        let since = request.since.map(|selector| graph.resolve(selector, None)).transpose()?.unwrap_or_default();
        let there = graph.ancestors(since);
        ids.extend(graph.order().iter().filter(|id| !there.contains(**id)).map(|id| (*id).to_owned()));
    }
    Ok(ids)
}

fn ask(url: &DatabaseUrl, plain_below: u64) -> Result<Asked, Error> {
    let failed = |error: diesel::result::Error| Error::Query {
        dialect: url.dialect,
        doing: "reading the schema",
        message: one_line(error),
    };
    let dialect = server::implementation(url.dialect)?;
    let mut connection = server::connect(url)?;
    let applied = history::applied(&mut *connection)?;
    let schema = dialect.read(&mut *connection).map_err(failed)?;
    let rows = dialect.row_estimates(&mut *connection).map_err(failed)?;
    let version = if url.dialect == Dialect::Postgres {
        let said = connection.rows("SELECT current_setting('server_version_num')").map_err(failed)?;
        said.into_iter().flatten().flatten().next().and_then(|it| it.parse::<u32>().ok()).map(|it| it / 10_000)
    } else {
        None
    };
    Ok(Asked { catalog: Catalog::of(&schema, &rows, plain_below).on_version(version), applied })
}

/// Lints those of a dialect's revisions, in their order, each behind all that come before it.
fn lint_revisions(
    request: &LintRequest<'_>,
    dialect: Dialect,
    files: &BTreeSet<FileOf>,
    asked: Option<&Asked>,
    report: &mut LintReport,
) -> Result<(), LintError> {
    let found = read(&proof_request(request, dialect))?;
    let graph = graph(&found)?;
    let applied = asked.map(|it| graph.ancestors(it.applied.iter().map(String::as_str))).unwrap_or_default();
    let in_order: Vec<&Revision> =
        graph.order().iter().filter_map(|id| found.iter().find(|revision| revision.id == *id)).collect();
    let mut read_so_far = Catalog::empty(request.project.plain_below);
    // Where a database stands, and what the revisions that it lacks make of it.
    let mut live = asked.map(|it| it.catalog.clone());
    if dialect == Dialect::Postgres
        && let Some(models) = locked(request.project)?
    {
        let mut all = read_so_far.clone();
        in_order.iter().for_each(|revision| all.take_script(&revision.up));
        read_so_far = read_so_far.decided_by(&models, &all);
        live = live.map(|live| live.decided_by(&models, &all));
    }
    for revision in in_order {
        let is_applied = applied.contains(revision.id.as_str());
        let mut lint_half = |half: Half, read_so_far: &Catalog, live: Option<&Catalog>| {
            let known = match live {
                Some(live) if is_applied => read_so_far.clone().with_sizes_of(live),
                Some(live) => live.clone(),
                None => read_so_far.clone(),
            };
            if files.contains(&(revision.id.clone(), half)) {
                report.files.extend(linted(request, dialect, (revision, half), known, is_applied));
            }
        };
        lint_half(Half::Up, &read_so_far, live.as_ref());
        if dialect == Dialect::Postgres {
            read_so_far.take_script(&revision.up);
            if let Some(live) = live.as_mut().filter(|_| !is_applied) {
                live.take_script(&revision.up);
            }
        }
        lint_half(Half::Down, &read_so_far, live.as_ref());
    }
    Ok(())
}

fn linted(
    request: &LintRequest<'_>,
    dialect: Dialect,
    (revision, half): (&Revision, Half),
    known: Catalog,
    applied: bool,
) -> Option<Linted> {
    let in_transaction = revision.run_in_transaction;
    let going_back = half == Half::Down;
    let settings = Settings { levels: request.levels.clone(), in_transaction, dialect, going_back };
    let (name, text) = match half {
        Half::Up => ("up.sql", revision.up.clone()),
        Half::Down => ("down.sql", revision.down.clone()?),
    };
    let findings = lint(&text, &settings, &mut known.clone());
    let (path, id) = (revision.folder.join(name), revision.id.clone());
    Some(Linted { path, text, findings, revision: Some(id), applied, settings, known })
}

/// Lints files that are no revisions of the project, one after the other.
fn lint_files(
    request: &LintRequest<'_>,
    paths: &[PathBuf],
    asked: Option<&Asked>,
    report: &mut LintReport,
) -> Result<(), LintError> {
    let mut known = match asked {
        Some(asked) => asked.catalog.clone(),
        None => locked(request.project)?.unwrap_or_else(|| Catalog::empty(request.project.plain_below)),
    };
    for path in paths {
        let text = fs_err::read_to_string(path)?;
        let in_transaction = says_transaction(path)?.unwrap_or(request.in_transaction);
        let dialect = path.ancestors().skip(1).find_map(|it| it.file_name()?.to_str()?.parse().ok());
        let dialect = dialect.unwrap_or(request.dialect);
        let going_back = path.file_name().is_some_and(|name| name == "down.sql");
        let settings = Settings { levels: request.levels.clone(), in_transaction, dialect, going_back };
        let before = known.clone();
        let findings = lint(&text, &settings, &mut known);
        report.files.push(Linted {
            path: path.clone(),
            text,
            findings,
            revision: None,
            applied: false,
            settings,
            known: before,
        });
    }
    Ok(())
}

/// What schema.lock says of PostgreSQL; `None` where there is none, or it is of others.
fn locked(project: &Project) -> Result<Option<Catalog>, Error> {
    let Some(lock) = read_lock(&project.layout.lock())? else { return Ok(None) };
    let Ok(dialect) = server::implementation(Dialect::Postgres) else { return Ok(None) };
    let declared = lock.expanded().map_err(|error| Error::Lock(error.to_string()))?;
    // What PostgreSQL can't express is no schema of its.
    let schema = dialect.lower(&declared).ok();
    Ok(schema.map(|schema| Catalog::of(&schema, &BTreeMap::new(), project.plain_below)))
}

/// A file of a revision: whose, and which.
type FileOf = (String, Half);

/// The file of a revision of the project that a path is.
fn revision_of(request: &LintRequest<'_>, path: &Path) -> Result<Option<(Dialect, FileOf)>, LintError> {
    let (name, half) = match path.file_name().and_then(|name| name.to_str()) {
        Some(name @ "up.sql") => (name, Half::Up),
        Some(name @ "down.sql") => (name, Half::Down),
        _ => return Ok(None),
    };
    let whole = fs_err::canonicalize(path)?;
    for dialect in Dialect::ALL {
        // A plain folder is one dialect's.
        let plain = matches!(request.project.layout, crate::config::Layout::Plain(_)) && dialect != request.dialect;
        let folder = request.project.layout.folder(dialect);
        let inside = folder.is_dir() && whole.starts_with(fs_err::canonicalize(&folder)?);
        if plain || !inside {
            continue;
        }
        let found = read(&proof_request(request, dialect))?;
        let same = |it: &&Revision| fs_err::canonicalize(it.folder.join(name)).is_ok_and(|it| it == whole);
        if let Some(revision) = found.iter().find(same) {
            return Ok(Some((dialect, (revision.id.clone(), half))));
        }
    }
    Ok(None)
}

/// The files that are named, and of each folder those that are in it.
fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, LintError> {
    let mut all = Vec::new();
    for path in paths {
        let found = files(std::slice::from_ref(path))?;
        if found.is_empty() {
            return Err(LintError::NoFile(path.clone()));
        }
        all.extend(found);
    }
    Ok(all)
}

/// The files, and each `up.sql` of the folders.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs_err::read_dir(path)? {
            let entry = entry?.path();
            if entry.is_dir() || entry.file_name().is_some_and(|name| name == "up.sql") {
                inside.push(entry);
            }
        }
        inside.sort();
        found.extend(files(&inside)?);
    }
    Ok(found)
}

/// What the metadata.toml beside a file says, where there is one.
fn says_transaction(file: &Path) -> Result<Option<bool>, LintError> {
    let path = file.with_file_name("metadata.toml");
    if !path.is_file() {
        return Ok(None);
    }
    let metadata = Metadata::parse(&fs_err::read_to_string(&path)?);
    let metadata = metadata.map_err(|error| LintError::Metadata { path, error })?;
    Ok(Some(metadata.run_in_transaction))
}

fn assume(request: &LintRequest<'_>, report: &mut LintReport) {
    let has = |dialect: Dialect| report.files.iter().any(|it| it.settings.dialect == dialect);
    let loose = report.files.iter().any(|it| it.revision.is_none());
    let mut assumed = Vec::new();
    if has(Dialect::Postgres) {
        assumed.push(match request.database.filter(|url| url.dialect == Dialect::Postgres) {
            Some(url) => format!(
                "sizes, types and constraints are those of {}, where a table of fewer than {} rows may be locked",
                url.redacted(),
                request.project.plain_below
            ),
            None => {
                let from = match (loose, request.project.layout.lock().is_file()) {
                    (false, _) => "the revisions before say",
                    (true, true) => "schema.lock and the files before say",
                    (true, false) => "the files before say",
                };
                format!(
                    "no database was asked (--database-url asks one): every table that a revision does not make itself is \
                     taken to be large and in use; types and constraints are those that {from}"
                )
            }
        });
    }
    if has(Dialect::Sqlite) || has(Dialect::Mysql) {
        assumed.push("SQLite's and MySQL's statements are judged by their words: no database was asked".to_owned());
    }
    report.assumed = assumed;
}
