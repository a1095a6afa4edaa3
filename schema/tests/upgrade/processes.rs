//! Many processes at once, and processes that are killed. The test binary runs itself again as a child.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade;
use diesel_schema_core::revision;
use rand::RngExt as _;

use crate::DEADLINE;
use crate::support::{Pg, Sqlite, set_of, write};

fn connect(url: &str) -> Box<dyn AsSqlConnection> {
    if url.starts_with("postgres") {
        Box::new(PgConnection::establish(url).expect("connect"))
    } else {
        Box::new(SqliteConnection::establish(url).expect("connect"))
    }
}

/// What a child does; run as a test of its own it does nothing.
#[test]
fn child() {
    let (Ok(url), Ok(folder)) = (std::env::var("UPGRADE_URL"), std::env::var("UPGRADE_FOLDER")) else { return };
    let revisions = revision::read(folder.as_ref()).unwrap();
    let mut connection = connect(&url);
    let connection = connection.as_sql_connection();
    let set = set_of(connection.dialect(), &revisions);
    let done = upgrade::run(connection, &|| Some(connect(&url)), &set, DEADLINE).unwrap();
    println!("applied={}", done.len());
}

pub(crate) fn start(url: &str, folder: &std::path::Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::child", "--nocapture"])
        .envs([("UPGRADE_URL", url), ("UPGRADE_FOLDER", folder.to_str().unwrap())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many revisions the child says that it applied.
pub(crate) fn finish(child: Child) -> usize {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let (_, count) = text.split_once("applied=").expect("the child says what it applied");
    count.split_whitespace().next().unwrap().parse().unwrap()
}

const REVISIONS: usize = 12;

/// How many rows a table has that is rebuilt, so that there is time to be killed in.
const ROWS: usize = 5_000;

/// The table `big` with a column more.
fn rebuild(number: usize) -> String {
    let columns: String = (4..number).step_by(4).map(|it| format!(", r{it}")).collect();
    format!(
        "PRAGMA foreign_keys = OFF;
        BEGIN IMMEDIATE;
        CREATE TABLE new_big (id int PRIMARY KEY{columns}, r{number} int NOT NULL DEFAULT 1);
        INSERT INTO new_big (id{columns}) SELECT id{columns} FROM big;
        DROP TABLE big;
        ALTER TABLE new_big RENAME TO big;
        CREATE INDEX big_r{number} ON big (r{number});"
    )
}

/// Each revision fails where it is applied twice, and leaves a trace where it is applied by half. Every fourth one is
/// outside of a transaction where a dialect is said: it builds an index of PostgreSQL, or a table of SQLite anew.
fn folder(outside: Option<Dialect>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=REVISIONS {
        let (before, after, transaction) = match outside {
            Some(Dialect::Postgres) if number % 4 == 0 => {
                (format!("CREATE INDEX CONCURRENTLY i{number} ON a{} (id);", number - 1), "", "false")
            }
            Some(_) if number % 4 == 0 => (rebuild(number), "COMMIT;\nPRAGMA foreign_keys = ON;", "false"),
            Some(Dialect::Sqlite) if number == 1 => {
                let rows = format!("WITH n (id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM n WHERE id < {ROWS})");
                (
                    format!("CREATE TABLE big (id int PRIMARY KEY);\nINSERT INTO big {rows} SELECT id FROM n;"),
                    "",
                    "true",
                )
            }
            _ => (String::new(), "", "true"),
        };
        let up = format!(
            "{before}\nCREATE TABLE a{number} (id int);\nCREATE TABLE b{number} (id int);\n\
             INSERT INTO b{number} VALUES (1);\n{after}"
        );
        let parent = (number - 1).to_string();
        let parents: &[&str] = if number == 1 { &[] } else { &[&parent] };
        write(folder.path(), &format!("{number}_x"), &up, transaction, parents);
    }
    folder
}

fn race(url: &str, processes: usize, dialect: Dialect) {
    let folder = folder(Some(dialect));
    let children: Vec<Child> = (0..processes).map(|_| start(url, folder.path())).collect();
    let applied: usize = children.into_iter().map(finish).sum();
    assert_eq!(applied, REVISIONS);
    assert_eq!(whole(connect(url).as_sql_connection()), REVISIONS);
}

#[test]
fn thirty_two_processes_at_once_all_succeed_on_postgres() {
    for pg in Pg::on_each("race") {
        race(&pg.url(), 32, Dialect::Postgres);
        let valid = pg
            .connect()
            .rows("SELECT count(*)::text FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ '^i'");
        assert_eq!(valid.unwrap(), [[Some("3".to_owned())]]);
    }
}

#[test]
fn sixteen_processes_at_once_all_succeed_on_sqlite() {
    race(&Sqlite::new().url(), 16, Dialect::Sqlite);
}

/// How often a process is killed; `KILLS` says otherwise.
pub(crate) fn kills() -> u64 {
    std::env::var("KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(100)
}

/// After a kill, each revision is there whole or not at all, and its row says which.
fn whole(connection: &mut dyn SqlConnection) -> usize {
    let rows = upgrade::applied(connection).unwrap().unwrap_or_default();
    for number in 1..=REVISIONS {
        let there = rows.contains(&number.to_string());
        assert_eq!(connection.rows(&format!("SELECT 1 FROM a{number} LIMIT 0")).is_ok(), there, "a{number}");
        let filled = connection.rows(&format!("SELECT 'x' FROM b{number}")).map(|rows| rows.len()).unwrap_or(0);
        assert_eq!(filled, usize::from(there), "b{number}");
        if connection.dialect() == Dialect::Sqlite && number % 4 == 0 {
            let built = connection.rows(&format!("SELECT 'x' FROM big WHERE r{number} = 1"));
            assert_eq!(built.map(|rows| rows.len()).unwrap_or(0), if there { ROWS } else { 0 }, "big.r{number}");
        }
    }
    assert!(connection.rows("SELECT 1 FROM new_big").is_err(), "a rebuild was left by half");
    rows.len()
}

/// A server may take a moment to notice that a process is gone, and a look has to be at one moment.
fn until_alone(connection: &mut dyn SqlConnection) {
    let others =
        "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while connection.dialect() == Dialect::Postgres && !connection.rows(others).unwrap().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Kills a process at any moment of what a whole run takes here, until enough were in the midst of it: after the first
/// revision and before the last.
fn killed(outside: Option<Dialect>, url: impl Fn() -> String, mut fresh: impl FnMut()) {
    let folder = folder(outside);
    let began = Instant::now();
    assert_eq!(finish(start(&url(), folder.path())), REVISIONS);
    let (takes, wanted) = (began.elapsed(), kills().div_ceil(10));
    let (mut rounds, mut amid, mut rebuilding) = (0, 0, 0);
    while rounds < kills() || amid < wanted || (outside.is_some() && rebuilding < wanted) {
        assert!(
            rounds < 10 * kills(),
            "of {rounds} kills {amid} were amid the run, {rebuilding} before a rebuild ended"
        );
        rounds += 1;
        fresh();
        let mut child = start(&url(), folder.path());
        std::thread::sleep(takes.mul_f64(rand::rng().random_range(0.02..1.0)));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut connection = connect(&url());
        let connection = connection.as_sql_connection();
        until_alone(connection);
        let before = whole(connection);
        amid += u64::from((1..REVISIONS).contains(&before));
        rebuilding += u64::from(before < REVISIONS && before % 4 == 3);
        let applied = finish(start(&url(), folder.path()));
        assert!(applied <= REVISIONS - before);
        assert_eq!(whole(connect(&url()).as_sql_connection()), REVISIONS);
    }
}

#[test]
fn a_hundred_kills_leave_nothing_half_applied_on_postgres() {
    for pg in Pg::on_each("kill") {
        let pg = std::cell::RefCell::new(pg);
        killed(None, || pg.borrow().url(), || pg.borrow_mut().again("kill"));
    }
}

#[test]
fn a_hundred_kills_leave_nothing_half_applied_on_sqlite() {
    let sqlite = std::cell::RefCell::new(Sqlite::new());
    killed(Some(Dialect::Sqlite), || sqlite.borrow().url(), || drop(sqlite.replace(Sqlite::new())));
}
