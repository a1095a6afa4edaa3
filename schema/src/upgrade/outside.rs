//! A PostgreSQL revision that runs outside a transaction: statement by statement, so that it can be killed anywhere
//! and goes on from there.
//!
//! What can share a transaction is sent together with the note that it is done (`unfinished`): of such a statement
//! there is no half, and none runs twice. Of what can't (`CREATE INDEX CONCURRENTLY`), the catalog is asked how far
//! it came (`leftover`).

use std::ops::Range;

use diesel::result::Error;
use diesel_schema_core::sql::split::Statement;

use super::applied::{CREATE, fits, holds};
use super::job::{Control, Job, Outcome};
use super::language::named;
use super::leftover::{self, Found};
use super::postgres::{self, GONE, is_ours, place, says};
use super::settings::{Settings, literal, touched};
use super::statement::{Alone, Kind};
use super::step::Act;
use super::timeouts::waits_for_a_strong_lock;
use super::transient::{is_lock_timeout, is_transient};
use super::unfinished::{Former, Unfinished, sums};
use super::{More, UpgradeError, history, progress};
use crate::connection::SqlConnection;

/// Runs what is left of the job, inside the lock.
pub(super) fn run(connection: &mut dyn SqlConnection, more: &More<'_>, job: &Job<'_>) -> Result<Outcome, UpgradeError> {
    let there = holds(connection, job.id)
        .map_err(|error| UpgradeError::query("reading which revisions are applied", &error))?;
    if there.unwrap_or_default() == job.up || !fits(connection, job)? {
        return Ok(Outcome::Elsewhere);
    }
    if there.is_none() {
        connection.batch(CREATE).map_err(|error| UpgradeError::query("creating the table of revisions", &error))?;
    }
    let statements = job.statements();
    let kinds: Vec<Kind<'_>> = statements.iter().map(|statement| Kind::of(statement.sql)).collect();
    let sums = sums(&statements);
    let (row, former) = Unfinished::read(connection, job)?;
    if former.is_some() && still_running(connection, job)? {
        return Ok(Outcome::Busy);
    }
    let settings = touched(&statements).then(|| Settings::read(connection)).transpose();
    let settings = settings.map_err(|error| UpgradeError::query("reading the connection's settings", &error))?;
    let mut run = Run { connection, more, job, statements, kinds, sums, row, noted: false, settings };
    let outcome = run.from(former);
    if !matches!(outcome, Ok(Outcome::Done)) {
        let _ = run.connection.batch("ROLLBACK");
        if let Some(settings) = &run.settings {
            // The connection is gone where this fails.
            let _ = run.connection.batch(&settings.restore());
        }
    }
    outcome
}

/// The statements that are done.
fn first(done: usize) -> String {
    if done == 1 { "its first statement".to_owned() } else { format!("its first {done} statements") }
}

/// In front of every message, so that a server that did not notice the death of a process can be told to be at it.
fn tag(job: &Job<'_>) -> String {
    let id: String =
        job.id.chars().map(|c| if c.is_alphanumeric() || c == '.' || c == '-' { c } else { '?' }).collect();
    format!("/* diesel_schema {id} */ ")
}

/// Whether the server is still at a statement of a process that is gone.
fn still_running(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<bool, UpgradeError> {
    let sql = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND state = 'active' AND starts_with(query, {})",
        literal(&tag(job))
    );
    let rows = connection.rows(&sql).map_err(|error| UpgradeError::query("reading what the server is at", &error))?;
    Ok(!rows.is_empty())
}

/// Whether the server says that a statement can't share a transaction.
fn shares_none(error: &Error) -> bool {
    says(error, "inside a transaction block") || says(error, "invalid transaction termination")
}

/// A revision on its way.
struct Run<'c, 'j> {
    connection: &'c mut dyn SqlConnection,
    more: &'c More<'c>,
    job: &'c Job<'j>,
    statements: Vec<Statement<'j>>,
    kinds: Vec<Kind<'j>>,
    sums: Vec<String>,
    row: Unfinished,
    /// Whether the row is written.
    noted: bool,
    settings: Option<Settings>,
}

