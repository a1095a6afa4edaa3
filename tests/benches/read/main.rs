//! Reading a live schema and finding that nothing differs, process start to exit, beside `pg_dump -s`.
//!
//! Both are whole processes on the same database in the same run; what is printed at the end is their ratio, which
//! says more than either time. `TABLES=100,1000,5000` picks the sizes.

mod tables;

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use diesel::connection::SimpleConnection;
use diesel_schema::config::DatabaseUrl;
use diesel_schema::connection::SqlConnection;
use diesel_schema::dialect::{DialectImpl, postgres::Postgres, sqlite::Sqlite};
use diesel_schema::diff::{Renames, diff};
use diesel_schema::generate;
use diesel_schema::plan::plan;
use diesel_schema::schema::Schema;
use diesel_schema_tests::{SqliteFile, TestDatabase};

/// Marks a child process: the number of tables; its database is the argument.
const CHILD: &str = "DIESEL_SCHEMA_BENCH_CHILD";

fn main() -> ExitCode {
    if let Ok(count) = std::env::var(CHILD) {
        let url = std::env::args().nth(1).unwrap_or_default();
        return child(&url, count.parse().unwrap_or(0));
    }
    let sizes = std::env::var("TABLES").unwrap_or_else(|_| "100,1000".to_owned());
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut summary = Vec::new();
    for count in sizes.split(',').filter_map(|size| size.trim().parse::<usize>().ok()) {
        summary.extend(compare(&mut criterion, count));
    }
    criterion.final_summary();
    for line in summary {
        println!("{line}");
    }
    ExitCode::SUCCESS
}

fn compare(criterion: &mut Criterion, count: usize) -> Vec<String> {
    let database = TestDatabase::postgres();
    create(&mut database.connect(), &Postgres, count);
    let file = SqliteFile::new();
    create(&mut file.connect(), &Sqlite, count);

    let mut group = criterion.benchmark_group("read and diff");
    let mut time = |name: &str, mut command: Command| {
        let (mut total, mut runs) = (Duration::ZERO, 0_u32);
        group.bench_function(BenchmarkId::new(name, count), |bencher| {
            bencher.iter_custom(|times| {
                let started = Instant::now();
                for _ in 0..times {
                    run(&mut command);
                }
                let elapsed = started.elapsed();
                total += elapsed;
                runs += u32::try_from(times).unwrap_or(u32::MAX);
                elapsed
            });
        });
        total / runs.max(1)
    };
    let postgres = time("postgres", child_command(database.url(), count));
    let sqlite = time("sqlite", child_command(&file.path().display().to_string(), count));
    let mut pg_dump = Command::new("pg_dump");
    pg_dump.args(["-s", "-d", database.url()]);
    let pg_dump = time("pg_dump -s", pg_dump);
    group.finish();

    let ratio = |ours: Duration| ours.as_secs_f64() / pg_dump.as_secs_f64();
    vec![
        format!("{count} tables x 12 columns: pg_dump -s {:.0} ms", pg_dump.as_secs_f64() * 1e3),
        format!("  postgres {:.0} ms, {:.2} of pg_dump -s", postgres.as_secs_f64() * 1e3, ratio(postgres)),
        format!("  sqlite {:.0} ms, {:.2} of pg_dump -s", sqlite.as_secs_f64() * 1e3, ratio(sqlite)),
    ]
}

fn child_command(url: &str, count: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the bench knows where it is"));
    command.arg(url).env(CHILD, count.to_string());
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("the command starts");
    assert!(status.success(), "{command:?} failed: {status}");
}

/// What one no-op `autogenerate` reads and compares, on a connection as it makes one.
fn child(url: &str, count: usize) -> ExitCode {
    let dialect: &dyn DialectImpl = if url.starts_with("postgres") { &Postgres } else { &Sqlite };
    let url: DatabaseUrl = url.parse().expect("the URL is one");
    let mut connection = generate::connect(&url).expect("the database is there");
    if unchanged(&mut *connection, dialect, count) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn unchanged(connection: &mut dyn SqlConnection, dialect: &dyn DialectImpl, count: usize) -> bool {
    let declared = tables::declared(count);
    let (live, declared) = std::thread::scope(|scope| {
        // As `autogenerate` does it.
        let declared = scope.spawn(|| dialect.lower(&declared).expect("every model can be expressed"));
        let live = dialect.read(connection).expect("the schema can be read");
        (live, declared.join().expect("nothing panics"))
    });
    let changes = diff(&live, &declared, &Renames::default()).expect("the schemas can be compared");
    for change in changes.iter().take(5) {
        eprintln!("{}", change.describe());
    }
    changes.is_empty()
}

fn create<C>(connection: &mut C, dialect: &dyn DialectImpl, count: usize)
where
    C: SimpleConnection,
{
    let declared = dialect.lower(&tables::declared(count)).expect("every model can be expressed");
    let empty = Schema::default();
    let changes = diff(&empty, &declared, &Renames::default()).expect("the schemas can be compared");
    let plan = plan(&empty, &declared, &changes, dialect).expect("the schema can be created");
    connection.batch_execute(&dialect.script(&plan).sql).expect("the script runs");
}
