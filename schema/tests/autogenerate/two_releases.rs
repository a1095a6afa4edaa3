//! Expand and contract: between the two, programs of both releases read and write the same tables.

use diesel_schema::Dialect;
use diesel_schema::declared::{Column, DeclaredSchema, Model, Type, TypeKind};
use diesel_schema::generate::{Nobody, Phase};
use diesel_schema_core::lock::Lock;

use crate::build::*;
use crate::journey::{Journey, sql};

fn before(dialect: Dialect) -> DeclaredSchema {
    let users = t("users", [c("email", "Text"), c("fax", "Text").not_null()]);
    let posts = t("posts", [c("user_id", "Int4").not_null()]).foreign_key(fk(&["user_id"], "users", &["id"]));
    Stage::from([users.unique(key(&["fax"])), posts]).of(dialect)
}

fn after(dialect: Dialect) -> DeclaredSchema {
    let users: Model = t("users", [c("email", "Text").not_null(), c("phone", "Text")]);
    Stage::from([users]).of(dialect)
}

/// What programs of each release write.
const OLD: &str =
    "INSERT INTO users (id, email, fax) VALUES (1, NULL, '1'); INSERT INTO posts (id, user_id) VALUES (1, 1)";
const NEW: &str = "INSERT INTO users (id, email, phone) VALUES (2, 'b', '2'), (3, 'c', NULL)";

fn lock(journey: &Journey) -> Lock {
    Lock::read(&journey.bench.project.layout.lock()).unwrap()
}

