//! A type that rewrites the table: a second column takes the first one's place.

use diesel_schema::declared::{Column, Identity, Index, Model, NotNull};
use diesel_schema::generate::{Nobody, Phase};

use super::killed::killed;
use super::load::{Load, stage, table};
use super::{ROWS, Way, by, costs, p, reference, survives};
use crate::build::*;
use crate::live::server_version;

/// A table of numbered rows, whose numbers are of this type.
fn numbered(name: &str, ty: &str, identity: Identity, more: impl IntoIterator<Item = Column>) -> Model {
    bare(name, &["id"], std::iter::once(c("id", ty).identity(identity)).chain(more))
}

fn parents(ty: &str, identity: Identity) -> Model {
    numbered("p", ty, identity, [c("a", "Int4"), c("b", "Int4")]).unique(key(&["b"]))
}

fn children(ty: &str) -> Model {
    t("t", [c("a", "Int4"), c("b", "Int4"), c("p", ty)]).foreign_key(reference()).index(index([by("p")]))
}

fn keys(identity: Identity) -> Way {
    let stage = |ty| [parents(ty, identity), children(ty)].into();
    Way { from: stage("Int4"), to: stage("Int8"), by_hand: None, rows: ROWS }
}

#[test]
fn a_primary_key_and_what_points_at_it() {
    insta::assert_snapshot!(keys(Identity::ByDefault).survives());
}

