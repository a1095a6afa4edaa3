//! Whether models, lock, revisions and a database agree.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::lock::{Lock, LockedRevision};
use diesel_schema_core::revision::graph::Selector;

use super::error::Error;
use super::placement::Placement;
use super::prepare::{Request, prepare_at};
use super::revisions::{OnDisk, read_lock};
use super::scratches::Scratches;
use super::{Nobody, history, revisions, server};

/// What does not agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The revisions that are not applied, in order; `None` where no database was asked.
    pub pending: Option<Vec<String>>,
    /// The facts of schema.lock that models and revisions don't say (`-`), and those that only they say (`+`); `None` where there
    /// is no schema.lock.
    pub lock: Option<Vec<String>>,
    /// The changes that would make the live schema that of the models; `None` where no database was asked, or where it
    /// is not at head and can't be compared.
    pub live: Option<Vec<String>>,
}

/// Compares all of them; changes nothing.
///
/// # Errors
/// As [`super::prepare`]; that the database lacks revisions is no error, and found.
pub fn check(request: &Request<'_>) -> Result<Findings, Error> {
    let mut findings = Findings::default();
    if let Some(lock) = read_lock(&request.project.layout.lock())? {
        findings.lock = Some(differences(&lock, &as_they_are(request, &lock)?, request.declared));
    }
    let Some(url) = &request.database else { return Ok(findings) };
    let pending = pending(request, url.dialect, &mut *server::connect(url)?)?;
    if pending.is_empty() {
        findings.live = Some(live(request, url.dialect)?);
    }
    findings.pending = Some(pending);
    Ok(findings)
}

type Revisions = BTreeMap<Dialect, Vec<LockedRevision>>;

/// The revisions on disk of the dialects that the lock or the models name.
fn as_they_are(request: &Request<'_>, lock: &Lock) -> Result<Revisions, Error> {
    let mut revisions = Revisions::new();
    for dialect in lock.revisions.keys().chain(&request.declared.dialects) {
        let found = revisions::read(&request.project.layout.folder(*dialect))?;
        revisions.insert(*dialect, found.iter().map(OnDisk::locked).collect());
    }
    Ok(revisions)
}

fn differences(lock: &Lock, revisions: &Revisions, declared: &DeclaredSchema) -> Vec<String> {
    let facts = |lock: &Lock| -> BTreeSet<String> {
        lock.to_string().lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
    };
    let (locked, models) = (facts(lock), facts(&Lock::new(revisions.clone(), declared)));
    let gone = locked.difference(&models).map(|fact| format!("- {fact}"));
    let new = models.difference(&locked).map(|fact| format!("+ {fact}"));
    let mut both: Vec<String> = gone.chain(new).collect();
    both.sort_by(|a, b| (&a[2..], &a[..1]).cmp(&(&b[2..], &b[..1])));
    both
}

fn pending(
    request: &Request<'_>,
    dialect: Dialect,
    connection: &mut dyn crate::connection::SqlConnection,
) -> Result<Vec<String>, Error> {
    let folder = request.project.layout.folder(dialect);
    let found = revisions::read(&folder)?;
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