fn in_two_releases(dialect: Dialect) -> String {
    let mut journey = Journey::new(dialect);
    journey.go(&before(dialect)).unwrap_or_else(|error| panic!("{error}"));
    journey.bench.phase = Phase::Expand;
    // Nothing is lost, so nobody has to agree.
    journey.bench.prepare(&after(dialect), &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
    let expand = journey.go(&after(dialect)).unwrap_or_else(|error| panic!("{error}"));
    for rows in [OLD, NEW] {
        journey.live.connection().batch(rows).unwrap_or_else(|error| panic!("{rows}: {error}"));
    }
    let waiting = lock(&journey).contract().join("\n");
    assert!(lock(&journey).declares(&after(dialect)));

    journey.bench.phase = Phase::Contract;
    journey.live.connection().batch("UPDATE users SET email = '' WHERE email IS NULL").unwrap();
    let contract = journey.there_and_back(&after(dialect)).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
    for rows in [OLD, NEW] {
        assert!(journey.live.connection().batch(rows).is_err(), "{rows}");
    }
    format!("{}\n== waits:\n{waiting}\n\n== contract\n{}", sql(&expand), sql(&contract))
}

#[test]
fn programs_of_both_releases_write_between_them_on_sqlite() {
    insta::assert_snapshot!(in_two_releases(Dialect::Sqlite));
}

#[test]
fn programs_of_both_releases_write_between_them_on_postgres() {
    insta::assert_snapshot!(in_two_releases(Dialect::Postgres));
}

/// The release between does not write it, so that it may be NULL for a while.
#[test]
fn a_column_that_is_declared_again_is_dropped_no_more() {
    let dialect = Dialect::Sqlite;
    let mut journey = Journey::new(dialect);
    journey.go(&before(dialect)).unwrap();
    journey.bench.phase = Phase::Expand;
    journey.go(&after(dialect)).unwrap();
    journey.go(&before(dialect)).unwrap();
    assert_eq!(lock(&journey).contract(), ["set users.fax NOT NULL", "drop column users.phone"]);
}

#[test]
fn a_sequence_that_a_column_of_before_asks_stays_with_it() {
    let dialect = Dialect::Postgres;
    let asks = t("users", [c("email", "Text"), c("number", "Int8").sql("nextval('s'::regclass)")]);
    let before = Stage::from(asks).and_sequence(sequence("s")).of(dialect);
    let after = Stage::from(t("users", [c("email", "Text")])).of(dialect);
    let mut journey = Journey::new(dialect);
    journey.go(&before).unwrap();
    journey.bench.phase = Phase::Expand;
    journey.go(&after).unwrap();
    journey.live.connection().batch("INSERT INTO users (email) VALUES ('old')").unwrap();
    assert_eq!(lock(&journey).contract(), ["drop sequence s", "drop column users.number"]);
    journey.bench.phase = Phase::Contract;
    journey.there_and_back(&after).unwrap();
    assert!(lock(&journey).waiting.is_empty());
}

#[test]
fn the_types_of_columns_that_stay_stay_with_them() {
    let dialect = Dialect::Postgres;
    let of = |columns| Stage::from(t("users", columns));
    let ty = |name: &str| Type {
        kind: TypeKind::Sql,
        namespace: None,
        name: name.to_owned(),
        modifiers: Vec::new(),
        array: 0,
    };
    let fax = Column { ty: ty("word"), ..c("fax", "Text") };
    let types = "CREATE DOMAIN text_of_it AS text; COMMENT ON DOMAIN word IS 'said'; CREATE DOMAIN \"word\" AS text_of_it; \
        CREATE COLLATION german (provider = libc, locale = 'C'); CREATE DOMAIN unused AS text";
    let before = of(vec![c("email", "Text"), fax, c("name", "Text").collation("german")]).and_sql(types).of(dialect);
    let after = of(vec![c("email", "Text")]).of(dialect);
    let mut journey = Journey::new(dialect);
    journey.go(&before).unwrap();
    journey.live.connection().batch("INSERT INTO users (fax, name) VALUES ('1', 'x')").unwrap();
    journey.bench.phase = Phase::Expand;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    let waits = ["drop the collation german", "drop the domain text_of_it", "drop the domain word"];
    assert_eq!(lock(&journey).contract(), [&waits[..], &["drop column users.fax", "drop column users.name"]].concat());
    assert!(journey.bench.prepare(&after, &mut Nobody, false).unwrap().no_changes());
    journey.bench.phase = Phase::Contract;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
}

#[test]
fn the_functions_of_checks_that_stay_stay_with_them() {
    let dialect = Dialect::Postgres;
    let functions = "CREATE DOMAIN digits AS text; \
        CREATE FUNCTION is_zip(it digits) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(it) = 5'; \
        COMMENT ON FUNCTION is_zip(digits) IS 'five'; \
        CREATE FUNCTION unused() RETURNS integer LANGUAGE sql AS 'SELECT 1'";
    let mut before = t("users", [c("email", "Text"), c("zip", "Text")]).check("is_zip(zip)");
    before.checks[0].columns = vec!["zip".to_owned()];
    let before = Stage::from(before).and_sql(functions).of(dialect);
    let after = Stage::from(t("users", [c("email", "Text")])).of(dialect);
    let mut journey = Journey::new(dialect);
    journey.go(&before).unwrap();
    journey.live.connection().batch("INSERT INTO users (zip) VALUES ('12345')").unwrap();
    journey.bench.phase = Phase::Expand;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    assert!(journey.live.connection().batch("INSERT INTO users (zip) VALUES ('1')").is_err(), "it is still checked");
    let waits = ["drop the domain digits", "drop the function is_zip(digits)", "drop column users.zip"];
    assert_eq!(lock(&journey).contract(), waits);
    assert!(journey.bench.prepare(&after, &mut Nobody, false).unwrap().no_changes());
    journey.bench.phase = Phase::Contract;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
}

/// What is said of it and of a column that gets another type may mean nothing by then: it goes, and the column stays.
#[test]
fn what_a_dropped_column_shares_with_one_of_another_type_is_not_kept() {
    let dialect = Dialect::Postgres;
    let of = |columns| t("users", columns);
    let before = of(vec![c("fax", "Text"), c("area", "Text")])
        .check("fax <> '' AND area <> ''")
        .index(index([super::build::of("fax || area")]))
        .unique(key(&["fax", "area"]));
    let before = Stage::from(before).of(dialect);
    let after = Stage::from(of(vec![c("area", "Int4")])).of(dialect);
    let mut journey = Journey::new(dialect);
    journey.go(&before).unwrap();
    journey.live.connection().batch("INSERT INTO users (fax, area) VALUES ('1', '30')").unwrap();
    journey.bench.phase = Phase::Expand;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lock(&journey).contract(), ["drop column users.fax"]);
    let rows = journey.live.connection().rows("SELECT fax || area FROM users").unwrap();
    assert_eq!(rows, [[Some("130".to_owned())]]);
}

/// Of a table that the database knows to be large, without being told.
#[test]
fn large_tables_are_kept_and_small_ones_are_not() {
    let dialect = Dialect::Postgres;
    let mut journey = Journey::new(dialect);
    journey.go(&before(dialect)).unwrap();
    let rows = "INSERT INTO users (fax) SELECT g FROM generate_series(1, 50) g; INSERT INTO posts (user_id) VALUES (1); ANALYZE";
    journey.live.connection().batch(rows).unwrap();
    journey.bench.phase = Phase::BySize;
    journey.bench.project.plain_below = 40;
    let to = Stage::from([t("users", [c("email", "Text")])]).of(dialect);
    journey.go(&to).unwrap();
    assert_eq!(lock(&journey).contract(), ["drop column users.fax"]);
}