/// The next number is the one behind the last that was given, whatever the rows hold.
#[test]
fn numbers_go_on() {
    for identity in [Identity::ByDefault, Identity::Always, Identity::Serial] {
        let way = keys(identity);
        let mut journey = way.begin(0);
        let next = "INSERT INTO p (a) VALUES (1) RETURNING id::text";
        journey.live.connection().batch("DELETE FROM t; DELETE FROM p WHERE id > 200").unwrap();
        journey.there_and_back(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(journey.live.connection().rows(next).unwrap(), [[Some("301".to_owned())]], "{identity:?}");
        journey.live.connection().batch("SELECT setval(pg_get_serial_sequence('p', 'id'), 3000000000)").unwrap();
    }
}

/// What fits the new type alone stops the way back, and is there still; the way back goes on when it fits.
#[test]
fn the_way_back_refuses_what_does_not_fit_and_loses_nothing() {
    let way = Way::of(with(c("x", "Int4")), with(c("x", "Int8")));
    let mut journey = way.begin(0);
    let (_, ids) = journey.write(&way.declared()).unwrap();
    let folder = journey.folder();
    journey.live.upgrade(&folder).unwrap();
    journey.live.connection().batch("UPDATE t SET x = 3000000000 WHERE a = 7").unwrap();
    let error = journey.live.downgrade(&folder, &ids).unwrap_err();
    assert!(error.contains("out of range"), "{error}");
    let read = "SELECT x::text FROM t WHERE a = 7";
    assert_eq!(journey.live.connection().rows(read).unwrap(), [[Some("3000000000".to_owned())]]);
    journey.live.connection().batch("UPDATE t SET x = 3 WHERE a = 7").unwrap();
    journey.live.downgrade(&folder, &ids).unwrap();
    assert_eq!(journey.live.connection().rows(read).unwrap(), [[Some("3".to_owned())]]);
}

/// A release of before reads the type that it knows, and no other one under that name.
#[test]
fn a_release_of_before_is_told_of() {
    let told = |from: Column, to: Column, phase| {
        let way = Way::of(with(from), with(to));
        let mut journey = way.begin(0);
        journey.bench.phase = phase;
        let notes = journey.bench.prepare(&way.declared(), &mut Nobody, false).unwrap().notes;
        notes.into_iter().filter(|note| note.contains("fails from then on")).collect::<Vec<_>>().join("\n")
    };
    let wider = told(c("x", "Int4"), c("x", "Int8"), Phase::Expand);
    assert_eq!(
        wider,
        "column t.x becomes bigint, and a release that still runs fails from then on; under another name \
         (`#[renamed_from(\"x\")]`), the new type has a column beside this one until `--contract`"
    );
    let other = told(c("x", "Float4"), c("x", "Float8"), Phase::Expand);
    assert!(other.ends_with("; it has to be gone when this is applied"), "{other}");
    assert_eq!(told(c("x", "Int4"), c("x", "Int8"), Phase::Contract), "");
    let (short, long) = (c("x", "Varchar(20)"), c("x", "Varchar(40)"));
    assert_eq!(told(short, long, Phase::Expand), "");
}

fn with(more: Column) -> Model {
    t("t", [c("a", "Int4"), c("b", "Int4"), c("p", "Int4"), more])
}

#[test]
fn what_stands_on_the_column() {
    let of = |ty: &str| {
        let unique = Index {
            name: Some("u".to_owned()),
            unique: true,
            predicate: Some(expr("a > 0")),
            ..index([by("b"), by("a")])
        };
        let [a, b] = [c("a", ty).not_null().int(7).comment("how many"), c("b", "Int4")];
        t("t", [a, b, c("p", "Int4")])
            .unique(key(&["a", "p"]))
            .check("a > 0 AND b > 0")
            .index(index([of("a + b")]))
            .index(unique)
    };
    let view = "CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1;\n\
        CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.b := NEW.a; RETURN NEW; END$$;\n\
        CREATE TRIGGER touch BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION touched();\n\
        ALTER TABLE t ALTER COLUMN a SET STATISTICS 500;\n";
    let stage = |ty| Stage::from([p(), of(ty)]).and_sql(view);
    let way = Way { from: stage("Int4"), to: stage("Int8"), by_hand: None, rows: ROWS };
    // Before PostgreSQL 16 the server says in a view which table each column is of.
    insta::assert_snapshot!(way.survives().replace("t.a", "a").replace("t.b", "b"));
    // Whoever might read the column may do so afterwards.
    let mut journey = way.begin(0);
    journey.live.connection().batch("GRANT SELECT (a), UPDATE (a) ON t TO pg_monitor WITH GRANT OPTION").unwrap();
    let held = "SELECT attacl::text FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'";
    let before = journey.live.connection().rows(held).unwrap();
    journey.there_and_back(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(journey.live.connection().rows(held).unwrap(), before);
}

/// Each has the values that the one statement would give it.
#[test]
fn the_values_are_those_of_the_plain_form() {
    let kinds = [
        ("Text", "Uuid", "md5(g::text)::uuid::text"),
        ("Text", "Int4", "g::text"),
        ("Text", "Jsonb", "format('[%s]', g)"),
        ("Int4", "Text", "g"),
        ("Int8", "Int4", "g"),
        ("Numeric(10,1)", "Numeric(10,3)", "g / 10.0"),
        ("Float4", "Float8", "g / 10.0"),
        ("Timestamp", "Timestamptz", "timestamp '2024-03-31 02:30' + g * interval '1 hour'"),
        ("Timestamptz", "Timestamp", "timestamptz '2024-03-31 00:30' + g * interval '1 hour'"),
        ("Date", "Timestamp", "date '2024-01-01' + g"),
        ("Varchar(20)", "Varchar(10)", "g::text"),
        ("Int4[]", "Int8[]", "ARRAY[g, NULL]"),
        ("enum tone", "Text", "'calm'::tone"),
        ("Text", "enum tone", "'loud'"),
    ];
    let stage = |at: usize| {
        let columns = kinds.iter().enumerate().map(|(number, kind)| c(&format!("x{number}"), [kind.0, kind.1][at]));
        Stage::from(t("t", columns)).and_enum(an_enum("tone", &["calm", "loud"]))
    };
    let columns: Vec<String> = (0..kinds.len()).map(|at| format!("x{at}")).collect();
    let values: Vec<&str> = kinds.iter().map(|kind| kind.2).collect();
    let rows = format!(
        "INSERT INTO t ({}) SELECT {} FROM generate_series(1, 40) g; INSERT INTO t DEFAULT VALUES; ANALYZE",
        columns.join(", "),
        values.join(", ")
    );
    let read = format!("SELECT concat_ws('|', id, {}) FROM t ORDER BY id", columns.join(", "));
    let found = [0, u64::MAX].map(|plain_below| {
        let way = Way { from: stage(0), to: stage(1), by_hand: None, rows: "" };
        let mut journey = way.begin(plain_below);
        let database = journey.live.connection().rows("SELECT current_database()").unwrap();
        let database = database[0][0].clone().unwrap();
        let zone = format!("ALTER DATABASE {database} SET timezone = 'Europe/Berlin'; SET timezone = 'Europe/Berlin'");
        journey.live.connection().batch(&zone).unwrap();
        journey.live.connection().batch(&rows).unwrap();
        let revisions = journey.go(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
        let count = revisions.dialects[0].transition.segments.len();
        assert_eq!(count > 1, plain_below == 0, "{count} revisions");
        journey.live.connection().rows(&read).unwrap()
    });
    assert_eq!(found[0], found[1]);
}

/// What a second column can't be made of goes the short way, and says what that costs.
#[test]
fn what_can_not_be_made_a_second_time_is_told() {
    let sum = |ty: &str| t("t", [c("a", ty), c("b", "Int4"), c("p", "Int4"), c("s", "Int8").generated("a + b")]);
    insta::assert_snapshot!(costs(sum("Int4"), sum("Int8"), 0));
}

#[test]
fn the_plan_says_who_can_go_on() {
    insta::assert_snapshot!(costs(with(c("x", "Text")), with(c("x", "Uuid")), 0));
}

#[test]
fn several_columns_of_a_table_at_once() {
    let of = |x: &str, y: &str| {
        let columns = [c("a", "Int4"), c("b", "Int4"), c("p", "Int4"), c("x", x), c("y", y)];
        t("t", columns).unique(key(&["x", "a"])).index(index([by("x"), by("y"), by("a")])).check("x > y")
    };
    survives(of("Int4", "Int2"), of("Int8", "Int4"));
}

/// PostgreSQL 18's: a NOT NULL that has a name is taken by the second column, whose own proof is dropped.
#[test]
fn a_named_not_null() {
    if server_version() < 18 {
        return;
    }
    let of = |ty: &str| {
        let not_null = Some(NotNull { name: Some("a is there".to_owned()), no_inherit: false, not_valid: false });
        t("t", [Column { not_null, ..c("a", ty).not_null() }, c("b", "Int4"), c("p", "Int4")])
    };
    survives(of("Int4"), of("Int8"));
}

#[test]
fn killed_at_every_message() {
    killed(&keys(Identity::ByDefault));
}

/// The plain form builds the slow index anew under its lock.
#[test]
fn nobody_waits() {
    let of = |ty: &str| {
        let mut table = table([c("x", ty)]).index(index([of("slow(b)")]));
        table.indexes.push(Index { name: Some("x".to_owned()), ..index([by("x")]) });
        stage(table)
    };
    Load::of(of("Int4"), of("Int8")).nobody_waits_but_for_the_plain_form();
}

#[test]
fn what_is_changed_together_with_the_type() {
    let from = with(c("x", "Int4")).check("x > 0").index(index([by("x")]));
    let to = with(c("x", "Int8")).check("x > 1").index(Index { unique: false, ..index([by("x"), by("a")]) });
    let way = Way::of(from, to);
    way.begin(0).there_and_back(&way.declared()).unwrap_or_else(|error| panic!("{error}"));
}
