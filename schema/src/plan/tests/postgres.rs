//! Plans on a real PostgreSQL server.

use std::cell::RefCell;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::rows;
use crate::connection::SqlConnection;
use crate::dialect::postgres::Postgres;
use crate::dialect::{DialectImpl, Scratch};
use crate::diff::{Renames, diff};
use crate::plan::{Outcome, plan, plan_and_outcome, split};
use crate::schema::Schema;
use crate::testing::{Limits, pair};

pub(super) fn scratch() -> Box<dyn Scratch> {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    Postgres.scratch(Some(&url)).expect("a database")
}

/// A schema without what is no difference: the order of columns.
fn same(mut schema: Schema) -> Schema {
    schema.tables.values_mut().for_each(|it| it.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    schema
}

fn fail(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn go(
    connection: &mut dyn SqlConnection,
    old: &Schema,
    new: &Schema,
    renames: &Renames,
) -> Result<Schema, TestCaseError> {
    let changes = diff(old, new, renames).map_err(fail)?;
    let Outcome { plan, schema: outcome, .. } = plan_and_outcome(old, new, &changes, &Postgres).map_err(fail)?;
    let whole = Postgres.script(&plan).sql;
    for piece in split(plan).into_iter().filter(|piece| !piece.steps.is_empty()) {
        let script = Postgres.script(&piece).sql;
        connection.batch(&script).map_err(|error| fail(format!("{error}\n{whole}")))?;
    }
    let read = Postgres.read(connection).map_err(fail)?;
    prop_assert_eq!(same(read.clone()), same(new.clone()), "{}", whole);
    prop_assert_eq!(&outcome, &read, "what was expected, in the order of its columns, {}", whole);
    Ok(read)
}

/// The schema in the server's spelling: made from nothing, and read.
fn spelled(connection: &mut dyn SqlConnection, declared: &DeclaredSchema) -> Result<Schema, TestCaseError> {
    let reset = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS side CASCADE";
    connection.batch(reset).map_err(fail)?;
    let lowered = Postgres.lower(declared).map_err(|all| fail(format!("{all:?}")))?;
    let changes = diff(&Schema::default(), &lowered, &Renames::default()).map_err(fail)?;
    let plan = plan(&Schema::default(), &lowered, &changes, &Postgres).map_err(fail)?;
    let script = Postgres.script(&plan).sql;
    if !plan.steps.is_empty() {
        connection.batch(&script).map_err(|error| fail(format!("{error}\n{script}")))?;
    }
    Postgres.read(connection).map_err(fail)
}

fn up_and_down(
    connection: &mut dyn SqlConnection,
    a: &DeclaredSchema,
    b: &DeclaredSchema,
) -> Result<(), TestCaseError> {
    let new = spelled(connection, b)?;
    let old = spelled(connection, a)?;
    prop_assert_eq!(diff(&old, &old, &Renames::default()).map_err(fail)?, vec![]);
    let renames = Renames::declared(b, &old);
    rows::fill(connection, &old);
    match there_and_back(connection, &old, &new, &renames) {
        Err(error) if rows::in_the_way(&error.to_string()) => {
            spelled(connection, a)?;
            there_and_back(connection, &old, &new, &renames)
        }
        other => other,
    }
}

fn there_and_back(
    connection: &mut dyn SqlConnection,
    old: &Schema,
    new: &Schema,
    renames: &Renames,
) -> Result<(), TestCaseError> {
    let kept = rows::kept(old, new, renames);
    let before = rows::read(connection, kept.iter().map(|(was, _)| was.clone()));
    let up = go(connection, old, new, renames)?;
    let between = rows::read(connection, kept.iter().map(|(_, is)| is.clone()));
    for (was, is) in &kept {
        prop_assert_eq!(&before[was], &between[is], "{:?} became {:?}", was, is);
    }
    go(connection, &up, old, &renames.reversed())?;
    let after = rows::read(connection, kept.into_iter().map(|(was, _)| was));
    prop_assert_eq!(before, after);
    Ok(())
}

#[test]
fn every_plan_leads_to_its_schema_and_back() {
    let fresh = || {
        let mut scratch = scratch();
        // Nothing here has to outlive a crash of the server.
        scratch.connection().batch("SET synchronous_commit = off").expect("a setting");
        scratch
    };
    let mut first = fresh();
    let limits = Limits { version: version(first.connection()) / 10_000, ..Limits::of(Dialect::Postgres) };
    let used = RefCell::new((first, 0));
    let config = ProptestConfig {
        cases: super::cases(128),
        max_shrink_iters: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&pair(limits), |(a, b)| {
        let (scratch, cases) = &mut *used.borrow_mut();
        *cases += 1;
        // A session remembers every table that it has seen, and gets slower.
        if *cases % 200 == 0 {
            *scratch = fresh();
        }
        up_and_down(scratch.connection(), &a, &b)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn version(connection: &mut dyn SqlConnection) -> u32 {
    let rows = connection.rows("SELECT current_setting('server_version_num')").expect("a version");
    rows[0][0].as_deref().and_then(|text| text.parse().ok()).expect("a number")
}
