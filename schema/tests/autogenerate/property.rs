//! Any schema to any other one, end to end: autogenerate, up, "no changes", down, equal, and up again, with rows.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Instant;

use diesel_schema::Dialect;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::dialect::Scratch;
use diesel_schema::diff::Renames;
use diesel_schema::generate::{Phase, Scratches, Server, implementation};
use diesel_schema::testing::{Limits, pair};
use diesel_schema_core::lock::Lock;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::journey::Journey;
use crate::live::{Live, server_version};
use crate::rows::{Draw, Judges, fill};

/// Without `DIESEL_SCHEMA_CASES`.
const CASES: u32 = 256;
/// The same for another form of what the many hold, on the server that takes most of the tests' time.
const FEW: u32 = 32;

/// What is kept from case to case: a server makes a database more slowly than a case takes.
struct Kept {
    live: Option<Live>,
    scratches: Option<Scratches>,
    how: How,
}

/// In which of the forms that there are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Plain,
    /// Every table is taken for a large one.
    Busy,
    /// What is dropped comes back on the way down.
    KeepingData,
    /// What a release that still runs needs is kept at first.
    ExpandAndContract,
}

/// Two schemas, told as `schema.lock` tells them.
struct Pair((DeclaredSchema, DeclaredSchema));

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self((a, b)) = self;
        let said = [a, b].map(|it| Lock::new(BTreeMap::new(), it).to_string());
        write!(f, "A:\n{}\nB:\n{}", said[0], said[1])?;
        for model in &b.models {
            let of =
                |from: &Option<String>, to: &str| from.as_ref().map_or(String::new(), |it| format!(" {it} -> {to}"));
            let columns = model.columns.iter().map(|it| of(&it.renamed_from, &it.name));
            write!(
                f,
                "\nrenamed:{} in {}:{}",
                of(&model.renamed_from, &model.table),
                model.table,
                columns.collect::<String>()
            )?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Count {
    cases: Cell<usize>,
    with_rows: Cell<usize>,
    rows: Cell<usize>,
    changes: Cell<usize>,
}

fn add(to: &Cell<usize>, more: usize) {
    to.set(to.get() + more);
}

fn case(kept: &mut Kept, (a, b, seed): (&DeclaredSchema, &DeclaredSchema, u64), count: &Count) -> Result<(), String> {
    let dialect = a.dialects[0];
    let mut live = kept.live.take().unwrap_or_else(|| Live::new(dialect));
    live.clear()?;
    let mut journey = Journey::on(live);
    if kept.how == How::Busy {
        journey.bench.project.plain_below = 0;
    }
    if kept.how == How::ExpandAndContract {
        journey.bench.phase = Phase::Expand;
    }
    journey.bench.keep_data = kept.how == How::KeepingData;
    journey.bench.scratches = kept.scratches.take().unwrap_or_default();
    let outcome = travel(&mut journey, (a, b, seed), count);
    let Journey { bench, live } = journey;
    // Every case leaves dead rows in a server's catalogs, which it goes over from then on.
    if count.cases.get() % 64 != 63 {
        (kept.live, kept.scratches) = (Some(live), Some(bench.scratches));
    }
    outcome
}

fn travel(
    journey: &mut Journey,
    (a, b, seed): (&DeclaredSchema, &DeclaredSchema, u64),
    count: &Count,
) -> Result<(), String> {
    journey.go(a).map_err(|error| format!("to A: {error}"))?;
    let (rows, tables) = rows(journey, (a, b), seed)?;
    if journey.bench.phase == Phase::Expand {
        journey.there_and_back(b).map_err(|error| format!("to B, expanded: {error}"))?;
        journey.bench.phase = Phase::Contract;
    }
    let prepared = journey.there_and_back(b).map_err(|error| format!("to B: {error}"))?;
    add(&count.cases, 1);
    add(&count.with_rows, usize::from(tables > 0));
    add(&count.rows, rows);
    add(&count.changes, prepared.dialects[0].transition.changes.len());
    Ok(())
}

fn rows(
    journey: &mut Journey,
    (a, b): (&DeclaredSchema, &DeclaredSchema),
    seed: u64,
) -> Result<(usize, usize), String> {
    let dialect = implementation(a.dialects[0]).unwrap();
    let url = journey.bench.project.scratch_postgres.clone();
    let judges = Server { scratches: &journey.bench.scratches, dialect, url: url.as_deref() };
    let (mut new, mut old) = (judges.scratch().unwrap(), judges.scratch().unwrap());
    for (scratch, declared) in [(&mut new, b), (&mut old, a)] {
        let schema = dialect.lower(declared).map_err(|errors| format!("{errors:?}"))?;
        judges.build(scratch, &schema).map_err(|error| error.to_string())?;
        if dialect.dialect() == Dialect::Sqlite {
            scratch.connection().batch("PRAGMA foreign_keys = ON").unwrap();
        }
    }
    let renames = Renames::declared(b, &journey.live.read()?);
    let mut judges = Judges { live: journey.live.connection(), new: new.connection(), old: old.connection() };
    fill((a, b), &renames, &mut judges, &mut Draw(seed))
}

fn run(mut limits: Limits, how: How, cases: u32, part: u64) -> Count {
    // Of some, tables are all that there is: a failure there is easier to read.
    limits.objects &= part == 1;
    limits.definitions &= part == 1;
    let mut config = Config { cases, failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_MAX_SHRINK_ITERS").is_none() {
        config.max_shrink_iters = 100;
    }
    // Else both parts draw the same cases.
    if let RngSeed::Fixed(seed) = &mut config.rng_seed {
        *seed = seed.wrapping_mul(2).wrapping_add(part);
    }
    let (kept, count) = (RefCell::new(Kept { live: None, scratches: None, how }), Count::default());
    let drawn = (pair(limits).prop_map(Pair), any::<u64>());
    let ended = TestRunner::new(config).run(&drawn, |(Pair((a, b)), seed)| {
        case(&mut kept.borrow_mut(), (&a, &b, seed), &count).map_err(|error| {
            // Refusals, which say what to do instead.
            let refusals = [
                "keeps none of its columns; drop it and create another",
                "can't be kept: ",
                "in a way that PostgreSQL can't carry out while column",
                // A domain in an array, whose values the server does not look at.
                "cannot alter type \"d0\" because column",
                "which PostgreSQL can't check while",
            ];
            let refused = refusals.iter().any(|refusal| error.contains(refusal));
            if refused { TestCaseError::reject(error) } else { TestCaseError::fail(error) }
        })
    });
    if let Err(error) = ended {
        panic!("{}, after {} cases that held: {error}", limits.dialect, count.cases.get());
    }
    count
}

/// On two connections, because most of the time is a server's.
fn run_all(limits: Limits, how: How, cases: u32) {
    let set = std::env::var("DIESEL_SCHEMA_CASES").ok();
    let cases: u32 = set.map_or(cases, |cases| cases.parse().expect("DIESEL_SCHEMA_CASES is a number"));
    let started = Instant::now();
    let counts = std::thread::scope(|scope| {
        let halves = [(cases / 2, 0), (cases - cases / 2, 1)];
        let running = halves.map(|(cases, part)| scope.spawn(move || run(limits, how, cases, part)));
        running.map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let of = |cell: fn(&Count) -> &Cell<usize>| counts.iter().map(|count| cell(count).get()).sum::<usize>();
    let (done, with_rows) = (of(|it| &it.cases), of(|it| &it.with_rows));
    eprintln!(
        "{}: {done} cases, {with_rows} with rows, {} rows, {} changes, {:?}",
        limits.dialect,
        of(|it| &it.rows),
        of(|it| &it.changes),
        started.elapsed()
    );
    assert!(with_rows * 2 > done, "hardly a case has rows");
}

/// What is never drawn is never tried.
#[test]
fn indexes_keys_and_sequences_are_drawn_with_all_that_can_be_said_of_them() {
    let mut runner = TestRunner::deterministic();
    let drawn = diesel_schema::testing::schema(Limits { definitions: true, ..Limits::of(Dialect::Postgres) });
    let of = |_| Lock::new(BTreeMap::new(), &drawn.new_tree(&mut runner).unwrap().current()).to_string();
    let all: Vec<String> = (0..500).map(of).collect();
    let lines: Vec<&str> = all.iter().flat_map(|lock| lock.lines()).collect();
    for words in [
        ["index ", "using=hash"],
        ["index ", "using=gin"],
        ["index ", "using=gist"],
        ["index ", "using=brin"],
        ["index ", "pages_per_range"],
        ["index ", " desc nulls_first"],
        ["index ", " desc nulls_last"],
        ["index ", "keys=[id nulls_first"],
        ["index ", "keys=[id nulls_last"],
        ["index ", " include="],
        ["primary_key ", " include="],
        ["unique ", " include="],
        ["sequence ", " min=2"],
        ["sequence ", " min=-"],
        ["sequence ", " max="],
        ["sequence ", " start=-"],
        ["sequence ", " increment=-"],
    ] {
        let said = lines.iter().any(|line| line.starts_with(words[0]) && line.contains(words[1]));
        assert!(said, "{words:?}");
    }
}

#[test]
fn any_schema_to_any_other_on_sqlite() {
    run_all(Limits::of(Dialect::Sqlite), How::Plain, CASES);
}

fn postgres() -> Limits {
    Limits { version: server_version(), objects: true, definitions: true, ..Limits::of(Dialect::Postgres) }
}

#[test]
fn any_schema_to_any_other_on_postgres() {
    run_all(postgres(), How::Plain, CASES);
}

/// In the forms that a busy table survives.
#[test]
fn any_schema_to_any_other_on_busy_postgres() {
    run_all(postgres(), How::Busy, FEW);
}

/// With --keep-data, so that after down every row is there as it was.
#[test]
fn any_schema_to_any_other_and_back_with_all_data_on_sqlite() {
    run_all(Limits::of(Dialect::Sqlite), How::KeepingData, CASES / 4);
}

#[test]
fn any_schema_to_any_other_and_back_with_all_data_on_postgres() {
    run_all(postgres(), How::KeepingData, FEW);
}

/// Expanded, and then contracted to what a direct way leads to.
#[test]
fn any_schema_to_any_other_in_two_releases_on_sqlite() {
    run_all(Limits::of(Dialect::Sqlite), How::ExpandAndContract, CASES / 4);
}

#[test]
fn any_schema_to_any_other_in_two_releases_on_postgres() {
    run_all(postgres(), How::ExpandAndContract, FEW);
}
