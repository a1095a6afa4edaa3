//! A table that gets another name while a release still uses the old one: a view has that one until it is gone.

use diesel_schema::Dialect;
use diesel_schema::declared::{DeclaredSchema, Model};
use diesel_schema::generate::{Nobody, Phase, Prepared, report};
use diesel_schema_core::lock::Lock;

use super::killed::killed_on;
use super::load::{Load, stage, table};
use crate::build::*;
use crate::journey::{Journey, sql};

fn columns(fax: &str) -> Model {
    let mut model = t("users", [c(fax, "Text"), c("n", "Int4").not_null().int(7), c("m", "Int4").generated("n + 1")])
        .unique(key(&[fax]));
    if fax != "fax" {
        model.columns[1].renamed_from = Some("fax".to_owned());
    }
    model
}

fn before() -> DeclaredSchema {
    let posts = t("posts", [c("user_id", "Int4")]).foreign_key(fk(&["user_id"], "users", &["id"]));
    Stage::from([columns("fax"), posts]).of(Dialect::Postgres)
}

fn accounts(fax: &str) -> Model {
    Model { table: "accounts".to_owned(), rust: "accounts".to_owned(), ..columns(fax).was("users") }
}

fn after() -> DeclaredSchema {
    let mut accounts = accounts("phone");
    accounts.columns.push(c("note", "Text"));
    let posts = t("posts", [c("user_id", "Int4")]).foreign_key(fk(&["user_id"], "accounts", &["id"]));
    Stage::from([accounts, posts]).of(Dialect::Postgres)
}

fn begin(plain_below: u64) -> Journey {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = plain_below;
    journey.go(&before()).unwrap_or_else(|error| panic!("{error}"));
    let rows = "INSERT INTO users (fax) SELECT g::text FROM generate_series(1, 300) g; \
        INSERT INTO posts (user_id) SELECT g FROM generate_series(1, 300) g; ANALYZE";
    journey.live.connection().batch(rows).unwrap();
    journey.bench.phase = Phase::Expand;
    journey
}

fn lock(journey: &Journey) -> Lock {
    Lock::read(&journey.bench.project.layout.lock()).unwrap()
}

/// What programs of each release do.
const OLD: &str = "INSERT INTO users (fax) VALUES ('old') RETURNING id, fax, n, m; \
    INSERT INTO users (fax, n) VALUES ('old', 9) ON CONFLICT (fax) DO UPDATE SET n = excluded.n; \
    SELECT id, fax, n, m FROM users WHERE fax = 'old' FOR UPDATE; UPDATE users SET fax = 'o' WHERE fax = 'old'; \
    DELETE FROM users WHERE fax = 'o'; INSERT INTO users (id, fax) VALUES (DEFAULT, 'stays')";
const NEW: &str = "INSERT INTO accounts (phone, note) VALUES ('new', 'x')";

/// Before PostgreSQL 16 the server says in a view which table each column is of.
fn unqualified(prepared: &Prepared) -> String {
    sql(prepared).replace(" accounts.", " ")
}

