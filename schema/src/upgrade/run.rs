//! From what is applied to the heads.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Graph;

use super::error::UpgradeError;
use super::job::{Job, Outcome};
use super::transient::jitter;
use super::{Applied, More, RevisionSet, applied as read_applied, postgres, sqlite, step};
use crate::connection::SqlConnection;

/// Between two looks at a lock that another process holds.
pub(super) const POLL: Duration = Duration::from_millis(100);

/// How an attempt ended well.
#[derive(Debug)]
pub(super) struct End {
    pub(super) at_first_look: bool,
    pub(super) heads: Vec<String>,
}

/// Applies what is pending, as the embedded upgrade does but without its retries: for revisions that were read from a
/// folder. `more` gives a second connection where there is one.
///
/// # Errors
/// As [`super::upgrade`].
pub fn run(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    set: &RevisionSet<'_>,
    lock_deadline: Duration,
) -> Result<Vec<Applied>, UpgradeError> {
    let mut done = Vec::new();
    run_until(connection, more, set, &mut done, Instant::now() + lock_deadline)?;
    Ok(done)
}

pub(super) fn run_until(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    set: &RevisionSet<'_>,
    done: &mut Vec<Applied>,
    deadline: Instant,
) -> Result<End, UpgradeError> {
    let started = Instant::now();
    let mut at_first_look = true;
    loop {
        let table = match read_applied(connection) {
            // SQLite's readers can be locked out too, for as long as another process commits.
            Err(UpgradeError::Query { transient: true, message, .. })
                if message.contains("database is locked") && Instant::now() < deadline =>
            {
                at_first_look = false;
                std::thread::sleep(jitter(POLL));
                continue;
            }
            table => table?,
        };
        let pending = pending(set, table.as_deref().unwrap_or_default())?;
        if pending.is_empty() {
            return Ok(End { at_first_look, heads: heads(set) });
        }
        if at_first_look {
            tracing::info!(pending = pending.join(", "), "the database is behind");
        }
        at_first_look = false;
        let mut tell = |it: &Applied| done.push(it.clone());
        if apply(connection, more, set, &pending, table.is_none(), None, &mut tell)? == Outcome::Busy {
            if Instant::now() >= deadline {
                let pending = pending.iter().map(|id| (*id).to_owned()).collect();
                return Err(UpgradeError::LockTimeout { waited: started.elapsed(), pending });
            }
            std::thread::sleep(jitter(POLL));
        }
    }
}

/// What is to be applied, in order.
pub(super) fn pending<'a>(set: &RevisionSet<'a>, table: &[String]) -> Result<Vec<&'a str>, UpgradeError> {
    // A normal start ends here: rows mostly come in the order in which they were written.
    if table.len() == set.revisions.len() && table.iter().zip(&set.revisions).all(|(row, it)| row == it.id) {
        return Ok(Vec::new());
    }
    let known: HashSet<&str> = set.revisions.iter().map(|revision| revision.id).collect();
    let unknown: BTreeSet<&str> = table.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
    if !unknown.is_empty() {
        let unknown = unknown.into_iter().map(str::to_owned).collect();
        return Err(UpgradeError::Ahead { unknown, heads: heads(set) });
    }
    // The table's key keeps its rows distinct.
    if table.len() >= known.len() {
        return Ok(Vec::new());
    }
    let graph = graph_of(set)?;
    Ok(graph.pending(table.iter().map(String::as_str)))
}

/// The graph of a set's revisions.
///
/// # Errors
/// [`UpgradeError::Graph`]: they make none.
pub fn graph_of<'a>(set: &RevisionSet<'a>) -> Result<Graph<'a>, UpgradeError> {
    let say = |errors: Vec<_>| errors.iter().map(ToString::to_string).collect::<Vec<String>>().join("; ");
    set.graph().map_err(|errors| UpgradeError::Graph(say(errors)))
}

fn heads(set: &RevisionSet<'_>) -> Vec<String> {
    set.heads.iter().map(|id| (*id).to_owned()).collect()
}

/// Applies `pending`, in this order, up to the first that another process is in the way of. With `guard`, each only
/// where all that it needs has a row, which another process may have taken away meanwhile.
pub(super) fn apply(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    set: &RevisionSet<'_>,
    pending: &[&str],
    mut create_table: bool,
    guard: Option<&Graph<'_>>,
    tell: &mut dyn FnMut(&Applied),
) -> Result<Outcome, UpgradeError> {
    let by_id: HashMap<&str, _> = set.revisions.iter().map(|revision| (revision.id, revision)).collect();
    for revision in pending.iter().filter_map(|id| by_id.get(id)) {
        step::check(connection, &Job::up(revision, set.dialect, false))?;
    }
    for revision in pending.iter().filter_map(|id| by_id.get(id)) {
        let job = Job::up(revision, set.dialect, create_table);
        let job = job.only_above(&guard.map(|graph| graph.needs(revision.id)).unwrap_or_default());
        let started = Instant::now();
        tracing::info!(revision = revision.id, folder = &*revision.folder, "applying");
        let outcome = execute(connection, more, &job)?;
        if outcome != Outcome::Done {
            tracing::debug!(revision = revision.id, ?outcome, "another process is upgrading");
            return Ok(outcome);
        }
        let elapsed = started.elapsed();
        tracing::info!(revision = revision.id, ?elapsed, "applied");
        tell(&Applied { id: revision.id.to_owned(), folder: revision.folder.to_string(), elapsed });
        create_table = false;
    }
    Ok(Outcome::Done)
}

pub(super) fn execute(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    job: &Job<'_>,
) -> Result<Outcome, UpgradeError> {
    step::check(connection, job)?;
    match job.dialect {
        Dialect::Postgres => postgres::run(connection, more, job),
        Dialect::Sqlite => sqlite::run(connection, job),
        Dialect::Mysql => Err(UpgradeError::NoRevisions(Dialect::Mysql)),
    }
}

/// Reverts one revision: its `down.sql`, together with its row. Whether others still need it is the caller's to know.
///
/// # Errors
/// As [`super::upgrade`]; there is no such revision or no `down.sql`.
pub fn downgrade_one(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    set: &RevisionSet<'_>,
    id: &str,
    lock_deadline: Duration,
) -> Result<(), UpgradeError> {
    let started = Instant::now();
    let Some(revision) = set.get(id) else {
        return Err(UpgradeError::Graph(format!("there is no revision {id}")));
    };
    let job = Job::down(revision, set.dialect)?;
    tracing::info!(revision = id, folder = &*revision.folder, "reverting");
    loop {
        match execute(connection, more, &job)? {
            Outcome::Busy if started.elapsed() >= lock_deadline => {
                return Err(UpgradeError::LockTimeout { waited: started.elapsed(), pending: vec![id.to_owned()] });
            }
            Outcome::Busy => std::thread::sleep(jitter(POLL)),
            Outcome::Done | Outcome::Elsewhere => {
                tracing::info!(revision = id, elapsed = ?started.elapsed(), "reverted");
                return Ok(());
            }
        }
    }
}
