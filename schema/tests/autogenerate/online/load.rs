//! A client that reads and writes the table all the time while the revisions run. The server is the judge: a statement of
//! the client that waits for a lock for longer than the revisions may wait for one, and a tenth of a second, fails.
//!
//! `DIESEL_SCHEMA_ROWS` says how many rows the table has. What a check, an expression or a default costs is said by
//! functions that take their time, so that going over all rows takes some seconds, however fast the machine is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{Column, Identity, Model};
use diesel_schema::generate::{Phase, connect};
use diesel_schema::upgrade::Options;

use super::{Way, a_number, a_token, by, p, reference};
use crate::build::*;
use crate::live::{To, travel};

const LOCK_TIMEOUT: Duration = Duration::from_millis(1000);

/// How long all rows take.
const SECONDS: f64 = 3.0;

fn rows() -> u32 {
    std::env::var("DIESEL_SCHEMA_ROWS").map_or(4000, |rows| rows.parse().expect("DIESEL_SCHEMA_ROWS is a number"))
}

pub(super) fn stage(table: Model) -> Stage {
    let pause = SECONDS / f64::from(rows());
    let slow = |name: &str, takes: &str, gives: &str, volatile: &str| {
        format!(
            "CREATE FUNCTION {name}({takes}) RETURNS {gives} LANGUAGE plpgsql {volatile} AS \
             $$BEGIN PERFORM pg_sleep({pause}); RETURN 1; END$$;\n"
        )
    };
    let functions =
        slow("slow", "a integer", "integer", "IMMUTABLE") + &slow("slow_default", "", "integer", "VOLATILE");
    Stage::from([p(), table]).and_sql(&functions)
}

pub(super) fn table(more: impl IntoIterator<Item = Column>) -> Model {
    // Wide, so that a batch of blocks holds few rows.
    t("t", [c("a", "Int4"), c("b", "Int4"), c("p", "Int4"), c("wide", "Text")].into_iter().chain(more))
}

/// What a client of the version before does, as often as it can; the first error, and how often it went well.
fn client(connection: &mut dyn SqlConnection, over: &AtomicBool, rounds: &AtomicUsize) -> Result<(), String> {
    let limit = LOCK_TIMEOUT + Duration::from_millis(100);
    let rows = rows();
    connection.batch(&format!("SET lock_timeout = '{}ms'", limit.as_millis())).unwrap();
    let mut at = 0;
    while !over.load(Ordering::SeqCst) {
        at = (at + 7919) % rows;
        let statements = [
            format!("UPDATE t SET a = a + 1 WHERE id = {}", at + 1),
            format!("SELECT count(*) FROM t WHERE id BETWEEN {at} AND {}", at + 20),
            "BEGIN; INSERT INTO t (a, b, p, wide) VALUES (1, -(nextval('others')), 1, 'x'); UPDATE p SET a = a WHERE id = 1; COMMIT".to_owned(),
            "DELETE FROM t WHERE wide = 'x' AND id > 0 AND b = -currval('others')".to_owned(),
        ];
        for sql in &statements {
            if let Err(error) = connection.batch(sql) {
                return Err(format!("{sql}: {error}"));
            }
        }
        rounds.fetch_add(1, Ordering::SeqCst);
    }
    Ok(())
}

/// Runs the revisions to there while a client is at work; what it met with.
fn under_load(to: &Stage, plain: bool) -> Result<(), String> {
    between(&stage(table([])), to, plain, Phase::Contract)
}

/// The same from a stage to another.
pub(super) fn between(from: &Stage, to: &Stage, plain: bool, phase: Phase) -> Result<(), String> {
    let wide = format!("SELECT g, g, 1, repeat('w', 700) FROM generate_series(1, {}) g", rows());
    let rows = format!(
        "INSERT INTO p (a, b) VALUES (1, 1); INSERT INTO t (a, b, p, wide) {wide}; ANALYZE; CREATE SEQUENCE others"
    );
    let way = Way { from: from.clone(), to: to.clone(), by_hand: None, rows: "" };
    let mut journey = way.begin(if plain { u64::MAX } else { 0 });
    journey.bench.phase = phase;
    journey.write(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch(&rows).unwrap();
    let (folder, url) = (journey.folder(), journey.live.url.clone());
    let (over, rounds) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let client = scope.spawn(|| client(&mut *connect(&url).unwrap(), &over, &rounds));
        while rounds.load(Ordering::SeqCst) == 0 && !client.is_finished() {
            std::thread::yield_now();
        }
        let mut connection = connect(&url).unwrap();
        let options = Options {
            lock_timeout: Some(LOCK_TIMEOUT),
            lock_budget: Duration::from_secs(120),
            lock_deadline: Duration::from_secs(120),
            ..Options::default()
        };
        let upgraded = travel(&url, &mut *connection, &folder, To::Up(None), &options);
        over.store(true, Ordering::SeqCst);
        let ended = client.join().unwrap();
        upgraded.unwrap_or_else(|error| panic!("{error}"));
        ended
    })
}

#[track_caller]
fn nobody_waits(to: Model) {
    under_load(&stage(to), false).unwrap_or_else(|error| panic!("{error}"));
}

#[track_caller]
fn nobody_waits_but_for_the_plain_form(to: Model) {
    let to = stage(to);
    under_load(&to, false).unwrap_or_else(|error| panic!("{error}"));
    let error = under_load(&to, true).unwrap_err();
    assert!(error.contains("lock timeout"), "{error}");
}

#[test]
fn a_check() {
    nobody_waits_but_for_the_plain_form(table([]).check("slow(a) > 0"));
}

#[test]
fn an_index() {
    nobody_waits_but_for_the_plain_form(table([]).index(index([of("slow(a)")])));
}

#[test]
fn a_volatile_default() {
    nobody_waits_but_for_the_plain_form(table([c("z", "Int4").not_null().sql("slow_default()")]));
}

/// What no function makes slow: a plain form of it is quick on as few rows, and is measured by the rows that it reads.
#[test]
fn all_the_others() {
    let [a, b, p, wide] = [c("a", "Int4").not_null(), c("b", "Int4"), c("p", "Int4"), c("wide", "Text")];
    let all = t("t", [a, b, p, wide, a_token(), a_number(Identity::ByDefault)]);
    nobody_waits(all.unique(key(&["b"])).foreign_key(reference()).index(index([by("p")])));
}
