//! What a revision does to a PostgreSQL server: each statement is run, and the server is asked which locks it took, and
//! which tables it read and wrote anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Revision;
use diesel_schema_core::sql::{position, split};

use super::each_revision::{ProofError, ProofRequest, graph, read, server_of, wanted};
use super::error::Error;
use super::scratches::Scratches;
use super::{run, server};
use crate::config::DatabaseUrl;
use crate::connection::{SqlConnection, one_line};
use crate::dialect::Scratch as _;

/// How long a statement waits for others where it is tried on a database that is in use.
const PATIENCE: &str = "SET LOCAL lock_timeout = '2s'";

/// What a revision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Whether it ran in one transaction, so that each lock was held up to the end of all.
    pub in_transaction: bool,
    /// Its statements, in order.
    pub statements: Vec<TracedStatement>,
}

/// What a statement did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedStatement {
    /// The line of `up.sql` where it begins.
    pub line: usize,
    /// The statement.
    pub sql: String,
    /// How long it took.
    pub took: Duration,
    /// The strongest lock that it took on each table, index, sequence or view that was there before, by name; not one
    /// of which the transaction held as strong a one already.
    pub locks: Vec<TakenLock>,
    /// Tables and indexes whose file is another one since.
    pub rewritten: Vec<String>,
    /// Tables whose rows it went over; `None` where it ran outside a transaction, where the server counts later.
    pub scanned: Option<Vec<String>>,
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenLock {
    /// What it is on.
    pub relation: String,
    /// In the manual's words: `ACCESS EXCLUSIVE`.
    pub mode: String,
    /// From the beginning of the statement to the end of the transaction; of a statement outside one, for as long as it
    /// was seen.
    pub held: Duration,
}

/// Why nothing can be traced.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// No scratch, no such revision, or a folder that can't be read.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// Another server.
    #[error("SQLite has one lock, on the whole database: `migrate trace` is for revisions of PostgreSQL")]
    NotPostgres,
    /// A statement fails.
    #[error("{file}:{line}: {message}")]
    Fails {
        /// The file.
        file: String,
        /// Where the statement begins.
        line: usize,
        /// What the server says.
        message: String,
    },
    /// It can't be taken back.
    #[error("revision {0} runs outside a transaction, so that nothing could take it back: trace it on a scratch")]
    NotUndone(String),
    /// It would end the transaction that is to be rolled back.
    #[error("{file}:{line} ends the transaction, so that nothing could take it back: trace it on a scratch")]
    Ends {
        /// The file.
        file: String,
        /// Where the statement begins.
        line: usize,
    },
}

impl From<Error> for TraceError {
    fn from(error: Error) -> Self {
        Self::Proof(error.into())
    }
}

/// Runs the revisions that are asked for, each on a scratch on which what it needs is applied. With `there`, in that
/// database instead, in a transaction that is rolled back: others wait for its locks meanwhile.
///
/// # Errors
/// [`TraceError`].
pub fn trace(
    request: &ProofRequest<'_>,
    there: Option<&DatabaseUrl>,
    pool: &Scratches,
) -> Result<Vec<Traced>, TraceError> {
    if request.dialect != Dialect::Postgres {
        return Err(TraceError::NotPostgres);
    }
    let found = read(request)?;
    let graph = graph(&found)?;
    let wanted = wanted(request, &graph)?;
    let mut all = Vec::new();
    for id in graph.order().iter().filter(|id| wanted.contains(**id)) {
        let Some(revision) = found.iter().find(|it| it.id == *id) else { continue };
        if let Some(url) = there {
            if !revision.run_in_transaction {
                return Err(TraceError::NotUndone(revision.id.clone()));
            }
            if let Some(offset) = ending(&revision.up) {
                return Err(TraceError::Ends { file: file(revision), line: position(&revision.up, offset).0 });
            }
            let mut connection = server::connect(url)?;
            all.push(within(&mut *connection, revision, "ROLLBACK", Some(PATIENCE))?);
            continue;
        }
        let server = server_of(request, pool)?;
        let mut scratch = server.scratch()?;
        let needs = graph.ancestors([*id]);
        run::begin(scratch.connection())?;
        for needed in found.iter().filter(|it| it.id != *id && needs.contains(it.id.as_str())) {
            run::script(scratch.connection(), &needed.up, needed.run_in_transaction)
                .map_err(|message| Error::Replay { file: needed.folder.join("up.sql"), message })?;
        }
        if revision.run_in_transaction {
            all.push(within(scratch.connection(), revision, "COMMIT", None)?);
        } else {
            let url = scratch.url().map(|target| DatabaseUrl { dialect: Dialect::Postgres, target: target.to_owned() });
            all.push(beside(scratch.connection(), url.as_ref(), revision)?);
        }
    }
    Ok(all)
}

/// What is said of a relation.
struct Relation {
    name: String,
    file: Option<String>,
    scans: Option<String>,
}