impl Run<'_, '_> {
    fn from(&mut self, former: Option<Former>) -> Result<Outcome, UpgradeError> {
        let mut begun = None;
        if let Some(former) = former {
            begun = self.go_on(former)?;
        } else if self.kinds[..] != [Kind::Whole] || self.job.step.is_some() {
            let created = self.row.create(self.connection, self.job.up, &self.sums[0]);
            created.map_err(|error| UpgradeError::query("noting that the revision is begun", &error))?;
            self.noted = true;
        }
        let mut at = self.row.done;
        if !self.job.up && at == 0 {
            self.job.step(self.connection, Act::Run)?;
        }
        while at < self.statements.len() {
            let outcome = match self.kinds[at].clone() {
                Kind::Session => self.plain(at).map(|()| Outcome::Done),
                Kind::Control(Control::Begin) => {
                    let end = self.block(at)?;
                    let outcome = self.run_block(at..end);
                    at = end;
                    outcome
                }
                Kind::Control(_) | Kind::Temporary => self.plain(at).and_then(|()| self.note(at + 1)),
                Kind::Whole if begun.is_none() => self.whole(at),
                Kind::Whole => self.alone(at, &Alone::Unknown, begun.take().as_deref()),
                Kind::Alone(kind) => self.alone(at, &kind, begun.take().as_deref()),
            }?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
            at += 1;
        }
        self.finish()
    }

    /// Takes up what a former run left; gives the statement that it had begun.
    fn go_on(&mut self, former: Former) -> Result<Option<String>, UpgradeError> {
        self.row = former.row;
        self.noted = true;
        let done = self.row.done;
        if self.sums.get(done) != Some(&former.sum) {
            return Err(self.told(
                None,
                format!("a former run ended after {}, and that part of the file was changed since", first(done)),
                "Put it back as it was; or do by hand what is different now, and",
            ));
        }
        if done > 0 && self.kinds[..done].contains(&Kind::Temporary) {
            return Err(self.told(
                Some(done),
                format!("a former run ended after {}, and its temporary tables went with it", first(done)),
                "Finish it by hand, and",
            ));
        }
        tracing::info!(revision = self.job.id, done, "going on where a former run ended");
        for at in 0..done {
            if self.kinds[at] == Kind::Session {
                self.plain(at)?;
            }
        }
        // The file may have been mended: what is begun then is not what is next.
        let begun = self.row.begun.clone();
        if let Some(begun) = begun.as_deref().filter(|begun| Some(*begun) != self.statements.get(done).map(|it| it.sql))
        {
            leftover::sweep(self.connection, begun, &tag(self.job)).map_err(|error| self.failed(done, &error, 0))?;
            return Ok(None);
        }
        Ok(begun)
    }

    /// What only a look at the database can decide, and how it is told then.
    fn told(&self, at: Option<usize>, message: String, next: &str) -> UpgradeError {
        let offset = at.and_then(|at| self.statements.get(at)).map(|statement| statement.offset);
        let next = format!(
            "{next} type `migrate repair {id}` to go on with the file as it is now, or `migrate stamp {id}` where all \
             of the revision is done.",
            id = self.job.id
        );
        self.job.failure(offset, message, None, next, false)
    }

    fn failed(&self, at: usize, error: &Error, before: usize) -> UpgradeError {
        let offset = self.statements.get(at).map(|statement| statement.offset);
        self.job.failed(error, offset, place(error).and_then(|place| place.checked_sub(before)))
    }

    /// Sends a statement as it is.
    fn plain(&mut self, at: usize) -> Result<(), UpgradeError> {
        let tag = tag(self.job);
        let sent = self.connection.batch(&format!("{tag}{}", self.statements[at].sql));
        sent.map_err(|error| self.failed(at, &error, tag.chars().count()))
    }

    /// The row's change, as the role that may change it.
    fn own(&self, sql: &str) -> String {
        self.settings.as_ref().map_or_else(|| sql.to_owned(), |settings| settings.as_first_role(sql))
    }

    /// Writes down that `done` statements are done.
    fn note(&mut self, done: usize) -> Result<Outcome, UpgradeError> {
        let sql = self.own(&self.row.mark(done, &self.sums[done]));
        let result = self.connection.batch(&sql);
        self.noted(done, result).map_err(|error| self.failed(done - 1, &error, 0))
    }

