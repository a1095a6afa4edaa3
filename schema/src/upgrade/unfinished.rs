//! How far a revision came that runs outside a transaction: a row of a table of its own, for as long as it is
//! unfinished.
//!
//! A statement that can share a transaction shares it with the change of this row, so that the row never says more or
//! less than what is done. Before any other one the row says that it is begun.

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::{self, Statement};
use sha2::{Digest as _, Sha256};

use super::job::{Job, quoted};
use super::postgres::{GONE, require};
use super::settings::literal;
use super::timeouts::Timeouts;
use super::{Options, RevisionSet, UpgradeError, applied};
use crate::connection::SqlConnection;

const NAME: &str = "__diesel_schema_unfinished";

/// The row of a revision, and where its table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// The table with its schema, quoted.
    table: String,
    id: String,
    /// How many statements are done.
    pub(super) done: usize,
    /// The statement after these which was begun, as it was written.
    pub(super) begun: Option<String>,
    /// The indexes that its table had then.
    pub(super) known: String,
}

/// What a former run left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Former {
    pub(super) row: Unfinished,
    /// The checksum of the statements that are done.
    pub(super) sum: String,
}

/// The checksums of no statement, the first, the first two and so on: white space and comments don't count.
pub(super) fn sums(statements: &[Statement<'_>]) -> Vec<String> {
    let mut hash = Sha256::new();
    let hex = |hash: &Sha256| hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut sums = vec![hex(&hash)];
    for statement in statements {
        for token in split::tokens(statement.sql, Dialect::Postgres) {
            hash.update(token.sql.as_bytes());
            hash.update([0]);
        }
        hash.update([1]);
        sums.push(hex(&hash));
    }
    sums
}

impl Unfinished {
    /// What a former run of the job left; its table stands beside that of applied revisions. Where there is none, a
    /// row that is still to be written.
    pub(super) fn read(
        connection: &mut dyn SqlConnection,
        job: &Job<'_>,
    ) -> Result<(Self, Option<Former>), UpgradeError> {
        let failed = |error| UpgradeError::query("reading what a former run left", &error);
        let place = format!(
            "SELECT quote_ident(n.nspname) || '.{NAME}', to_regclass(quote_ident(n.nspname) || '.{NAME}')::text \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = '{}'::regclass",
            super::TABLE
        );
        let mut place = connection.rows(&place).map_err(failed)?.into_iter().flatten();
        let table = place.next().flatten().unwrap_or_else(|| NAME.to_owned());
        let there = place.next().flatten().is_some();
        let new = Self { table, id: quoted(&[job.id]), done: 0, begun: None, known: String::new() };
        if !there {
            return Ok((new, None));
        }
        let sql = format!(
            "SELECT done::text, sum, begun, known FROM {} WHERE revision = {} AND up = {}",
            new.table, new.id, job.up
        );
        let rows = connection.rows(&sql).map_err(failed)?;
        let former = rows.into_iter().next().map(|row| {
            let mut row = row.into_iter();
            let done = row.next().flatten().and_then(|done| done.parse().ok()).unwrap_or_default();
            let sum = row.next().flatten().unwrap_or_default();
            let begun = row.next().flatten();
            let known = row.next().flatten().unwrap_or_default();
            Former { row: Self { done, begun, known, ..new.clone() }, sum }
        });
        Ok((new, former))
    }

    /// Writes the row of a revision of which nothing is done yet.
    pub(super) fn create(&self, connection: &mut dyn SqlConnection, up: bool, sum: &str) -> QueryResult<()> {
        connection.batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (revision varchar(50) PRIMARY KEY, up boolean NOT NULL, \
             done integer NOT NULL, sum text NOT NULL, begun text, known text, \
             started timestamptz NOT NULL DEFAULT now()); \
             INSERT INTO {table} (revision, up, done, sum) VALUES ({id}, {up}, 0, '{sum}') ON CONFLICT (revision) \
             DO UPDATE SET up = excluded.up, done = 0, sum = excluded.sum, begun = NULL, known = NULL, started = now()",
            table = self.table,
            id = self.id,
        ))
    }

    /// Says that `done` statements are done. Fails with [`GONE`] where another process went on meanwhile, and waits
    /// for one that is about to; the caller puts the number into `self` once it is committed.
    pub(super) fn mark(&self, done: usize, sum: &str) -> String {
        self.update(&format!("done = {done}, sum = '{sum}', begun = NULL, known = NULL"))
    }

    /// Says that `done` statements are done and that the next one, `sql`, is begun. Which indexes there are is written
    /// down where it builds one, which may have no name.
    pub(super) fn begin(&self, done: usize, sum: &str, sql: &str, table: Option<&str>) -> String {
        let known = table.map_or("NULL".to_owned(), |table| {
            let table = literal(table);
            format!("(SELECT string_agg(indexrelid::text, ',') FROM pg_index WHERE indrelid = to_regclass({table}))")
        });
        self.update(&format!("done = {done}, sum = '{sum}', begun = {}, known = {known}", literal(sql)))
    }

    fn update(&self, set: &str) -> String {
        let (table, id, done) = (&self.table, &self.id, self.done);
        let update = format!("UPDATE {table} SET {set} WHERE revision = {id} AND done = {done} RETURNING 1");
        format!("WITH mine AS ({update}) SELECT {} FROM mine", require("count(*) = 1", GONE))
    }

    /// Takes the row away, and the table with the last one.
    pub(super) fn end(&self) -> String {
        let (table, id) = (&self.table, &self.id);
        format!("DO $do$ BEGIN {} END $do$", end(table, id))
    }
}

/// The table may belong to another role: then it stays, empty.
fn end(table: &str, ids: &str) -> String {
    format!(
        "DELETE FROM {table} WHERE revision IN ({ids}); \
         BEGIN IF NOT EXISTS (SELECT FROM {table}) THEN DROP TABLE {table}; END IF; \
         EXCEPTION WHEN insufficient_privilege THEN NULL; END;"
    )
}

/// Takes the file of an unfinished revision as it is now: what is done stays done, whatever those statements say now,
/// and the next start goes on with the one after them. Says whether there was anything to take.
///
/// # Errors
/// There is no such revision, or the queries fail.
pub fn accept_unfinished(
    connection: &mut dyn SqlConnection,
    set: &RevisionSet<'_>,
    id: &str,
    options: &Options,
) -> Result<bool, UpgradeError> {
    let Some(revision) = set.get(id) else {
        return Err(UpgradeError::Graph(format!("there is no revision {id}")));
    };
    if connection.dialect() != Dialect::Postgres || revision.run_in_transaction || applied(connection)?.is_none() {
        return Ok(false);
    }
    let mut taken = false;
    for job in [Some(Job::up(revision, set, false)), Job::down(revision, set).ok()] {
        let Some(job) = job else { continue };
        let (_, Some(former)) = Unfinished::read(connection, &job)? else { continue };
        let sums = sums(&job.statements());
        let done = former.row.done.min(sums.len() - 1);
        let sql = Timeouts::from(options).set_local() + &former.row.mark(done, &sums[done]);
        connection.batch(&sql).map_err(|error| UpgradeError::query("taking the file as it is", &error))?;
        taken = true;
    }
    Ok(taken)
}

/// Forgets how far revisions came, where anything is known of it: what somebody stamps, he has looked after.
pub(super) fn forget(ids: &[&str]) -> String {
    let end = end(NAME, &quoted(ids));
    format!("DO $do$ BEGIN IF to_regclass('{NAME}') IS NOT NULL THEN {end} END IF; END $do$")
}