/// Every relation of the users', by its oid.
fn relations(connection: &mut dyn SqlConnection) -> Result<BTreeMap<String, Relation>, Error> {
    let sql = "SELECT c.oid::text, CASE WHEN n.nspname = 'public' THEN quote_ident(c.relname) \
         ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END, \
         pg_relation_filenode(c.oid)::text, \
         CASE WHEN c.relkind IN ('r', 'm') THEN pg_stat_get_xact_numscans(c.oid)::text END \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let relation = |row: Vec<Option<String>>| {
        let [oid, name, file, scans] = <[Option<String>; 4]>::try_from(row).ok()?;
        Some((oid?, Relation { name: name?, file, scans }))
    };
    Ok(asked(connection, sql)?.into_iter().filter_map(relation).collect())
}

/// The locks of a server process, by relation and mode.
fn locks(connection: &mut dyn SqlConnection, pid: &str) -> Result<BTreeSet<(String, String)>, Error> {
    let sql =
        format!("SELECT relation::text, mode FROM pg_locks WHERE pid = {pid} AND locktype = 'relation' AND granted");
    let lock = |row: Vec<Option<String>>| {
        let [relation, mode] = <[Option<String>; 2]>::try_from(row).ok()?;
        Some((relation?, mode?))
    };
    Ok(asked(connection, &sql)?.into_iter().filter_map(lock).collect())
}

fn asked(connection: &mut dyn SqlConnection, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
    connection.rows(sql).map_err(|error| Error::Query {
        dialect: Dialect::Postgres,
        doing: "asking what a statement did",
        message: one_line(error),
    })
}

/// The modes from weak to strong, as `pg_locks` and as the manual calls them.
const MODES: [(&str, &str); 8] = [
    ("AccessShareLock", "ACCESS SHARE"),
    ("RowShareLock", "ROW SHARE"),
    ("RowExclusiveLock", "ROW EXCLUSIVE"),
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

fn strength(mode: &str) -> Option<usize> {
    MODES.iter().position(|(_, manual)| *manual == mode)
}

/// The strongest of each relation that was there before.
fn strongest(
    taken: impl IntoIterator<Item = (String, String)>,
    known: &BTreeMap<String, Relation>,
) -> BTreeMap<String, &'static str> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (oid, mode) in taken {
        let (Some(relation), Some(strength)) = (known.get(&oid), MODES.iter().position(|(name, _)| *name == mode))
        else {
            continue;
        };
        let strongest = found.entry(relation.name.clone()).or_default();
        *strongest = strength.max(*strongest);
    }
    found.into_iter().map(|(name, strength)| (name, MODES[strength].1)).collect()
}

fn rewritten(before: &BTreeMap<String, Relation>, after: &BTreeMap<String, Relation>) -> Vec<String> {
    // An index of a column that has another type is dropped, and made again under its name.
    let again = |was: &Relation| after.values().find(|is| is.name == was.name);
    let moved = |(oid, was): &(&String, &Relation)| {
        let is = after.get(*oid).or_else(|| again(was));
        is.is_some_and(|is| was.file.is_some() && is.file.is_some() && was.file != is.file)
    };
    let mut names: Vec<String> = before.iter().filter(moved).map(|(_, was)| was.name.clone()).collect();
    names.sort();
    names
}

fn file(revision: &Revision) -> String {
    format!("{}/up.sql", revision.folder.file_name().unwrap_or_default().to_string_lossy())
}

/// Where the first statement is that ends a transaction.
fn ending(sql: &str) -> Option<usize> {
    let ends = |statement: &str| {
        let words: Vec<String> =
            split::tokens(statement, Dialect::Postgres).iter().map(|it| it.sql.to_lowercase()).collect();
        let is_partial = words.iter().any(|it| it == "to");
        match words.first().map(String::as_str) {
            Some("commit" | "end" | "abort") => true,
            Some("rollback") => !is_partial,
            Some("prepare") => words.get(1).is_some_and(|it| it == "transaction"),
            _ => false,
        }
    };
    split::split(sql, Dialect::Postgres).into_iter().find(|it| ends(it.sql)).map(|it| it.offset)
}

/// A statement that fails, at its place, with what the server says of it.
fn fails(revision: &Revision, offset: usize, error: &diesel::result::Error) -> TraceError {
    let message = match error {
        diesel::result::Error::DatabaseError(_, info) => {
            let said = [Some(info.message()), info.details(), info.hint()];
            said.into_iter().flatten().map(one_line).collect::<Vec<_>>().join("; ")
        }
        error => one_line(error),
    };
    TraceError::Fails { file: file(revision), line: position(&revision.up, offset).0, message }
}