    fn noted(&mut self, done: usize, result: Result<(), Error>) -> Result<Outcome, Error> {
        match result {
            Ok(()) => {
                self.row.done = done;
                Ok(Outcome::Done)
            }
            // The server was at it for a process that is gone: another look.
            Err(error) if says(&error, GONE) => Ok(Outcome::Busy),
            Err(error) if self.job.is_elsewhere(self.connection, &error) => Ok(Outcome::Elsewhere),
            Err(error) => Err(error),
        }
    }

    /// A statement together with the note that it is done.
    fn whole(&mut self, at: usize) -> Result<Outcome, UpgradeError> {
        let note = if self.noted {
            self.own(&self.row.mark(at + 1, &self.sums[at + 1]))
        } else {
            // There is no other statement: its row in the table of revisions says the same.
            postgres::row(self.job)
        };
        let history = history::beside_one(self.job).filter(|_| !self.noted).map(|sql| format!("\n;{sql}"));
        let statement = self.statements[at].sql;
        let timeouts = self.job.timeouts.unless_set_in(self.job.sql);
        let strong = waits_for_a_strong_lock(statement);
        let local = if strong { timeouts } else { timeouts.for_any_lock() }.set_local();
        let before = format!("{}{note};{local}\n", tag(self.job));
        let sql = format!("{before}{statement}{}", history.unwrap_or_default());
        let mut attempts = timeouts.attempts();
        let result = loop {
            // What fails leaves nothing behind.
            let result = self.connection.batch(&sql).map_err(|error| {
                if is_ours(&error) { error } else { named(self.connection, error, &before, statement) }
            });
            match result {
                Err(Error::DatabaseError(_, info))
                    if strong && is_lock_timeout(info.message()) && attempts.again(self.job.id) => {}
                result => break result,
            }
        };
        match self.noted(at + 1, result) {
            Err(error) if shares_none(&error) => {
                let _ = self.connection.batch("ROLLBACK");
                if !self.noted {
                    let created = self.row.create(self.connection, self.job.up, &self.sums[0]);
                    created.map_err(|error| UpgradeError::query("noting that the revision is begun", &error))?;
                    self.noted = true;
                }
                self.alone(at, &Alone::Unknown, None)
            }
            outcome => outcome.map_err(|error| self.failed(at, &error, before.chars().count())),
        }
    }

    /// The end of a transaction that the file itself begins.
    fn block(&self, begin: usize) -> Result<usize, UpgradeError> {
        let ends = |kind: &Kind<'_>| matches!(kind, Kind::Control(Control::Commit | Control::Rollback));
        let length = self.kinds[begin..].iter().position(ends).ok_or_else(|| {
            let offset = Some(self.statements[begin].offset);
            let say = "it begins a transaction that it does not end".to_owned();
            self.job.failure(offset, say, None, "Write `COMMIT;` where it ends.".to_owned(), false)
        })?;
        Ok(begin + length)
    }

    /// A transaction of the file's own, with the note in it.
    fn run_block(&mut self, block: Range<usize>) -> Result<Outcome, UpgradeError> {
        for at in block.clone() {
            self.plain(at)?;
            if at == block.start {
                let local = self.job.timeouts.unless_set_in(self.job.sql).set_local();
                if !local.is_empty() {
                    self.connection.batch(&local).map_err(|error| self.failed(at, &error, 0))?;
                }
            }
        }
        let end = block.end;
        if self.kinds[end] != Kind::Control(Control::Commit) {
            self.plain(end)?;
            return self.note(end + 1);
        }
        let before = format!("{};\n", self.own(&self.row.mark(end + 1, &self.sums[end + 1])));
        let result = self.connection.batch(&format!("{before}{}", self.statements[end].sql));
        self.noted(end + 1, result).map_err(|error| self.failed(end, &error, before.chars().count()))
    }

