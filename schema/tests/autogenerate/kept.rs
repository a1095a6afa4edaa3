//! `--keep-data`: what a revision drops, its way down brings back.

use diesel_schema::Dialect;
use diesel_schema::declared::{Column, DeclaredSchema, Default, Identity, Model};
use diesel_schema::generate::Nobody;

use crate::build::*;
use crate::journey::{Journey, sql};

/// Users who have notes, and a number that the server gives.
fn before(dialect: Dialect) -> DeclaredSchema {
    let mut columns = vec![c("name", "Text").not_null(), c("bio", "Text").default(Default::Text("none".to_owned()))];
    if dialect == Dialect::Postgres {
        columns.push(c("number", "Int4").identity(Identity::Always));
    }
    let notes = t("notes", [c("user_id", "Int4").not_null(), c("body", "Text")]);
    Stage::from([t("users", columns), notes.foreign_key(fk(&["user_id"], "users", &["id"]))]).of(dialect)
}

fn after(dialect: Dialect) -> DeclaredSchema {
    let users: Model = t("users", []);
    Stage::from([users]).of(dialect)
}

/// The second bio is NULL, where a column that comes back would have its default.
const ROWS: &str = "INSERT INTO users (id, name, bio) VALUES (1, 'Ada', 'x'), (7, 'Bob', NULL); \
    INSERT INTO notes (id, user_id, body) VALUES (3, 7, 'It''s'), (5, 1, NULL)";

fn journey(dialect: Dialect) -> Journey {
    let mut journey = Journey::new(dialect);
    journey.go(&before(dialect)).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch(ROWS).unwrap();
    journey.bench.keep_data = true;
    journey
}

fn there_and_back(dialect: Dialect) -> String {
    let prepared = journey(dialect).there_and_back(&after(dialect)).unwrap_or_else(|error| panic!("{error}"));
    assert!(prepared.dialects[0].transition.losses().is_empty());
    sql(&prepared)
}

#[test]
fn dropped_tables_and_columns_come_back_on_sqlite() {
    insta::assert_snapshot!(there_and_back(Dialect::Sqlite));
}

#[test]
fn dropped_tables_and_columns_come_back_on_postgres() {
    insta::assert_snapshot!(there_and_back(Dialect::Postgres));
}

#[test]
fn what_is_kept_holds_on_to_no_collation() {
    let dialect = Dialect::Postgres;
    let german = "CREATE COLLATION german (provider = libc, locale = 'C')";
    let columns = |more: Vec<Column>| t("users", [c("name", "Text")].into_iter().chain(more));
    let notes = t("notes", [c("body", "Text").collation("german")]);
    let before = Stage::from([columns(vec![c("bio", "Text").collation("german")]), notes]).and_sql(german).of(dialect);
    let mut journey = Journey::new(dialect);
    journey.go(&before).unwrap_or_else(|error| panic!("{error}"));
    journey
        .live
        .connection()
        .batch("INSERT INTO users (bio) VALUES ('x'); INSERT INTO notes (body) VALUES ('y')")
        .unwrap();
    journey.bench.keep_data = true;
    let after = Stage::from([columns(Vec::new())]).of(dialect);
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    journey.back().unwrap();
    let rows = journey.live.connection().rows("SELECT bio, body FROM users, notes").unwrap();
    assert_eq!(rows, [[Some("x".to_owned()), Some("y".to_owned())]]);
}

/// A number that was given before is not given again.
#[test]
fn sequences_go_on_behind_what_came_back() {
    let mut journey = journey(Dialect::Postgres);
    journey.there_and_back(&after(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
    journey.back().unwrap();
    let connection = journey.live.connection();
    let mut given = |sql: &str| connection.rows(sql).unwrap().into_iter().flatten().flatten().next();
    let number = given("INSERT INTO users (id, name) VALUES (9, 'Cy') RETURNING number::text");
    let id = given("INSERT INTO notes (user_id) VALUES (9) RETURNING id::text");
    assert_eq!((number.as_deref(), id.as_deref()), (Some("3"), Some("6")));
}

#[test]
fn a_key_that_changes_too_leaves_nothing_to_find_the_rows_by() {
    let journey = journey(Dialect::Postgres);
    let with_key = |ty| bare("users", &["id"], [c("id", ty).not_null()]);
    let to = Stage::from([with_key("Int8")]).of(Dialect::Postgres);
    let error = journey.bench.prepare(&to, &mut Nobody, false).unwrap_err().to_string();
    assert!(error.contains("users.bio can't be kept: id, of the primary key, changes in the same revision"), "{error}");
}
