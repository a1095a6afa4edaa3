//! A column that gets another name while a release still uses the old one: both are there, and equal, until it is gone.

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{Column, DeclaredSchema, Type, TypeKind};
use diesel_schema::generate::{Nobody, Phase, report};
use diesel_schema_core::lock::Lock;

use super::killed::killed_on;
use super::load::{Load, stage};
use crate::build::*;
use crate::journey::{Journey, sql};

fn of(columns: impl IntoIterator<Item = Column>) -> DeclaredSchema {
    Stage::from(t("users", columns)).of(Dialect::Postgres)
}

fn before() -> DeclaredSchema {
    Stage::from(
        t("users", [c("fax", "Text").not_null(), c("n", "Int4").not_null().int(7)])
            .unique(key(&["fax"]))
            .check("fax <> 'x'"),
    )
    .of(Dialect::Postgres)
}

fn after() -> DeclaredSchema {
    let columns = [c("phone", "Text").not_null().from("fax"), c("m", "Int8").not_null().int(7).from("n")];
    Stage::from(t("users", columns).unique(key(&["phone"])).check("phone <> 'x'")).of(Dialect::Postgres)
}

fn begin(plain_below: u64) -> Journey {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = plain_below;
    journey.go(&before()).unwrap_or_else(|error| panic!("{error}"));
    let rows = "INSERT INTO users (fax, n) SELECT g::text, g FROM generate_series(1, 300) g; ANALYZE";
    journey.live.connection().batch(rows).unwrap();
    journey.bench.phase = Phase::Expand;
    journey
}

fn lock(journey: &Journey) -> Lock {
    Lock::read(&journey.bench.project.layout.lock()).unwrap()
}

fn read(connection: &mut dyn SqlConnection) -> Vec<String> {
    let rows = "SELECT concat_ws(' ', fax, phone, n, m) FROM users WHERE id > 300 ORDER BY id";
    connection.rows(rows).unwrap().into_iter().flatten().flatten().collect()
}

/// A domain's own default would be in every row at once, and nothing left to fill.
#[test]
fn a_column_of_a_domain_keeps_its_values() {
    let of = |name: &str| {
        let ty =
            Type { kind: TypeKind::Sql, namespace: None, name: "word".to_owned(), modifiers: Vec::new(), array: 0 };
        Column { ty, ..c(name, "Text") }
    };
    let stage = |column: Column| {
        Stage::from(t("users", [column])).and_sql("CREATE DOMAIN word AS text DEFAULT 'x'").of(Dialect::Postgres)
    };
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = 0;
    journey.go(&stage(of("fax"))).unwrap_or_else(|error| panic!("{error}"));
    journey.live.connection().batch("INSERT INTO users (fax) VALUES ('a'), ('b')").unwrap();
    journey.bench.phase = Phase::Expand;
    journey.there_and_back(&stage(of("phone").from("fax"))).unwrap_or_else(|error| panic!("{error}"));
    let rows = journey.live.connection().rows("SELECT phone FROM users ORDER BY id").unwrap();
    assert_eq!(rows, [[Some("a".to_owned())], [Some("b".to_owned())]]);
}

