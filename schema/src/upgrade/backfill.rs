//! Back-fills in batches: many short transactions instead of one long one, so that nobody waits for it.

use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error;
use diesel_schema_core::Dialect;

use super::postgres::{require, says};
use super::transient::{is_transient, jitter};
use crate::connection::{AsSqlConnection, SqlConnection, literal_for};

/// How often a batch is tried again that lost against another transaction, and the pause before.
const RETRIES: usize = 5;
const RETRY_PAUSE: Duration = Duration::from_millis(200);

const INSIDE: &str = "diesel_schema: inside a transaction";

/// Between two lines of the log.
const TOLD_EVERY: Duration = Duration::from_secs(5);

/// An `UPDATE` in batches, along the primary key, each in a transaction of its own, until no row is left.
///
/// It may be killed and started again: what is left is what the condition still holds of. Rows that others write
/// meanwhile are taken too: it goes over the table until a whole pass finds none.
///
/// ```
/// use std::time::Duration;
/// use diesel::{PgConnection, QueryResult};
/// use diesel_schema::upgrade::Backfill;
///
/// /// The step of a revision with `run_in_transaction = false`, registered at `embed_migrations!`.
/// fn fill_names(connection: &mut PgConnection) -> QueryResult<()> {
///     Backfill::new("users", "id")
///         .set("name = split_part(email, '@', 1)")
///         .while_any("name IS NULL")
///         .batch(5_000)
///         .pause(Duration::from_millis(100))
///         .run(connection)?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    table: String,
    key: Vec<String>,
    set: String,
    left: String,
    batch: u32,
    pause: Duration,
}

/// What a back-fill did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filled {
    /// The rows that it changed.
    pub rows: u64,
    /// The transactions that it took.
    pub batches: u64,
}

impl Backfill {
    /// Of a table, by its primary key or another unique one: `"id"`, or `"a, b"`. All texts are SQL, names included.
    #[must_use]
    pub fn new(table: impl Into<String>, key: &str) -> Self {
        let key = key.split(',').map(|column| column.trim().to_owned()).collect();
        let (set, left) = (String::new(), String::new());
        Self { table: table.into(), key, set, left, batch: 1_000, pause: Duration::ZERO }
    }

    /// What stands after `SET`.
    #[must_use]
    pub fn set(self, set: impl Into<String>) -> Self {
        Self { set: set.into(), ..self }
    }

    /// The rows that are left to do: `"name IS NULL"`. What [`set`](Self::set) does has to make it false.
    #[must_use]
    pub fn while_any(self, left: impl Into<String>) -> Self {
        Self { left: left.into(), ..self }
    }

    /// How many rows a transaction takes, at most; 1,000 where it is not said.
    #[must_use]
    pub fn batch(self, rows: u32) -> Self {
        Self { batch: rows.max(1), ..self }
    }

    /// How long to rest between two transactions; not at all where it is not said.
    #[must_use]
    pub fn pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Runs it to its end; the log tells how far it is.
    ///
    /// # Errors
    /// A statement fails; row-level security hides rows from the connection's role; a batch loses against other
    /// transactions too often; the connection is in a transaction, which would make one of all batches; or rows stay left
    /// that were just changed.
    pub fn run(&self, connection: &mut (impl AsSqlConnection + ?Sized)) -> QueryResult<Filled> {
        let connection = connection.as_sql_connection();
        if in_transaction(connection)? {
            let say = "a back-fill needs transactions of its own: write `run_in_transaction = false` into the \
                       revision's metadata.toml";
            return Err(Error::QueryBuilderError(say.into()));
        }
        let mut filled = Filled::default();
        self.first(connection, &mut filled)?;
        let mut told = Instant::now();
        loop {
            let before = filled.rows;
            let mut after = None;
            loop {
                let to = self.bound(connection, after.as_deref())?;
                let changed = self.update(connection, after.as_deref(), to.as_deref())?;
                filled.rows += changed;
                filled.batches += u64::from(changed > 0);
                tracing::debug!(table = self.table, changed, rows = filled.rows, "back-filled a batch");
                if told.elapsed() >= TOLD_EVERY {
                    tracing::info!(table = self.table, rows = filled.rows, batches = filled.batches, "back-filling");
                    told = Instant::now();
                }
                let Some(to) = to else { break };
                after = Some(to);
                std::thread::sleep(self.pause);
            }
            if filled.rows == before {
                tracing::info!(table = self.table, rows = filled.rows, batches = filled.batches, "back-filled");
                return Ok(filled);
            }
        }
    }