    /// A statement that can't share a transaction, and again where it had no lock in time: the role may have a
    /// `lock_timeout` of its own, which waiting for others' transactions counts against. `begun` is what a former run had
    /// begun.
    fn alone(&mut self, at: usize, kind: &Alone<'_>, begun: Option<&str>) -> Result<Outcome, UpgradeError> {
        let mut attempts = self.job.timeouts.attempts();
        let mut begun = begun.map(str::to_owned);
        loop {
            let result = self.try_alone(at, kind, begun.as_deref());
            let Err(UpgradeError::Revision(failure)) = &result else { return result };
            // How far a procedure came that ends transactions itself can't be told.
            let passes = is_lock_timeout(&failure.message) && *kind != Alone::Unknown;
            if !passes || !attempts.again(self.job.id) {
                return result;
            }
            if let (_, Some(former)) = Unfinished::read(self.connection, self.job)? {
                self.row = former.row;
            }
            begun = self.row.begun.clone();
        }
    }

    fn try_alone(&mut self, at: usize, kind: &Alone<'_>, begun: Option<&str>) -> Result<Outcome, UpgradeError> {
        let sql = self.statements[at].sql;
        let tag = tag(self.job);
        if *kind == Alone::Unknown && begun.is_some() {
            return Err(self.told(
                Some(at),
                "a former run ended within this statement, which ends transactions itself: how far it came can't be \
                 told"
                    .to_owned(),
                "See what it did, write `SELECT 1;` in its place where it is not to run again, and",
            ));
        }
        let found = leftover::look(self.connection, kind, begun.map(|_| self.row.known.as_str()), &tag)
            .map_err(|error| self.failed(at, &error, 0))?;
        let (sent, before) = match found {
            Found::Done => {
                tracing::info!(revision = self.job.id, statement = sql, "passed over: its effect is there already");
                return self.note(at + 1);
            }
            Found::Undecided(say) => {
                let next = "Drop it, or have the file say what is there, and start again.".to_owned();
                return Err(self.job.failure(Some(self.statements[at].offset), say, None, next, false));
            }
            Found::Finish(finish) => (finish, 0),
            Found::Nothing => (format!("{tag}{sql}"), tag.chars().count()),
        };
        // A second start keeps what the first one wrote: the indexes that this one may have left are not known.
        if begun.is_none() {
            let table = if let Alone::Build(build) = kind { Some(build.table) } else { None };
            let result = self.connection.batch(&self.own(&self.row.begin(at, &self.sums[at], sql, table)));
            let outcome = self.noted(at, result).map_err(|error| self.failed(at, &error, 0))?;
            if outcome != Outcome::Done {
                return Ok(outcome);
            }
        }
        let result = match kind {
            Alone::Build(_) | Alone::Reindex(_) | Alone::Backfill => {
                progress::watch(self.more, self.job.id, &tag, || self.connection.batch(&sent))
            }
            _ => self.connection.batch(&sent),
        };
        if let Err(error) = result {
            let failed = matches!(error, Error::DatabaseError(..)) && !is_transient(&error);
            if failed && !matches!(kind, Alone::Build(_) | Alone::Reindex(_)) {
                // The server's own word that it is over. What a build leaves is still to be known as its own.
                let _ = self.connection.batch(&self.own(&self.row.mark(at, &self.sums[at])));
            }
            return Err(self.failed(at, &error, before));
        }
        self.note(at + 1)
    }

    /// The revision's row, and that of the history.
    fn rows(&self) -> String {
        let history = history::beside(self.job).map(|sql| format!(";{sql}")).unwrap_or_default();
        postgres::row(self.job) + &history
    }

    /// The revision's row instead of its unfinished one.
    fn finish(&mut self) -> Result<Outcome, UpgradeError> {
        let restore = self.settings.as_ref().map(Settings::restore);
        if self.job.up && self.job.step.is_some() {
            if let Some(restore) = &restore {
                self.connection.batch(restore).map_err(|error| self.job.failed(&error, None, None))?;
            }
            self.job.step(self.connection, Act::Run)?;
        }
        let row = self.noted.then(|| format!("{};{}", self.rows(), self.row.end()));
        let parts: Vec<String> = [restore, row].into_iter().flatten().collect();
        if parts.is_empty() {
            return Ok(Outcome::Done);
        }
        let result = self.connection.batch(&parts.join(";"));
        self.noted(self.row.done, result).map_err(|error| self.job.failed(&error, None, None))
    }
}