/// In one transaction, which `end` ends.
fn within(
    connection: &mut dyn SqlConnection,
    revision: &Revision,
    end: &str,
    first: Option<&str>,
) -> Result<Traced, TraceError> {
    let begun = ["BEGIN"].into_iter().chain(first).try_for_each(|sql| connection.batch(sql));
    begun.map_err(|error| fails(revision, 0, &error))?;
    let known = relations(connection)?;
    let mut before = relations(connection)?;
    let mut held = locks(connection, "pg_backend_pid()")?;
    let mut statements = Vec::new();
    let mut starts = Vec::new();
    for statement in split::split(&revision.up, Dialect::Postgres) {
        let start = Instant::now();
        let result = connection.batch(statement.sql);
        let took = start.elapsed();
        if let Err(error) = result {
            let _ = connection.batch("ROLLBACK");
            return Err(fails(revision, statement.offset, &error));
        }
        let now = locks(connection, "pg_backend_pid()")?;
        let after = relations(connection)?;
        // What the transaction made nobody waits for.
        let scanned = |(oid, was): &(&String, &Relation)| {
            known.contains_key(*oid) && after.get(*oid).is_some_and(|is| is.scans != was.scans)
        };
        let mut names: Vec<String> = before.iter().filter(scanned).map(|(_, was)| was.name.clone()).collect();
        names.sort();
        let stood = strongest(held.iter().cloned(), &known);
        let mut taken = strongest(now.difference(&held).cloned(), &known);
        taken.retain(|relation, mode| stood.get(relation).is_none_or(|before| strength(before) < strength(mode)));
        let lock =
            |(relation, mode): (String, &str)| TakenLock { relation, mode: mode.to_owned(), held: Duration::ZERO };
        statements.push(TracedStatement {
            line: position(&revision.up, statement.offset).0,
            sql: statement.sql.to_owned(),
            took,
            locks: taken.into_iter().map(lock).collect(),
            rewritten: rewritten(&before, &after),
            scanned: Some(names),
        });
        starts.push(start);
        (held, before) = (now, after);
    }
    connection.batch(end).map_err(|error| fails(revision, 0, &error))?;
    for (statement, start) in statements.iter_mut().zip(starts) {
        let held = start.elapsed();
        statement.locks.iter_mut().for_each(|lock| lock.held = held);
    }
    Ok(Traced { id: revision.id.clone(), folder: revision.folder.clone(), in_transaction: true, statements })
}

/// Statement by statement, while another connection looks at the locks.
fn beside(
    connection: &mut dyn SqlConnection,
    url: Option<&DatabaseUrl>,
    revision: &Revision,
) -> Result<Traced, TraceError> {
    let pid = asked(connection, "SELECT pg_backend_pid()::text")?.into_iter().flatten().flatten().next();
    let pid = pid.unwrap_or_default();
    let known = relations(connection)?;
    let mut statements = Vec::new();
    for statement in split::split(&revision.up, Dialect::Postgres) {
        let before = relations(connection)?;
        let over = AtomicBool::new(false);
        let (result, took, seen) = std::thread::scope(|scope| {
            let (ready, looking) = channel();
            let watcher = url.map(|url| scope.spawn(|| watch(url, &pid, &over, ready)));
            if watcher.is_some() {
                // An error is a watcher that could not connect.
                let _ = looking.recv();
            }
            let start = Instant::now();
            let result = connection.batch(statement.sql);
            let took = start.elapsed();
            over.store(true, Ordering::SeqCst);
            (result, took, watcher.and_then(|watcher| watcher.join().ok()).unwrap_or_default())
        });
        result.map_err(|error| fails(revision, statement.offset, &error))?;
        let after = relations(connection)?;
        let held = |relation: &str| {
            let of = |((oid, _), times): (&(String, String), &(Instant, Instant))| {
                known.get(oid).filter(|it| it.name == relation).map(|_| times.1 - times.0)
            };
            seen.iter().filter_map(of).max().unwrap_or_default()
        };
        let taken = strongest(seen.keys().cloned(), &known);
        let lock =
            |(relation, mode): (String, &str)| TakenLock { held: held(&relation), relation, mode: mode.to_owned() };
        statements.push(TracedStatement {
            line: position(&revision.up, statement.offset).0,
            sql: statement.sql.to_owned(),
            took,
            locks: taken.into_iter().map(lock).collect(),
            rewritten: rewritten(&before, &after),
            scanned: None,
        });
    }
    Ok(Traced { id: revision.id.clone(), folder: revision.folder.clone(), in_transaction: false, statements })
}

/// The locks of the process, each with when it was seen first and last. Tells when it begins to look.
fn watch(
    url: &DatabaseUrl,
    pid: &str,
    over: &AtomicBool,
    ready: Sender<()>,
) -> BTreeMap<(String, String), (Instant, Instant)> {
    let mut seen: BTreeMap<(String, String), (Instant, Instant)> = BTreeMap::new();
    let Ok(mut connection) = server::establish(url) else { return seen };
    // The other side waits for it.
    let _ = ready.send(());
    while !over.load(Ordering::SeqCst) {
        let Ok(now) = locks(&mut *connection, pid) else { return seen };
        for lock in now {
            let at = Instant::now();
            seen.entry(lock).or_insert((at, at)).1 = at;
        }
    }
    seen
}