    /// The first batch, and whether its rows are not left any longer: else there would be no end.
    fn first(&self, connection: &mut dyn SqlConnection, filled: &mut Filled) -> QueryResult<()> {
        let to = self.bound(connection, None)?;
        let range = self.range(None, to.as_deref());
        connection.batch(begin(connection.dialect()))?;
        let result = self.change(connection, &range).and_then(|changed| {
            let left = format!("SELECT CAST(count(*) AS text) FROM {} WHERE {range}", self.table);
            Ok((changed, number(&connection.rows(&left)?)))
        });
        match result {
            Ok((changed, left)) if changed > 0 && left >= changed => {
                connection.batch("ROLLBACK")?;
                let say = format!(
                    "`{}` still holds of rows of {} after SET {}: it would never end; nothing was changed",
                    self.left, self.table, self.set
                );
                Err(Error::QueryBuilderError(say.into()))
            }
            Ok((changed, _)) => {
                connection.batch("COMMIT")?;
                filled.rows += changed;
                filled.batches += u64::from(changed > 0);
                Ok(())
            }
            Err(error) => {
                // Where the connection is gone, so is the transaction.
                let _ = connection.batch("ROLLBACK");
                // The batches try again.
                if is_transient(&error) { Ok(()) } else { Err(error) }
            }
        }
    }

    fn keys(&self) -> String {
        format!("({})", self.key.join(", "))
    }

    /// The rows that are left behind the key `after`, up to the key `to`.
    fn range(&self, after: Option<&[String]>, to: Option<&[String]>) -> String {
        let mut range = format!("({})", self.left);
        for (operator, key) in [(">", after), ("<=", to)] {
            if let Some(key) = key {
                range += &format!(" AND {} {operator} ({})", self.keys(), key.join(", "));
            }
        }
        range
    }

    /// The key of a batch's last row, as literals; `None` where the batch is the last one.
    fn bound(&self, connection: &mut dyn SqlConnection, after: Option<&[String]>) -> QueryResult<Option<Vec<String>>> {
        let columns: Vec<String> = self.key.iter().map(|column| format!("CAST({column} AS text)")).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT 1 OFFSET {}",
            columns.join(", "),
            self.table,
            self.range(after, None),
            self.key.join(", "),
            self.batch - 1
        );
        let dialect = connection.dialect();
        let row = of_all_rows(connection, |it| it.rows(&sql))?.into_iter().next();
        Ok(row.map(|row| row.into_iter().map(|text| literal_for(dialect, &text.unwrap_or_default())).collect()))
    }

    fn update(
        &self,
        connection: &mut dyn SqlConnection,
        after: Option<&[String]>,
        to: Option<&[String]>,
    ) -> QueryResult<u64> {
        let range = self.range(after, to);
        let mut retries = 0;
        loop {
            match of_all_rows(connection, |it| self.change(it, &range)) {
                Err(error) if is_transient(&error) && retries < RETRIES => {
                    retries += 1;
                    tracing::warn!(table = self.table, %error, "a batch of a back-fill is tried again");
                    std::thread::sleep(jitter(RETRY_PAUSE));
                }
                result => return result,
            }
        }
    }

    fn change(&self, connection: &mut dyn SqlConnection, range: &str) -> QueryResult<u64> {
        let update = format!("UPDATE {} SET {} WHERE {range}", self.table, self.set);
        if connection.dialect() == Dialect::Postgres {
            let sql = format!("WITH done AS ({update} RETURNING 1) SELECT count(*)::text FROM done");
            return Ok(number(&connection.rows(&sql)?));
        }
        connection.batch(&update)?;
        Ok(number(&connection.rows("SELECT changes()")?))
    }
}

/// How a transaction begins. What row-level security hides from this role would be passed over in silence, so that
/// PostgreSQL is told to refuse it.
const fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "BEGIN; SET LOCAL row_security = off",
        _ => "BEGIN",
    }
}

/// Runs a statement that has to see all rows.
fn of_all_rows<T>(
    connection: &mut dyn SqlConnection,
    run: impl FnOnce(&mut dyn SqlConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    if connection.dialect() != Dialect::Postgres {
        return run(connection);
    }
    connection.batch(begin(Dialect::Postgres))?;
    match run(connection) {
        Ok(found) => connection.batch("COMMIT").map(|()| found),
        Err(error) => {
            // Where the connection is gone, so is the transaction.
            let _ = connection.batch("ROLLBACK");
            Err(error)
        }
    }
}

fn number(rows: &[Vec<Option<String>>]) -> u64 {
    rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok()).unwrap_or_default()
}

fn in_transaction(connection: &mut dyn SqlConnection) -> QueryResult<bool> {
    if connection.dialect() == Dialect::Postgres {
        // Only the first message of a transaction is received when the transaction begins.
        return match connection.batch(&format!("SELECT {}", require("now() = statement_timestamp()", INSIDE))) {
            Err(error) if says(&error, INSIDE) => Ok(true),
            result => result.map(|()| false),
        };
    }
    match connection.batch("BEGIN; COMMIT") {
        Err(Error::DatabaseError(_, info)) if info.message().contains("within a transaction") => Ok(true),
        result => result.map(|()| false),
    }
}