#[test]
fn both_releases_use_the_table() {
    let mut journey = begin(0);
    let prepared = journey.bench.prepare(&after(), &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
    assert!(prepared.notes.iter().any(|note| note.contains("a view has the old name")), "{:?}", prepared.notes);
    assert!(!prepared.notes.iter().any(|note| note.contains("fails from then on")), "{:?}", prepared.notes);
    let printed = report(&prepared, journey.bench.root.path(), false);
    let plan: String = printed.iter().map(|line| format!("{}\n", line.text)).take_while(|line| line != "\n").collect();
    let expand = journey.there_and_back(&after()).unwrap_or_else(|error| panic!("{error}"));
    let connection = journey.live.connection();
    for rows in [OLD, NEW] {
        connection.batch(rows).unwrap_or_else(|error| panic!("{rows}: {error}"));
    }
    let names = "SELECT string_agg(fax, ' ' ORDER BY id) FROM users WHERE id > 300";
    assert_eq!(connection.rows(names).unwrap(), [[Some("stays new".to_owned())]]);
    let waiting = lock(&journey).contract().join("\n");
    assert!(lock(&journey).declares(&after()));

    journey.bench.phase = Phase::Contract;
    let contract = journey.there_and_back(&after()).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
    assert!(journey.live.connection().batch(OLD).is_err());
    insta::assert_snapshot!(format!(
        "{plan}\n{}\n== waits:\n{waiting}\n\n== contract\n{}",
        unqualified(&expand),
        unqualified(&contract)
    ));
}

/// A revision behind it leaves what waits, also the columns that the view shows.
#[test]
fn it_waits_through_other_revisions() {
    let mut journey = begin(u64::MAX);
    journey.go(&after()).unwrap_or_else(|error| panic!("{error}"));
    journey.bench.phase = Phase::BySize;
    let mut accounts = accounts("phone");
    accounts.columns.retain(|it| it.name != "m");
    accounts.columns.extend([c("note", "Text"), c("more", "Text")]);
    journey.go(&Stage::from(accounts).of(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch(OLD).unwrap();
    let waits = lock(&journey).contract();
    assert!(waits.contains(&"drop the view users that stands for accounts".to_owned()), "{waits:?}");
    assert!(waits.contains(&"drop column accounts.m".to_owned()), "{waits:?}");
}

/// Whoever might use the table may use the view.
#[test]
fn privileges_come_along() {
    let mut journey = begin(0);
    let granted = "GRANT SELECT, INSERT ON users TO pg_monitor WITH GRANT OPTION; \
        GRANT UPDATE (n) ON users TO PUBLIC";
    journey.live.connection().batch(granted).unwrap();
    journey.go(&after()).unwrap_or_else(|error| panic!("{error}"));
    let may = "SELECT has_table_privilege('pg_monitor', 'users', 'INSERT WITH GRANT OPTION')::text, \
        has_table_privilege('pg_monitor', 'users', 'DELETE')::text, \
        has_column_privilege('pg_monitor', 'users', 'n', 'UPDATE')::text, \
        has_column_privilege('pg_monitor', 'users', 'fax', 'UPDATE')::text";
    let yes_and_no = ["true", "false", "true", "false"].map(|it| Some(it.to_owned()));
    assert_eq!(journey.live.connection().rows(may).unwrap(), [yes_and_no]);
}

#[track_caller]
fn is_told(from: Stage, to: Stage) {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.go(&from.of(Dialect::Postgres)).unwrap_or_else(|error| panic!("{error}"));
    journey.bench.phase = Phase::Expand;
    let to = to.of(Dialect::Postgres);
    let prepared = journey.bench.prepare(&to, &mut Nobody, true).unwrap();
    assert!(prepared.notes.iter().any(|note| note.contains("fails from then on")), "{:?}", prepared.notes);
    journey.there_and_back(&to).unwrap_or_else(|error| panic!("{error}"));
}

/// A view that a release of before could not use as the table is none that helps it.
#[test]
fn what_a_view_can_not_stand_for_is_renamed_and_told() {
    let from = || Stage::from(columns("fax"));
    let mut demanded = accounts("fax");
    demanded.columns[1].nullable = false;
    is_told(from(), Stage::from(demanded));
    let mut new = accounts("fax");
    new.columns.push(c("note", "Text").not_null());
    is_told(from(), Stage::from(new));
    let mut retyped = accounts("fax");
    retyped.columns[2] = c("n", "Int8").not_null().int(7);
    is_told(from(), Stage::from(retyped));
    let policies = |table: &str| {
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON {table} USING (n = 1);\n")
    };
    is_told(from().and_sql(&policies("users")), Stage::from(accounts("fax")).and_sql(&policies("accounts")));
}

#[test]
fn killed_at_every_message() {
    let mut accounts = accounts("phone");
    accounts.columns.push(c("note", "Uuid").not_null().sql("gen_random_uuid()"));
    let posts = t("posts", [c("user_id", "Int4")]).foreign_key(fk(&["user_id"], "accounts", &["id"]));
    killed_on(begin(0), &Stage::from([accounts, posts]).of(Dialect::Postgres));
}

/// A view that the models have goes to make room for a table's new name, and the other way round.
#[test]
fn a_view_and_a_table_trade_names() {
    let dialect = Dialect::Postgres;
    let mut journey = Journey::new(dialect);
    let from = Stage::from(t("a", [c("x", "Int4")])).and_sql("CREATE VIEW b AS SELECT x FROM a;\n");
    let to = Stage::from(t("b", [c("x", "Int4")]).was("a")).and_sql("CREATE VIEW a AS SELECT x FROM b;\n");
    journey.go(&from.of(dialect)).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch("INSERT INTO a (x) VALUES (1)").unwrap();
    journey.there_and_back(&to.of(dialect)).unwrap_or_else(|error| panic!("{error}"));
}

/// A client that goes on under the old name.
#[test]
fn nobody_waits() {
    let to = Model { table: "u".to_owned(), rust: "u".to_owned(), ..table([]).was("t") };
    let load = Load::of(stage(table([])), stage(to));
    load.run(false, Phase::Expand).unwrap_or_else(|error| panic!("{error}"));
    let error = load.run(true, Phase::Contract).unwrap_err();
    assert!(error.contains("relation \"t\""), "{error}");
}
