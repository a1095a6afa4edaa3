//! What every operation on a database's revisions needs, and how one revision is run.

use std::collections::HashMap;
use std::time::Instant;

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Graph;

use super::changed::changed;
use super::history::{self, State, Who};
use super::job::{Job, Outcome};
use super::timeouts::Timeouts;
use super::transient::is_lock_timeout;
use super::wait::Wait;
use super::{Applied, More, Options, RevisionRef, RevisionSet, UpgradeError, postgres, search_path, sqlite, step};
use crate::connection::SqlConnection;

/// One database, the revisions for it, and how to go about them: for one upgrade, downgrade or stamp.
pub struct Runner<'a, 's> {
    pub(super) connection: &'a mut dyn SqlConnection,
    pub(super) more: &'a More<'a>,
    pub(super) set: &'a RevisionSet<'s>,
    pub(super) wait: Wait,
    pub(super) history: State,
    /// This process, as the server knows it.
    pub(super) who: Option<Who>,
    /// What it has applied without its row of the history being certain.
    pub(super) uncertain: Vec<String>,
    pub(super) timeouts: Timeouts,
    files_are_known: bool,
    path_is_known: bool,
}

impl<'a, 's> Runner<'a, 's> {
    /// `more` gives a second connection where there is one; the deadline of `options` counts from now.
    pub fn new(
        connection: &'a mut dyn SqlConnection,
        more: &'a More<'a>,
        set: &'a RevisionSet<'s>,
        options: &'a Options,
    ) -> Self {
        Self {
            connection,
            more,
            set,
            wait: Wait::new(options.lock_deadline),
            history: State::Unknown,
            who: None,
            uncertain: Vec::new(),
            timeouts: options.into(),
            files_are_known: false,
            path_is_known: false,
        }
    }

    /// Applies `pending`, in this order, up to the first that another process is in the way of. With `guard`, each only
    /// where all that it needs has a row, which another process may have taken away meanwhile; without, that is asked of
    /// the first alone, whose parents were seen in `table`: each other one follows at once on one of these.
    pub(super) fn apply(
        &mut self,
        pending: &[&str],
        table: Option<&[String]>,
        guard: Option<&Graph<'_>>,
        tell: &mut dyn FnMut(&Applied),
    ) -> Result<Outcome, UpgradeError> {
        if self.open_history()? == Outcome::Busy {
            return Ok(Outcome::Busy);
        }
        self.files_as_applied(table)?;
        if table.is_some() && !std::mem::replace(&mut self.path_is_known, true) {
            search_path::look(self.connection);
        }
        let set = self.set;
        let by_id: HashMap<&str, _> = set.revisions.iter().map(|revision| (revision.id, revision)).collect();
        let mut create_table = table.is_none();
        let mut jobs = Vec::new();
        for revision in pending.iter().filter_map(|id| by_id.get(id)) {
            let job = Job::up(revision, set, std::mem::replace(&mut create_table, false));
            step::check(self.connection, &job)?;
            let seen = |parent: &&&str| table.is_some_and(|rows| rows.iter().any(|row| row == **parent));
            let needs = match guard {
                Some(graph) => graph.needs(revision.id),
                None if jobs.is_empty() => {
                    revision.down_revision.iter().chain(&*revision.depends_on).filter(seen).copied().collect()
                }
                None => Vec::new(),
            };
            jobs.push((revision, job.only_above(&needs)));
        }
        for (revision, job) in jobs {
            let outcome = self.one(revision, job, tell)?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Done)
    }

    /// Refuses files that changed after they were applied; looked at once.
    pub(super) fn files_as_applied(&mut self, table: Option<&[String]>) -> Result<(), UpgradeError> {
        if std::mem::replace(&mut self.files_are_known, true) || table.is_none_or(<[String]>::is_empty) {
            return Ok(());
        }
        let changed = self.wait.read(|| changed(self.connection, self.set))?;
        if changed.is_empty() { Ok(()) } else { Err(UpgradeError::ChangedFiles(changed)) }
    }

    /// Runs a revision, up or down, and tells of it.
    pub(super) fn one(
        &mut self,
        revision: &RevisionRef<'_>,
        mut job: Job<'_>,
        tell: &mut dyn FnMut(&Applied),
    ) -> Result<Outcome, UpgradeError> {
        let who = || self.who.as_ref().unwrap_or(Who::this(job.dialect)).clone();
        job.history = (self.history == State::On).then(who);
        job.timeouts = self.timeouts;
        job.started = Instant::now();
        let (doing, done) = if job.up { ("applying", "applied") } else { ("reverting", "reverted") };
        tracing::info!(revision = revision.id, folder = &*revision.folder, "{doing}");
        let outcome = self.execute(&job)?;
        if outcome != Outcome::Done {
            tracing::debug!(revision = revision.id, ?outcome, "another process is upgrading");
            return Ok(outcome);
        }
        let elapsed = job.started.elapsed();
        tracing::info!(revision = revision.id, ?elapsed, "{done}");
        if job.up && !history::is_certain(&job) {
            self.uncertain.push(job.id.to_owned());
        }
        tell(&Applied { id: revision.id.to_owned(), folder: revision.folder.to_string(), elapsed });
        Ok(outcome)
    }

    /// Runs it, and again where it had no lock in time and left nothing behind.
    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
        step::check(self.connection, job)?;
        job.no_rows_for_psql()?;
        let mut attempts = self.timeouts.attempts();
        loop {
            let outcome = match job.dialect {
                Dialect::Postgres => postgres::run(self.connection, self.more, job),
                Dialect::Sqlite => sqlite::run(self.connection, job),
                Dialect::Mysql => Err(UpgradeError::NoRevisions(Dialect::Mysql)),
            };
            let mut error = match outcome {
                Ok(outcome) => return Ok(outcome),
                Err(error) => error,
            };
            if let UpgradeError::Revision(failure) = &mut error
                && is_lock_timeout(&failure.message)
            {
                if job.run_in_transaction && attempts.again(job.id) {
                    continue;
                }
                // The budget is spent.
                failure.transient = false;
            }
            self.failed(job, &error);
            return Err(error);
        }
    }
}
