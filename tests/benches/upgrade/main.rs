//! Starting with 1,000 embedded revisions, beside stock `run_pending_migrations`, the bare SQL, and `psql -1` for each file,
//! in the same run.
//!
//! What is printed at the end are the ratios. `REVISIONS=100` picks another number. The server of the tests never waits for
//! a disk, so that these are of the work alone; `TEST_POSTGRES_URL` names another one, with its own settings.

mod in_step;
mod revisions;
mod scripts;

use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::MigrationHarness;
use diesel_schema::Dialect;
use diesel_schema::connection::AsSqlConnection;
use diesel_schema::upgrade::{Options, upgrade_connection};
use diesel_schema_tests::{SqliteFile, TestDatabase};

use in_step::{Apply, InStep};
use revisions::Revisions;
use scripts::Scripts;

/// How often each applies all revisions.
const TURNS: u32 = 3;

const APPLIED: &str = "SELECT version FROM __diesel_schema_migrations";

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

fn main() {
    let count = std::env::var("REVISIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000);
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let revisions = Revisions::new(count);
    let mut lines = compare(&mut criterion, &revisions, Dialect::Postgres, || {
        let database = TestDatabase::postgres();
        (database.connect(), database)
    });
    let scripts = Scripts::new(&revisions.sql);
    lines.push(scripts.compare(&revisions));
    lines.extend(compare(&mut criterion, &revisions, Dialect::Sqlite, || {
        let file = SqliteFile::new();
        (file.connect(), file)
    }));
    criterion.final_summary();
    for line in lines {
        println!("{line}");
    }
}

/// What the bench asks of a connection, whichever it is.
trait Bench: AsSqlConnection + SimpleConnection + Connection {
    fn stock(&mut self, revisions: &Revisions);
    fn stock_one(self, revisions: &Revisions) -> Apply;
    fn versions(&mut self) -> usize;
}

macro_rules! bench {
    ($connection:ty) => {
        impl Bench for $connection {
            fn stock(&mut self, revisions: &Revisions) {
                self.run_pending_migrations(revisions.stock()).expect("stock Diesel applies them");
            }

            /// What `run_pending_migrations` does, in its steps.
            fn stock_one(mut self, revisions: &Revisions) -> Apply {
                let (mut source, mut pending) = (Some(revisions.stock()), Vec::new());
                Box::new(move |number| {
                    if let Some(source) = source.take() {
                        pending = self.pending_migrations(source).expect("stock Diesel reads them");
                    }
                    self.run_migration(&pending[number]).expect("stock Diesel applies it");
                })
            }

            fn versions(&mut self) -> usize {
                let rows: Vec<Version> = diesel::sql_query(APPLIED).load(self).expect("the table is there");
                rows.iter().filter(|row| !row.version.is_empty()).count()
            }
        }
    };
}
bench!(PgConnection);
bench!(SqliteConnection);

/// `fresh` gives a connection to an empty database, and what keeps that database.
fn compare<C: Bench + 'static, P>(
    criterion: &mut Criterion,
    revisions: &Revisions,
    dialect: Dialect,
    fresh: impl Fn() -> (C, P),
) -> Vec<String> {
    let ours = |connection: &mut C| {
        upgrade_connection(connection, &revisions.ours(), Options::default()).expect("it applies them")
    };
    // Each on a database of its own: nobody works on the catalogs that another one left behind.
    let mut apply = [Duration::ZERO; 3];
    for _ in 0..TURNS {
        let ((connection, _first), (mut bare, _second), (stock, _third)) = (fresh(), fresh(), fresh());
        let sql = revisions.sql.clone();
        let bare: Apply = Box::new(move |number| bare.batch_execute(sql[number]).expect("it is right"));
        let mut in_step = InStep::new(connection, [bare, stock.stock_one(revisions)], &revisions.sql);
        let all = clock(|| {
            let done = upgrade_connection(&mut in_step, &revisions.ours(), Options::default());
            assert_eq!(done.expect("it applies them").applied.len(), revisions.sql.len());
        });
        for (sum, took) in apply.iter_mut().zip(in_step.apart(all)) {
            *sum += took / TURNS;
        }
    }

    let (mut connection, _place) = fresh();
    ours(&mut connection);
    assert_eq!(connection.versions(), revisions.sql.len());
    let mut group = criterion.benchmark_group(format!("{dialect}, {} revisions", revisions.sql.len()));
    group.sampling_mode(SamplingMode::Flat);
    let mut time = |name: &str, run: &mut dyn FnMut() -> Duration| {
        let mut least = Duration::MAX;
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let all: Vec<Duration> = (0..times).map(|_| run()).collect();
                least = all.iter().copied().fold(least, Duration::min);
                all.iter().sum()
            });
        });
        least
    };
    let bare = time("nothing to do, bare query", &mut || clock(|| assert_ne!(connection.versions(), 0)));
    let stock = time("nothing to do, stock Diesel", &mut || clock(|| connection.stock(revisions)));
    let nothing = time("nothing to do", &mut || clock(|| assert!(ours(&mut connection).already_at_head)));
    group.finish();

    let line = |what: &str, [bare, stock, ours]: [Duration; 3]| {
        let milliseconds = ours.as_secs_f64() * 1e3;
        let of = |other: Duration| ours.as_secs_f64() / other.as_secs_f64();
        format!(
            "{dialect}: {what} {milliseconds:.2} ms, {:.2} of the bare SQL, {:.2} of stock Diesel",
            of(bare),
            of(stock)
        )
    };
    vec![line("nothing to do", [bare, stock, nothing]), line("apply", apply)]
}

fn clock(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}
