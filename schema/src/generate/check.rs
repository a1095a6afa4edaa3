//! Whether models, lock, revisions and a database agree.

use std::collections::BTreeSet;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::lock::Lock;
use diesel_schema_core::revision::graph::Selector;

use super::contract::Phase;
use super::error::Error;
use super::placement::Placement;
use super::prepare::{Request, prepare_at};
use super::revisions::read_lock;
use super::scratches::Scratches;
use super::{Nobody, history, revisions, server};
use crate::config::Layout;

/// What does not agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The revisions that are not applied, in order; `None` where no database was asked.
    pub pending: Option<Vec<String>>,
    /// The facts of schema.lock that the models don't say (`-`), and those that only they say (`+`); `None` where there
    /// is no schema.lock.
    pub lock: Option<Vec<String>>,
    /// What the revisions on disk are otherwise than in schema.lock, in any dialect, and heads that nothing merges; `None`
    /// where there is no schema.lock.
    pub revisions: Option<Vec<String>>,
    /// The changes that would make the live schema that of the models; `None` where no database was asked, or where it
    /// is not at head and can't be compared.
    pub live: Option<Vec<String>>,
    /// What waits for `autogenerate --contract`.
    pub waiting: Vec<String>,
}

/// Compares all of them; changes nothing.
///
/// # Errors
/// As [`super::prepare`]; that the database lacks revisions is no error, and found.
pub fn check(request: &Request<'_>) -> Result<Findings, Error> {
    let mut findings = Findings::default();
    if let Some(lock) = read_lock(&request.project.layout.lock())? {
        findings.lock = Some(differences(&lock, request.declared));
        findings.revisions = Some(strays(&lock, request)?);
        findings.waiting = lock.contract();
    }
    let Some(url) = &request.database else { return Ok(findings) };
    let pending = pending(request, url.dialect, &mut *server::connect(url)?)?;
    if pending.is_empty() {
        findings.live = Some(live(request, url.dialect)?);
    }
    findings.pending = Some(pending);
    Ok(findings)
}

fn differences(lock: &Lock, declared: &DeclaredSchema) -> Vec<String> {
    let facts = |lock: &Lock| -> BTreeSet<String> {
        let told = |line: &&str| !(line.is_empty() || line.starts_with('#') || line.starts_with("waiting "));
        lock.to_string().lines().filter(told).map(str::to_owned).collect()
    };
    let (locked, models) = (facts(lock), facts(&Lock::new(lock.revisions.clone(), declared)));
    let gone = locked.difference(&models).map(|fact| format!("- {fact}"));
    let new = models.difference(&locked).map(|fact| format!("+ {fact}"));
    let mut both: Vec<String> = gone.chain(new).collect();
    both.sort_by(|a, b| (&a[2..], &a[..1]).cmp(&(&b[2..], &b[..1])));
    both
}

/// What each dialect's folder has otherwise than the lock, a sentence each.
fn strays(lock: &Lock, request: &Request<'_>) -> Result<Vec<String>, Error> {
    let layout = &request.project.layout;
    let declared = &request.declared.dialects;
    let dialects: BTreeSet<Dialect> = match layout {
        Layout::Dialects(_) => declared.iter().chain(lock.revisions.keys()).copied().collect(),
        // A plain folder is of one dialect, which nothing in it says.
        Layout::Plain(_) => declared.iter().copied().filter(|_| declared.len() == 1).collect(),
    };
    let mut said = Vec::new();
    for dialect in dialects {
        let found = revisions::read(&layout.folder(dialect))?;
        let known = lock.revisions.get(&dialect).map_or(&[][..], Vec::as_slice);
        for revision in &found {
            let name = revision.name();
            match known.iter().find(|it| it.id == revision.id) {
                None => said.push(format!("{dialect}: {name} is not in schema.lock")),
                Some(it) if it.checksum != revision.checksum => {
                    said.push(format!("{dialect}: {name} was edited after schema.lock was written"));
                }
                Some(it) if *it != revision.locked() => {
                    said.push(format!("{dialect}: {name} has other parents or dependencies than in schema.lock"));
                }
                Some(_) => {}
            }
        }
        let gone = known.iter().filter(|it| found.iter().all(|revision| revision.id != it.id));
        said.extend(gone.map(|it| format!("{dialect}: {} of schema.lock has no folder", it.id)));
        let heads = revisions::heads(&found);
        if heads.len() > 1 {
            let heads = heads.join(" ");
            said.push(format!("{dialect}: there are several heads, run `migrate merge {heads} NAME`"));
        }
    }
    Ok(said)
}

fn pending(
    request: &Request<'_>,
    dialect: Dialect,
    connection: &mut dyn crate::connection::SqlConnection,
) -> Result<Vec<String>, Error> {
    let folder = request.project.layout.folder(dialect);
    let found = revisions::read(&folder)?;
    history::means_public(connection, request.declared)?;
    match history::at_head(&history::applied(connection)?, &found, &folder) {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Behind { pending }) => Ok(pending),
        Err(error) => Err(error),
    }
}

fn live(request: &Request<'_>, dialect: Dialect) -> Result<Vec<String>, Error> {
    if !request.declared.dialects.contains(&dialect) {
        return Err(Error::ForeignDialect { database: dialect, at: request.declared.at.clone() });
    }
    let mut declared = request.declared.clone();
    declared.dialects = vec![dialect];
    let request = Request {
        declared: &declared,
        name: "check",
        project: request.project,
        database: request.database.clone(),
        scratch_postgres: request.scratch_postgres.clone(),
        renames: &[],
        allow_data_loss: true,
        keep_data: false,
        phase: Phase::BySize,
        plain: true,
        now: request.now,
    };
    // Several heads are no reason not to compare.
    let placement = Placement {
        parents: &[Selector::heads()],
        splice: false,
        branch_labels: &[],
        depends_on: &[],
        id: None,
        merge: false,
    };
    let prepared = prepare_at(&request, Some(&placement), &Scratches::default(), &mut Nobody)?;
    let changes = prepared.dialects.iter().flat_map(|part| &part.transition.changes);
    Ok(changes.map(|change| change.describe()).collect())
}
