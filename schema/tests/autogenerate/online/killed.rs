//! Every sequence, killed between any two messages to the server, and gone on with by the next process.

use diesel::QueryResult;
use diesel::result::Error;
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{DeclaredSchema, Identity, Model};
use diesel_schema::generate::{Nobody, connect};
use diesel_schema::schema::Schema;
use diesel_schema::upgrade::Options;

use super::{Way, a_number, a_token, and, attach, bare_t, by, columns, reference, set, split};
use crate::build::*;
use crate::journey::Journey;
use crate::live::{Live, To, travel};

/// A connection that is gone after so many messages.
struct Fuse {
    connection: Option<Box<dyn SqlConnection>>,
    left: usize,
}

impl Fuse {
    fn next(&mut self) -> QueryResult<&mut (dyn SqlConnection + 'static)> {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => self.connection = None,
        }
        self.connection.as_deref_mut().ok_or_else(|| Error::QueryBuilderError("killed".into()))
    }
}

impl SqlConnection for Fuse {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.next()?.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.next()?.rows(sql)
    }
}

fn patient() -> Options {
    Options { lock_deadline: std::time::Duration::from_secs(60), ..Options::default() }
}

/// There and back again and again, killed one message later each time, until nothing is left to kill. Gives the number
/// of messages.
fn killed_everywhere(live: &mut Live, folder: &std::path::Path, new: &[String]) -> usize {
    let options = patient();
    let old = live.read().unwrap();
    live.upgrade(folder).unwrap();
    let there = live.read().unwrap();
    assert_ne!(old, there);
    live.downgrade(folder, new).unwrap();
    for left in 0.. {
        let mut unharmed = 0;
        for (to, end) in [(To::Up(None), &there), (To::Behind(new), &old)] {
            let mut fuse = Fuse { connection: Some(connect(&live.url).unwrap()), left };
            let first = travel(&live.url, &mut fuse, folder, to, &options);
            unharmed += usize::from(first.is_ok());
            drop(fuse);
            let mut next = connect(&live.url).unwrap();
            let went_on = first.or_else(|_| travel(&live.url, &mut *next, folder, to, &options));
            went_on.unwrap_or_else(|error| panic!("after {left} messages: {error}"));
            same_but_for_the_order(&live.read().unwrap(), end, left);
        }
        if unharmed == 2 {
            return left;
        }
    }
    unreachable!("there is an end")
}

/// A column that came back stands last.
fn same_but_for_the_order(found: &Schema, wanted: &Schema, left: usize) {
    let sorted = |schema: &Schema| {
        let mut schema = schema.clone();
        schema.tables.values_mut().for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
        schema
    };
    assert_eq!(sorted(found), sorted(wanted), "after {left} messages");
}

pub(super) fn killed(way: &Way) {
    killed_on(way.begin(0), &way.declared());
}

pub(super) fn killed_on(mut journey: Journey, to: &DeclaredSchema) {
    let prepared = journey.bench.prepare(to, &mut Nobody, true).unwrap();
    let revisions = prepared.dialects[0].transition.segments.len();
    let (_, ids) = journey.write(to).unwrap();
    let folder = journey.folder();
    let messages = killed_everywhere(&mut journey.live, &folder, &ids);
    assert!(revisions > 1 && messages > revisions, "{messages} messages for {revisions} revisions");
}

fn to(table: Model) -> Way {
    Way::of(bare_t(), table)
}

#[test]
fn not_null_and_constraints() {
    killed(&to(set().check("a > 0").foreign_key(reference()).unique(key(&["b"])).index(index([by("p")]))));
}

#[test]
fn a_volatile_default() {
    killed(&to(and(a_token())));
}

#[test]
fn an_identity() {
    killed(&to(and(a_number(Identity::ByDefault))));
}

#[test]
fn a_serial() {
    killed(&to(and(a_number(Identity::Serial))));
}

#[test]
fn what_goes() {
    let [a, b, p] = columns();
    let from = t("t", [a.not_null(), b, p, a_token()]).check("a > 0").index(index([by("p")]));
    killed(&Way::of(from, bare_t()));
}

#[test]
fn partitions() {
    killed(&split::to(split::some()));
}

#[test]
fn attached() {
    let (mut live, mut new, revisions) = attach::revisions(true);
    let root = tempfile::tempdir().unwrap();
    let (mut ids, mut parents) = (Vec::new(), String::new());
    for (at, (up, run_in_transaction)) in revisions.iter().enumerate() {
        let id = format!("{at:02}");
        let folder = root.path().join(format!("{id}_attach"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("up.sql"), up).unwrap();
        // Attached by the last one.
        let down = "SELECT 1;\n";
        std::fs::write(folder.join("down.sql"), down).unwrap();
        let metadata = format!("run_in_transaction = {run_in_transaction}\ndown_revision = [{parents}]\n");
        std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
        parents = format!("\"{id}\"");
        ids.push(id);
    }
    let options = patient();
    // Nothing here goes back, so each death is one of the same upgrade.
    for left in 3.. {
        let mut fuse = Fuse { connection: Some(connect(&live.url).unwrap()), left };
        if travel(&live.url, &mut fuse, root.path(), To::Up(None), &options).is_ok() {
            break;
        }
    }
    assert_eq!(live.read().unwrap(), new.read().unwrap());
}

/// Killed in the middle of a back-fill, which can't end while somebody else holds a row.
#[test]
fn within_a_backfill() {
    let way = to(and(a_token()));
    let mut journey = way.begin(0);
    let (_, ids) = journey.write(&way.declared()).unwrap();
    let (folder, url) = (journey.folder(), journey.live.url.clone());
    let up = |to| travel(&url, &mut *connect(&url).unwrap(), &folder, To::Up(to), &patient());
    up(Some(&ids[0])).unwrap();
    let mut holder = connect(&url).unwrap();
    holder.batch("BEGIN; SELECT FROM t WHERE a = 1 FOR UPDATE").unwrap();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| up(None));
        let mut watcher = connect(&url).unwrap();
        let kill = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = '299 rows filled in t.token'";
        while watcher.rows(kill).unwrap().is_empty() {
            assert!(!running.is_finished(), "it ended without the row that is held");
        }
        running.join().unwrap().unwrap_err();
    });
    holder.batch("COMMIT").unwrap();
    up(None).unwrap();
    let rows = holder.rows("SELECT count(*)::text, count(DISTINCT token)::text FROM t").unwrap();
    assert_eq!(rows, [[Some("300".to_owned()), Some("300".to_owned())]]);
}
