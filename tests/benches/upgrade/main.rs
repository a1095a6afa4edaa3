//! Starting with 1,000 embedded revisions, beside stock `run_pending_migrations`, the bare SQL, and `psql -1` for each file,
//! in the same run.
//!
//! What is printed at the end are the ratios. `REVISIONS=100` picks another number.

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

use revisions::Revisions;
use scripts::Scripts;

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
    let database = TestDatabase::postgres();
    let file = SqliteFile::new();
    let reset = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    let scripts = Scripts::new(&revisions.sql, database.url());
    let on_postgres = (Dialect::Postgres, Some(&scripts));
    let mut lines = compare(&mut criterion, &revisions, on_postgres, &mut database.connect(), |connection| {
        connection.batch_execute(reset).expect("the schema goes");
    });
    lines.extend(compare(&mut criterion, &revisions, (Dialect::Sqlite, None), &mut file.connect(), |connection| {
        *connection = SqliteConnection::establish(":memory:").expect("memory");
        let _ = std::fs::remove_file(file.path());
        *connection = file.connect();
    }));
    criterion.final_summary();
    for line in lines {
        println!("{line}");
    }
}

/// What the bench asks of a connection, whichever it is.
trait Bench: AsSqlConnection + SimpleConnection + Connection {
    fn stock(&mut self, revisions: &Revisions);
    fn versions(&mut self) -> usize;
}

macro_rules! bench {
    ($connection:ty) => {
        impl Bench for $connection {
            fn stock(&mut self, revisions: &Revisions) {
                self.run_pending_migrations(revisions.stock()).expect("stock Diesel applies them");
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

fn compare<C: Bench + 'static>(
    criterion: &mut Criterion,
    revisions: &Revisions,
    (dialect, scripts): (Dialect, Option<&Scripts>),
    connection: &mut C,
    mut reset: impl FnMut(&mut C),
) -> Vec<String> {
    let ours = |connection: &mut C| {
        upgrade_connection(connection, &revisions.ours(), Options::default()).expect("it applies them")
    };
    let mut group = criterion.benchmark_group(format!("{dialect}, {} revisions", revisions.sql.len()));
    group.sampling_mode(SamplingMode::Flat);
    let mut time = |name: &str, run: &mut dyn FnMut() -> Duration| {
        let mut least = Duration::MAX;
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let mut total = Duration::ZERO;
                for _ in 0..times {
                    let once = run();
                    least = least.min(once);
                    total += once;
                }
                total
            });
        });
        least
    };

    let bare_apply = time("apply, bare SQL", &mut || {
        reset(connection);
        clock(|| revisions.sql.iter().for_each(|sql| connection.batch_execute(sql).expect("it is right")))
    });
    let stock_apply = time("apply, stock Diesel", &mut || {
        reset(connection);
        clock(|| connection.stock(revisions))
    });
    let our_apply = time("apply", &mut || {
        reset(connection);
        clock(|| drop(ours(connection)))
    });
    assert_eq!(connection.versions(), revisions.sql.len());
    let bare = time("nothing to do, bare query", &mut || clock(|| assert_ne!(connection.versions(), 0)));
    let stock = time("nothing to do, stock Diesel", &mut || clock(|| connection.stock(revisions)));
    let nothing = time("nothing to do", &mut || clock(|| assert!(ours(connection).already_at_head)));
    group.finish();

    let line = |what: &str, ours: Duration, bare: Duration, stock: Duration| {
        let milliseconds = ours.as_secs_f64() * 1e3;
        let of = |other: Duration| ours.as_secs_f64() / other.as_secs_f64();
        format!(
            "{dialect}: {what} {milliseconds:.2} ms, {:.2} of the bare SQL, {:.2} of stock Diesel",
            of(bare),
            of(stock)
        )
    };
    let mut lines =
        vec![line("nothing to do", nothing, bare, stock), line("apply", our_apply, bare_apply, stock_apply)];
    // A process for each file: once takes as long as all of the above.
    lines.extend(scripts.map(|scripts| {
        reset(connection);
        let psql = clock(|| scripts.run());
        format!("{dialect}: apply is {:.2} of psql -1 for each file", our_apply.as_secs_f64() / psql.as_secs_f64())
    }));
    lines
}

fn clock(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}
