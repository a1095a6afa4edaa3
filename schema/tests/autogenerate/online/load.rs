//! A client that reads and writes the table all the time while the revisions run. The server is the judge: a statement of
//! the client that waits for a lock for longer than the revisions may wait for one, and a tenth of a second, fails.
//!
//! `DIESEL_SCHEMA_ROWS` says how many rows the table has. Of a few, what a check, an expression or a default costs is said
//! by functions that take their time, so that going over all rows takes some seconds, however fast the machine is. Of a
//! million, the rows take it themselves, and the longest wait is printed.

mod sequences;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel_schema::config::DatabaseUrl;
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{Column, Model};
use diesel_schema::generate::{Phase, connect};
use diesel_schema::upgrade::Options;

use super::{Way, p};
use crate::build::*;
use crate::live::{To, server_version, travel};

/// How long all rows take, where there are few.
const SECONDS: f64 = 3.0;

pub(super) fn rows() -> u32 {
    std::env::var("DIESEL_SCHEMA_ROWS").map_or(4000, |rows| rows.parse().expect("DIESEL_SCHEMA_ROWS is a number"))
}

/// Whether a table is so large that whatever reads all of it is waited for.
pub(super) fn are_many() -> bool {
    rows() >= 1_000_000
}

/// Shorter than the server's `deadlock_timeout`, so that it is never the client that gives way.
fn lock_timeout() -> Duration {
    Duration::from_millis(if are_many() { 100 } else { 800 })
}

/// The functions that take their time.
fn functions() -> String {
    let pause = SECONDS / f64::from(rows());
    let pause = if are_many() { String::new() } else { format!("PERFORM pg_sleep({pause}); ") };
    let slow = |name: &str, takes: &str, volatile: &str| {
        format!(
            "CREATE FUNCTION {name}({takes}) RETURNS integer LANGUAGE plpgsql {volatile} AS $$BEGIN {pause}RETURN 1; END$$;\n"
        )
    };
    slow("slow", "a integer", "IMMUTABLE") + &slow("slow_default", "", "VOLATILE")
}

pub(super) fn stage(table: Model) -> Stage {
    Stage::from([p(), table]).and_sql(&functions())
}

pub(super) fn table(more: impl IntoIterator<Item = Column>) -> Model {
    // Wide, so that a batch of blocks holds few rows.
    t("t", [c("a", "Int4"), c("b", "Int4"), c("p", "Int4"), c("wide", "Text")].into_iter().chain(more))
}

/// What a client of the version before does again and again: statements, by the row that it is about.
type Client = fn(u32) -> Vec<String>;

fn on_t(at: u32) -> Vec<String> {
    vec![
        format!("UPDATE t SET a = a + 1 WHERE id = {}", at + 1),
        format!("SELECT count(*) FROM t WHERE id BETWEEN {at} AND {}", at + 20),
        "BEGIN; INSERT INTO t (a, b, p, wide) VALUES (1, -(nextval('others')), 1, 'x'); \
         UPDATE p SET a = a WHERE id = 1; COMMIT"
            .to_owned(),
        "DELETE FROM t WHERE id = (SELECT max(id) FROM t)".to_owned(),
    ]
}

/// What the client met with: the first error, or how long its slowest statement took.
fn work(
    connection: &mut dyn SqlConnection,
    client: Client,
    over: &AtomicBool,
    rounds: &AtomicUsize,
) -> Result<Duration, String> {
    let limit = lock_timeout() + Duration::from_millis(100);
    connection.batch(&format!("SET lock_timeout = '{}ms'", limit.as_millis())).unwrap();
    let (mut at, mut longest) = (0, Duration::ZERO);
    while !over.load(Ordering::SeqCst) {
        at = (at + 7919) % rows();
        for sql in client(at) {
            let began = Instant::now();
            connection.batch(&sql).map_err(|error| format!("{sql}: {error}"))?;
            longest = longest.max(began.elapsed());
        }
        rounds.fetch_add(1, Ordering::SeqCst);
    }
    Ok(longest)
}

/// Runs the revisions of a folder while a client is at work; what that one met with.
fn watched(url: &DatabaseUrl, folder: &Path, client: Client) -> Result<(), String> {
    let (over, rounds) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let (over, rounds) = (&over, &rounds);
        let client = scope.spawn(move || work(&mut *connect(url).unwrap(), client, over, rounds));
        let until = |number: usize| {
            while rounds.load(Ordering::SeqCst) < number && !client.is_finished() {
                std::thread::yield_now();
            }
        };
        until(1);
        let mut connection = connect(url).unwrap();
        let options = Options {
            lock_timeout: Some(lock_timeout()),
            lock_budget: Duration::from_secs(120),
            lock_deadline: Duration::from_secs(120),
            ..Options::default()
        };
        let began = Instant::now();
        let upgraded = travel(url, &mut *connection, folder, To::Up(None), &options);
        let took = began.elapsed();
        // One round begins behind the last statement, and meets what that one left.
        until(rounds.load(Ordering::SeqCst) + 2);
        over.store(true, Ordering::SeqCst);
        let ended = client.join().unwrap();
        upgraded.unwrap_or_else(|error| panic!("{error}"));
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        let met = ended.as_ref().map_or_else(Clone::clone, |longest| format!("the longest statement {longest:.0?}"));
        eprintln!("{}\t{test}\t{} rounds in {took:.1?}\t{met}", server_version(), rounds.load(Ordering::SeqCst));
        ended.map(drop)
    })
}

/// A way that is gone while a client is at work.
pub(super) struct Load {
    way: Way,
    rows: String,
    client: Client,
}

impl Load {
    pub(super) fn of(from: Stage, to: Stage) -> Self {
        let rows = format!(
            "INSERT INTO p (a, b) VALUES (1, 1); \
             INSERT INTO t (a, b, p, wide) SELECT g, g, 1, repeat('w', 700) FROM generate_series(1, {}) g",
            rows()
        );
        Self { way: Way { from, to, by_hand: None, rows: "" }, rows, client: on_t }
    }

    pub(super) fn run(&self, plain: bool, phase: Phase) -> Result<(), String> {
        let mut journey = self.way.begin(if plain { u64::MAX } else { 0 });
        journey.bench.phase = phase;
        journey.write(&self.way.declared()).unwrap_or_else(|error| panic!("{error}"));
        journey.live.connection().batch(&format!("{}; ANALYZE; CREATE SEQUENCE others", self.rows)).unwrap();
        watched(&journey.live.url, &journey.folder(), self.client)
    }

    #[track_caller]
    pub(super) fn nobody_waits(&self) {
        self.run(false, Phase::Contract).unwrap_or_else(|error| panic!("{error}"));
    }

    #[track_caller]
    pub(super) fn nobody_waits_but_for_the_plain_form(&self) {
        self.nobody_waits();
        let error = self.run(true, Phase::Contract).expect_err("the plain form lets the client write");
        assert!(error.contains("lock timeout"), "{error}");
    }

    /// The same of what no function makes slow. Where there are few rows the plain form is over before anybody has waited
    /// for long, so that the server is asked what it reads while it keeps others from writing.
    #[track_caller]
    fn nobody_waits_but_for_the_plain_form_of_many(&self, few: &'static str) {
        if are_many() {
            return self.nobody_waits_but_for_the_plain_form();
        }
        self.nobody_waits();
        let way = Way { from: self.way.from.clone(), to: self.way.to.clone(), rows: few, ..self.way };
        let (found, text) = way.measured(u64::MAX);
        assert!(!found.is_empty(), "nothing to wait for in\n{text}");
    }
}
