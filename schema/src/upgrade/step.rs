//! Steps in Rust: what SQL alone can't say of a data migration.
//!
//! A revision may have code beside its SQL: a `fn(&mut C) -> QueryResult<()>`, where `C` is the connection that the
//! upgrade runs on: `PgConnection`, `SqliteConnection`, or the application's enum of both.
//!
//! ```ignore
//! static MIGRATIONS: Migrations = embed_migrations!("migrations", steps: {
//!     "20260101000000" => fill_names,
//!     "20260102000000" => { up: hash_tokens, down: forget_tokens },
//!     "sqlite/20260103000000" => fold_case,
//! });
//!
//! fn fill_names(connection: &mut PgConnection) -> QueryResult<()> {
//!     // Write the tables here as this revision has them (`diesel::table!`): the models go on, it does not.
//!     diesel::update(users::table).set(users::name.eq(users::email)).execute(connection)?;
//!     Ok(())
//! }
//! ```
//!
//! The step of `up` runs after `up.sql`, that of `down` before `down.sql`, in the revision's transaction: it fails with
//! all of it. In a revision of `run_in_transaction = false` it has no transaction but those that it makes, and runs again
//! where the process ends in it, so that it has to bear that; [`Backfill`](super::Backfill) does. On SQLite, such a
//! revision's `up.sql` has to be `SELECT 1;`, and several processes may be in the step at once.
//!
//! `rust_step = true` in the revision's `metadata.toml` tells programs that run a folder that there is one: they refuse
//! the revision rather than leave the step out. `embed_migrations!` holds both against each other. The binary `migrate`
//! knows the steps where it is given them: `diesel_schema::cli::Migrate`.

use std::any::Any;
use std::fmt;

use diesel::connection::TransactionManager;
use diesel::{Connection, QueryResult};
use diesel_schema_core::Dialect;

use super::UpgradeError;
use super::job::Job;
use crate::connection::{AsSqlConnection, SqlConnection};

/// The code of one revision, as `embed_migrations!` registers it.
#[derive(Clone, Copy)]
pub struct RustStep {
    /// The revision.
    pub id: &'static str,
    /// Whose revision, where only one dialect's is meant.
    pub dialect: Option<Dialect>,
    /// Runs after `up.sql`.
    pub up: Option<&'static dyn StepCode>,
    /// Runs before `down.sql`.
    pub down: Option<&'static dyn StepCode>,
}

impl fmt::Debug for RustStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |code: Option<&'static dyn StepCode>| code.map(StepCode::connection);
        let (up, down) = (name(self.up), name(self.down));
        f.debug_struct("RustStep").field("id", &self.id).field("up", &up).field("down", &down).finish()
    }
}

/// Whether a revision has code, and whether this program knows it.
#[derive(Debug, Clone, Copy, Default)]
pub enum Step {
    /// It has none.
    #[default]
    None,
    /// Its `metadata.toml` says so, and that is all that is known.
    Unknown,
    /// It has this.
    Known(RustStep),
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        let kind = |step: &Self| match step {
            Self::None => (0, None, false, false),
            Self::Unknown => (1, None, false, false),
            Self::Known(step) => (2, Some(step.id), step.up.is_some(), step.down.is_some()),
        };
        kind(self) == kind(other)
    }
}

impl Eq for Step {}

/// What is done with a typed connection.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing: whether it is the right type.
    Look,
    /// Begins a transaction that Diesel knows of, so that the step's own ones nest in it.
    Begin,
    /// Runs the code.
    Run,
    /// Ends the transaction.
    Commit,
    /// Undoes it.
    Rollback,
}

/// Code that runs on one type of connection: see [`StepFn`].
pub trait StepCode: Sync {
    /// The name of that type.
    fn connection(&self) -> &'static str;

    /// Does it, where the connection is of that type.
    #[doc(hidden)]
    fn act(&self, connection: &mut dyn Any, act: Act) -> Option<QueryResult<()>>;
}

/// A function as a revision's code.
pub struct StepFn<C>(pub fn(&mut C) -> QueryResult<()>);

impl<C: Connection + AsSqlConnection + 'static> StepCode for StepFn<C> {
    fn connection(&self) -> &'static str {
        std::any::type_name::<C>()
    }

    fn act(&self, connection: &mut dyn Any, act: Act) -> Option<QueryResult<()>> {
        let connection = connection.downcast_mut::<C>()?;
        Some(match act {
            Act::Look => Ok(()),
            Act::Begin => C::TransactionManager::begin_transaction(connection),
            Act::Run => (self.0)(connection),
            Act::Commit => C::TransactionManager::commit_transaction(connection),
            Act::Rollback => C::TransactionManager::rollback_transaction(connection),
        })
    }
}

/// A connection together with its own type, which a step needs.
pub(crate) struct Typed<P>(P, Dialect);

impl<P> Typed<P>
where
    P: std::ops::DerefMut,
    P::Target: AsSqlConnection,
{
    pub(crate) fn new(mut connection: P) -> Self {
        let dialect = connection.as_sql_connection().dialect();
        Self(connection, dialect)
    }
}

impl<P> SqlConnection for Typed<P>
where
    P: std::ops::DerefMut,
    P::Target: AsSqlConnection + Sized + 'static,
{
    fn dialect(&self) -> Dialect {
        self.1
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.0.as_sql_connection().batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.0.as_sql_connection().rows(sql)
    }

    fn typed(&mut self, visit: &mut dyn FnMut(&mut dyn Any) -> bool) -> bool {
        visit(&mut *self.0) || self.0.as_sql_connection().typed(visit)
    }
}

/// A connection that steps in Rust can take, for [`Runner`](super::Runner) and [`run`](super::run).
pub fn typed<C: AsSqlConnection + 'static>(connection: Box<C>) -> impl SqlConnection {
    Typed::new(connection)
}

fn act(code: &dyn StepCode, connection: &mut dyn SqlConnection, act: Act) -> Option<QueryResult<()>> {
    let mut result = None;
    connection.typed(&mut |connection| {
        result = code.act(connection, act);
        result.is_some()
    });
    result
}

/// Refuses what can't be run before any of it is.
pub(super) fn check(connection: &mut dyn SqlConnection, job: &Job<'_>) -> Result<(), UpgradeError> {
    let revision = || job.id.to_owned();
    match (job.step_unknown, job.step) {
        (true, _) => Err(UpgradeError::StepUnknown { revision: revision() }),
        (false, Some(code)) if act(code, connection, Act::Look).is_none() => {
            Err(UpgradeError::StepConnection { revision: revision(), connection: code.connection() })
        }
        _ => Ok(()),
    }
}

impl Job<'_> {
    /// Has the job's code do something; nothing where it has none.
    pub(super) fn step(&self, connection: &mut dyn SqlConnection, what: Act) -> Result<(), UpgradeError> {
        let Some(code) = self.step else { return Ok(()) };
        let Some(result) = act(code, connection, what) else {
            return Err(UpgradeError::StepConnection { revision: self.id.to_owned(), connection: code.connection() });
        };
        result.map_err(|error| match what {
            Act::Run => self.step_failed(&error),
            _ => self.failed(&error, None, None),
        })
    }
}