#[test]
fn both_releases_read_what_the_other_one_writes() {
    let mut journey = begin(0);
    let prepared = journey.bench.prepare(&after(), &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
    assert!(!prepared.notes.iter().any(|note| note.contains("fails from then on")), "{:?}", prepared.notes);
    let expand = journey.there_and_back(&after()).unwrap_or_else(|error| panic!("{error}"));
    let connection = journey.live.connection();
    let equal = "SELECT count(*)::text FROM users WHERE fax = phone AND n = m";
    assert_eq!(connection.rows(equal).unwrap(), [[Some("300".to_owned())]]);
    connection.batch("INSERT INTO users (fax) VALUES ('old'); INSERT INTO users (fax, n) VALUES ('older', 8)").unwrap();
    connection
        .batch("INSERT INTO users (phone) VALUES ('new'); INSERT INTO users (phone, m) VALUES ('newer', 9)")
        .unwrap();
    assert_eq!(read(connection), ["old old 7 7", "older older 8 8", "new new 7 7", "newer newer 9 9"]);
    connection.batch("UPDATE users SET fax = fax || 1, n = n + 1 WHERE id > 302").unwrap();
    connection.batch("UPDATE users SET phone = phone || 2, m = m + 1 WHERE id <= 302 AND id > 300").unwrap();
    assert_eq!(read(connection), ["old2 old2 8 8", "older2 older2 9 9", "new1 new1 8 8", "newer1 newer1 10 10"]);
    assert!(
        connection.batch("INSERT INTO users (fax, n) VALUES (NULL, 1)").is_ok(),
        "the other one is not demanded yet"
    );
    connection.batch("DELETE FROM users WHERE fax IS NULL").unwrap();
    let waiting = lock(&journey).contract().join("\n");
    assert!(lock(&journey).declares(&after()));

    journey.bench.phase = Phase::Contract;
    // No value is lost, so nobody has to agree.
    journey.bench.prepare(&after(), &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
    let contract = journey.there_and_back(&after()).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
    journey.back().unwrap();
    insta::assert_snapshot!(format!("{}\n== waits:\n{waiting}\n\n== contract\n{}", sql(&expand), sql(&contract)));
}

/// On the way back from a contract the old name has the values that were written since.
#[test]
fn what_was_written_without_the_old_name_is_there_when_it_comes_back() {
    let mut journey = begin(0);
    journey.go(&after()).unwrap_or_else(|error| panic!("{error}"));
    journey.bench.phase = Phase::Contract;
    let (_, ids) = journey.write(&after()).unwrap();
    let folder = journey.folder();
    journey.live.upgrade(&folder).unwrap();
    journey.live.connection().batch("INSERT INTO users (phone, m) VALUES ('new', 9)").unwrap();
    journey.live.downgrade(&folder, &ids).unwrap();
    assert_eq!(read(journey.live.connection()), ["new new 9 9"]);
}

#[test]
fn a_small_table_has_both_names_as_well() {
    let mut journey = begin(u64::MAX);
    journey.there_and_back(&after()).unwrap_or_else(|error| panic!("{error}"));
    let equal = "SELECT count(*)::text FROM users WHERE fax = phone AND n = m";
    assert_eq!(journey.live.connection().rows(equal).unwrap(), [[Some("300".to_owned())]]);
}

/// Both releases have a column of the type that they know; each keeps the spelling of what it wrote.
#[test]
fn a_new_type_under_a_new_name_is_beside_the_old_one() {
    let stage = |columns: [Column; 5]| {
        Stage::from(t("users", columns)).and_enum(an_enum("tone", &["low", "high"])).of(Dialect::Postgres)
    };
    let before = stage([
        c("a", "Text").not_null(),
        c("b", "Varchar(9)"),
        c("d", "Timestamp"),
        c("e", "Int4").not_null(),
        c("z", "Int4"),
    ]);
    let after = stage([
        c("key", "Uuid").not_null().from("a"),
        c("tone", "enum tone").from("b"),
        c("at", "Timestamptz").from("d"),
        c("code", "Text").not_null().from("e"),
        c("z", "Int4"),
    ]);
    let mut journey = Journey::new(Dialect::Postgres);
    journey.bench.project.plain_below = 0;
    journey.go(&before).unwrap_or_else(|error| panic!("{error}"));
    let rows = "INSERT INTO users (a, b, d, e, z) \
        SELECT upper(md5(g::text)), CASE WHEN g % 3 > 0 THEN 'low' END, now(), g, g FROM generate_series(1, 300) g; ANALYZE";
    journey.live.connection().batch(rows).unwrap();
    journey.bench.phase = Phase::Expand;
    let prepared = journey.bench.prepare(&after, &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
    assert!(!prepared.notes.iter().any(|note| note.contains("fails from then on")), "{:?}", prepared.notes);
    let plan = report(&prepared, journey.bench.root.path(), false);
    let told = "may fail: fails if a value of users.a does not fit uuid, as a write of one does from then on";
    assert!(plan.iter().any(|line| line.text.contains(told)), "{told}");
    journey.go(&after).unwrap_or_else(|error| panic!("{error}"));
    let connection = journey.live.connection();
    let unlike = "SELECT count(*)::text FROM users WHERE (a::uuid, b, d::timestamptz, e::text) IS DISTINCT FROM (key, tone::text, at, code)";
    assert_eq!(connection.rows(unlike).unwrap(), [[Some("0".to_owned())]]);
    connection
        .batch(
            "INSERT INTO users (a, b, e) VALUES ('AB000000000000000000000000000001', 'low', 7); \
                INSERT INTO users (key, tone, code) VALUES ('ab000000-0000-0000-0000-000000000002', 'high', '08'); \
                UPDATE users SET z = 5 WHERE z IS NULL; UPDATE users SET b = 'high' WHERE e = 7",
        )
        .unwrap();
    let read = "SELECT concat_ws(' ', a, b, e, key, tone, code) FROM users WHERE id > 300 ORDER BY id";
    let written: Vec<String> = connection.rows(read).unwrap().into_iter().flatten().flatten().collect();
    assert_eq!(
        written,
        [
            "AB000000000000000000000000000001 high 7 ab000000-0000-0000-0000-000000000001 high 7",
            "ab000000-0000-0000-0000-000000000002 high 8 ab000000-0000-0000-0000-000000000002 high 08",
        ]
    );
    let refused = connection.batch("UPDATE users SET code = 'x' WHERE e = 7").unwrap_err().to_string();
    assert!(refused.contains("invalid input syntax for type integer"), "{refused}");
    journey.bench.phase = Phase::Contract;
    journey.there_and_back(&after).unwrap_or_else(|error| panic!("{error}"));
    assert!(lock(&journey).waiting.is_empty());
}

/// What the default of the one gives could not be told from what is written to the other.
#[test]
fn what_can_not_have_both_names_is_renamed_and_told() {
    let mut journey = Journey::new(Dialect::Postgres);
    journey.go(&of([c("fax", "Text").text("none")])).unwrap();
    journey.bench.phase = Phase::Expand;
    let to = of([c("phone", "Text").text("none").from("fax")]);
    let prepared = journey.bench.prepare(&to, &mut Nobody, false).unwrap();
    assert_eq!(prepared.notes.len(), 1, "{:?}", prepared.notes);
    assert!(prepared.notes[0].contains("column users.fax is renamed to phone"), "{:?}", prepared.notes);
    journey.there_and_back(&to).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn killed_at_every_message() {
    killed_on(begin(0), &after());
}

/// A client that writes the old name fails with the plain form.
#[test]
fn nobody_waits() {
    let table = |name: Column| stage(t("t", [c("a", "Int4"), c("b", "Int4"), c("p", "Int4"), name]));
    let (from, to) = (table(c("wide", "Text")), table(c("broad", "Text").from("wide")));
    let load = Load::of(from, to);
    load.run(false, Phase::Expand).unwrap_or_else(|error| panic!("{error}"));
    let error = load.run(true, Phase::Contract).unwrap_err();
    assert!(error.contains("column \"wide\""), "{error}");
}
