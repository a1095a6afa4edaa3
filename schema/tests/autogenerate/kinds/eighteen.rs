//! What PostgreSQL 18 brought. On a server before it, each is refused in a sentence.

use diesel_schema::Dialect;
use diesel_schema::declared::{Check, Column, ForeignKey, Key, Model, NotNull};

use super::PG;
use crate::build::*;
use crate::journey::Journey;
use crate::live::server_version;

/// `name: "rows of the first stage", [stages];`
macro_rules! eighteen {
    ($($name:ident: $rows:expr, [$($stage:expr),* $(,)?];)*) => {$(
        #[test]
        fn $name() {
            let stages: Vec<Stage> = vec![$($stage.into()),*];
            if server_version() >= 18 {
                insta::assert_snapshot!(super::travel(PG, &stages, $rows));
            } else {
                refused(stages);
            }
        }
    )*};
}

fn refused(stages: Vec<Stage>) {
    let mut journey = Journey::new(Dialect::Postgres);
    for stage in stages {
        let Err(error) = journey.go(&stage.of(Dialect::Postgres)) else { continue };
        let said = error.to_string();
        return assert!(
            said.contains(&format!("needs PostgreSQL 18, and this server is {}", server_version())),
            "{said}"
        );
    }
    panic!("all of it was taken");
}

const ROWS: &str = "INSERT INTO t (id, n) VALUES (1, 2), (2, 3)";

fn t(columns: impl IntoIterator<Item = Column>) -> Model {
    bare("t", &["id"], std::iter::once(c("id", "Int4").not_null()).chain(columns))
}

fn n() -> Column {
    c("n", "Int4")
}

fn doubled(sql: &str, is_virtual: bool) -> Column {
    Column { is_virtual, ..c("twice", "Int4").generated(sql) }
}

fn said(name: Option<&str>, no_inherit: bool, not_valid: bool) -> Column {
    Column { not_null: Some(NotNull { name: name.map(str::to_owned), no_inherit, not_valid }), ..n().not_null() }
}

fn unchecked(sql: &str) -> Model {
    let mut table = t([n()]).check(sql);
    table.checks = table.checks.into_iter().map(|it| Check { not_enforced: true, ..it }).collect();
    table
}

fn pointing(key: impl IntoIterator<Item = ForeignKey>) -> [Model; 2] {
    let mut other = bare("o", &["id"], [c("id", "Int4").not_null(), c("t", "Int4")]);
    other.foreign_keys.extend(key);
    [t([n()]), other]
}

fn booked(without_overlaps: bool) -> Model {
    let mut table = bare("r", &[], [c("room", "Int4range").not_null(), c("during", "Tstzrange").not_null()]);
    if without_overlaps {
        table.primary_key = Key { without_overlaps, ..key(&["room", "during"]) };
    }
    table
}

fn within(period: bool) -> [Model; 2] {
    let mut guest = bare("g", &[], [c("room", "Int4range"), c("during", "Tstzrange")]);
    if period {
        let to = fk(&["room", "during"], "r", &["room", "during"]);
        guest.foreign_keys.push(ForeignKey { period, ..to });
    }
    [booked(true), guest]
}

eighteen! {
    a_virtual_column: ROWS, [
        t([n()]),
        t([n(), doubled("n * 2", true)]),
        t([n(), doubled("n + n", true)]),
        t([n(), doubled("n + n", false)]),
        t([n(), doubled("n + n", true)]),
        t([n(), c("twice", "Int4")]),
        t([n(), doubled("n + n", true)]),
        t([n()]),
    ];
    not_null_has_a_name: ROWS, [
        t([n()]),
        t([said(Some("n is there"), false, false)]),
        t([said(Some("other"), false, false)]),
        t([said(Some("other"), true, false)]),
        t([n().not_null()]),
        t([said(Some("other"), false, true)]),
        t([said(None, false, true)]),
        t([n().not_null()]),
        t([n()]),
    ];
    a_column_comes_with_a_named_not_null: ROWS, [
        t([n()]),
        t([n(), Column { name: "m".to_owned(), ..said(Some("m is there"), true, false) }.int(3)]),
        t([n()]),
    ];
    a_check_that_is_not_enforced: ROWS, [
        t([n()]),
        unchecked("n > 100"),
        t([n()]).not_valid("n > 100"),
        unchecked("n > 100"),
        unchecked("n > 1"),
        t([n()]).check("n > 1"),
        t([n()]),
    ];
    a_foreign_key_that_is_not_enforced: "INSERT INTO o VALUES (1, 1)", [
        pointing([]),
        pointing([ForeignKey { not_enforced: true, ..fk(&["t"], "t", &["id"]) }]),
        pointing([]),
    ];
    a_key_without_overlaps: "INSERT INTO r VALUES ('[1,2)', '[2024-01-01,2024-01-02)')", [
        booked(false),
        booked(true),
        within(false),
        within(true),
        within(false),
        booked(false),
    ];
}
