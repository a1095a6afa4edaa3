use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use super::*;
use crate::change::Step;
use crate::connection::SqlConnection;
use crate::dialect::{Scratch, Unsupported};
use crate::diff::{Renames, diff};
use crate::schema::{Enum, Name, Table};

struct Fake;

impl DialectImpl for Fake {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
    fn lower(&self, _: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
        Ok(Schema::default())
    }
    fn read(&self, _: &mut dyn SqlConnection) -> QueryResult<Schema> {
        Ok(Schema::default())
    }
    fn can_alter(&self, _: &Change, _: &Schema, _: &Schema) -> bool {
        true
    }
    fn render(&self, change: &Change, _: &Schema, _: &Schema) -> Result<Vec<Step>, Refusal> {
        Ok(vec![Step::harmless(change.describe())])
    }
    fn rebuild(&self, _: &[Change], _: &Schema, _: &Schema) -> Result<Vec<Step>, Refusal> {
        Ok(vec![])
    }
    fn quote(&self, identifier: &str) -> String {
        identifier.to_owned()
    }
    fn scratch(&self, _: Option<&str>) -> Result<Box<dyn Scratch>, String> {
        Err("none".to_owned())
    }
}

fn steps(old: &Schema, new: &Schema, renames: &Renames) -> Vec<String> {
    let changes = diff(old, new, renames).unwrap();
    plan(old, new, &changes, &Fake).unwrap().steps.into_iter().map(|step| step.sql).collect()
}

#[test]
fn a_circle_of_foreign_keys_comes_after_and_goes_before_its_tables() {
    let mut full = Schema::default();
    for (name, to) in [("a", "b"), ("b", "a")] {
        let table = crate::diff::tests::table(name, &[4], None, false);
        let mut key = crate::diff::tests::table(name, &[4], Some(0), false).foreign_keys;
        key[0].references = Name::new(to);
        full.tables.insert(Name::new(name), Table { foreign_keys: key, ..table });
    }
    full.enums.insert(Name::new("e"), Enum { name: Name::new("e"), values: vec![], comment: None });
    let none = Renames::default();
    assert_eq!(
        steps(&Schema::default(), &full, &none),
        [
            "create enum e ()",
            "create table a",
            "create table b",
            "add foreign key a_fk to a",
            "add foreign key b_fk to b"
        ]
    );
    assert_eq!(
        steps(&full, &Schema::default(), &none),
        ["drop foreign key a_fk of a", "drop foreign key b_fk of b", "drop table a", "drop table b", "drop enum e"]
    );
    let swap =
        Renames { tables: vec![(Name::new("a"), Name::new("b")), (Name::new("b"), Name::new("a"))], columns: vec![] };
    assert_eq!(
        steps(&full, &full, &swap)[..3],
        ["rename table a to a__aside", "rename table b to a", "rename table a__aside to b"]
    );
}

/// How many pairs a property is held against: `PROPTEST_CASES`, or what a normal run has time for.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite;
