//! The runner: one query when there is nothing to do; else lock, ask again, apply each revision with its row.

mod adopt;
mod applied;
mod backfill;
mod backup;
mod before;
mod changed;
mod error;
mod events;
mod history;
mod job;
mod language;
mod leftover;
mod losses;
mod migrations;
mod options;
mod outside;
mod postgres;
mod progress;
mod retries;
mod rows;
mod run;
mod runner;
mod script;
mod search_path;
mod session_lock;
mod set;
mod settings;
mod sqlite;
mod stamp;
mod statement;
mod status;
pub mod step;
mod target;
mod timeouts;
mod transient;
mod unfinished;
mod wait;

use std::time::{Duration, Instant};

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

pub use adopt::{AdoptError, Adoption, Tool, adoption};
pub use applied::{TABLE, applied, make_table};
pub use backfill::{Backfill, Filled};
pub use before::{BeforeUpgrade, Pending};
pub use changed::{ChangedFiles, changed};
pub use error::{Failure, Place, UpgradeError};
pub use events::{Event, events};
pub use history::HISTORY;
pub use losses::losses;
pub use migrations::{Migrations, MigrationsOf};
pub use options::{Options, seconds};
pub use retries::with_retries;
pub use run::{graph_of, run};
pub use runner::Runner;
pub use script::{Way, downgrade_script, stamp_script, upgrade_script};
pub use set::{RevisionRef, RevisionSet};
pub use stamp::Stamped;
pub use status::{Status, status};
pub use step::{RustStep, Step, StepFn};
pub use target::{to_undo, upgrade_to};
pub use unfinished::accept_unfinished;
pub use wait::standing;

use crate::connection::{AsSqlConnection, SqlConnection};

/// What an upgrade did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The revisions that this process applied, in order.
    pub applied: Vec<Applied>,
    /// Whether nothing was left to do at the first look.
    pub already_at_head: bool,
    /// Whether `RUN_MIGRATIONS` turned it off.
    pub skipped: bool,
    /// The database's heads afterwards; empty where it was skipped.
    pub heads: Vec<String>,
    /// How long all of it took, with waiting.
    pub elapsed: Duration,
}

/// A revision that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: String,
    /// How long its SQL took.
    pub elapsed: Duration,
}

/// A way to one more connection to the same database.
pub type More<'a> = dyn Fn() -> Option<Box<dyn AsSqlConnection>> + Sync + 'a;

struct Pooled<M: ManageConnection>(PooledConnection<M>);

impl<M: ManageConnection> AsSqlConnection for Pooled<M>
where
    M::Connection: AsSqlConnection,
{
    fn as_sql_connection(&mut self) -> &mut dyn crate::connection::SqlConnection {
        self.0.as_sql_connection()
    }
}

/// Brings the database to the binary's heads; call it before the server listens.
///
/// Faults that pass (no connection, a lock timeout, a deadlock, a server that is starting) are tried again after the
/// pauses of `options`.
///
/// Behind a pooler, give it two connections or more and `test_on_check_out(false)`: the test of Diesel's own
/// `ConnectionManager` is a named prepared statement.
///
/// # Errors
/// [`UpgradeError`]: what happened, where, and what to do next. Nothing is half applied then, save a revision that
/// says `run_in_transaction = false`.
pub fn upgrade<M>(pool: &Pool<M>, migrations: &Migrations, options: Options) -> Result<Report, UpgradeError>
where
    M: ManageConnection,
    M::Connection: AsSqlConnection,
{
    let more =
        || pool.get_timeout(Duration::from_secs(1)).ok().map(|it| Box::new(Pooled(it)) as Box<dyn AsSqlConnection>);
    let mut ran = false;
    report(&options, |tell| {
        let wait = options.connect_timeout.min(pool.connection_timeout());
        let mut connection = connection_of(pool, wait)?;
        attempt(&mut step::Typed::new(&mut *connection), &more, migrations, &options, &mut ran, tell)
    })
}

/// A connection of the pool. What is refused for good is refused soon, and a pool asks again for as long as it may wait.
fn connection_of<M: ManageConnection>(pool: &Pool<M>, wait: Duration) -> Result<PooledConnection<M>, UpgradeError> {
    let within = |wait| pool.get_timeout(wait).map_err(|error| UpgradeError::connect(&error));
    let soon = wait.min(Duration::from_millis(500));
    match within(soon) {
        Err(first) if first.is_transient() && soon < wait => {
            within(wait - soon).map_err(|last| if last.is_without_reason() { first } else { last })
        }
        done => done,
    }
}

/// As [`upgrade`], on one connection.
///
/// # Errors
/// As [`upgrade`].
pub fn upgrade_connection(
    connection: &mut (impl AsSqlConnection + 'static),
    migrations: &Migrations,
    options: Options,
) -> Result<Report, UpgradeError> {
    let mut ran = false;
    report(&options, |tell| {
        attempt(&mut step::Typed::new(&mut *connection), &|| None, migrations, &options, &mut ran, tell)
    })
}

fn attempt(
    connection: &mut dyn SqlConnection,
    more: &More<'_>,
    migrations: &Migrations,
    options: &Options,
    ran: &mut bool,
    tell: &mut dyn FnMut(&Applied),
) -> Result<run::End, UpgradeError> {
    let dialect = connection.dialect();
    // A normal start ends here, and makes nothing of its revisions before.
    if let Some(embedded) = migrations.of(dialect)
        && applied::are_all(connection, embedded.revisions.iter().map(|it| it.id))
    {
        return Ok(run::End { at_first_look: true, heads: wait::owned(embedded.heads) });
    }
    let set = migrations.set(dialect)?;
    let behind = |rows: Option<&[String]>| Ok(wait::owned(&run::pending(&set, rows.unwrap_or_default())?));
    before::then(connection, more, &behind, options, ran, |connection| {
        Runner::new(connection, more, &set, options).run(tell)
    })
}

fn report(
    options: &Options,
    mut attempt: impl FnMut(&mut dyn FnMut(&Applied)) -> Result<run::End, UpgradeError>,
) -> Result<Report, UpgradeError> {
    let started = Instant::now();
    options.check()?;
    if !options.run {
        tracing::info!("RUN_MIGRATIONS turns the upgrade off");
        return Ok(Report { skipped: true, ..Report::default() });
    }
    let mut applied = Vec::new();
    let say = |error: &UpgradeError, pause| {
        tracing::warn!(%error, ?pause, "the upgrade is tried again after a pause");
    };
    let end = with_retries(options, UpgradeError::is_transient, say, || attempt(&mut |it| applied.push(it.clone())));
    let end = end.inspect_err(|error| tracing::error!(%error, "the upgrade failed"))?;
    let elapsed = started.elapsed();
    let report = Report {
        already_at_head: end.at_first_look && applied.is_empty(),
        applied,
        skipped: false,
        heads: end.heads,
        elapsed,
    };
    let (count, heads) = (report.applied.len(), report.heads.join(", "));
    tracing::info!(applied = count, heads, ?elapsed, "the database is at head");
    Ok(report)
}
