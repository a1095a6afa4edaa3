//! Plans on real databases in memory.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::dialect::DialectImpl;
use crate::dialect::sqlite::Sqlite;
use crate::diff::{Renames, diff};
use crate::plan::plan;
use crate::schema::Schema;
use crate::testing::{Limits, pair};

/// A schema without what is no difference: the order of columns.
fn same(mut schema: Schema) -> Schema {
    schema.tables.values_mut().for_each(|it| it.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    schema
}

/// Every step of the way from one schema to another, run; what the database holds then.
fn go(
    connection: &mut dyn crate::connection::SqlConnection,
    old: &Schema,
    new: &Schema,
    renames: &Renames,
) -> Result<Schema, TestCaseError> {
    let changes = diff(old, new, renames).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let plan =
        plan(old, new, &changes, &Sqlite).map_err(|error| match error.0.contains("keeps none of its columns") {
            true => TestCaseError::reject(error.to_string()),
            false => TestCaseError::fail(error.to_string()),
        })?;
    let script = Sqlite.script(&plan).sql;
    connection.batch(&script).map_err(|error| TestCaseError::fail(format!("{error}\n{script}")))?;
    Ok(Sqlite.read(connection).expect("it reads"))
}

fn up_and_down(a: &DeclaredSchema, b: &DeclaredSchema) -> Result<(), TestCaseError> {
    let (old, new) = (Sqlite.lower(a).expect("the old one"), Sqlite.lower(b).expect("the new one"));
    let mut scratch = Sqlite.scratch(None).expect("a database");
    let connection = scratch.connection();
    let made = go(connection, &Schema::default(), &old, &Renames::default())?;
    prop_assert_eq!(same(made), same(old.clone()));
    let renames = Renames::declared(b, &old);
    let made = go(connection, &old, &new, &renames)?;
    prop_assert_eq!(same(made), same(new.clone()));
    let made = go(connection, &new, &old, &renames.reversed())?;
    prop_assert_eq!(same(made), same(old));
    Ok(())
}

#[test]
fn every_plan_leads_to_its_schema_and_back() {
    let config = ProptestConfig {
        cases: super::cases(256),
        max_shrink_iters: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let pairs = pair(Limits::of(Dialect::Sqlite));
    if let Err(error) = TestRunner::new(config).run(&pairs, |(a, b)| up_and_down(&a, &b)) {
        panic!("{error}");
    }
}
