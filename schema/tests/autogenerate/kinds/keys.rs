//! Primary keys, uniques and checks.

use diesel_schema::declared::{Check, Column, Deferrable, Index, Key, Model};

use super::{BOTH, PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO k (a, b, n) VALUES (1, 10, 'x'), (2, 20, 'y'), (3, 30, NULL)";

fn columns() -> [Column; 3] {
    [c("a", "Int4").not_null(), c("b", "Int4").not_null(), c("n", "Text")]
}

fn k(columns_of_key: &[&str]) -> Model {
    bare("k", columns_of_key, columns())
}

fn deferred(columns: &[&str], deferrable: Deferrable) -> Key {
    Key { deferrable, ..key(columns) }
}

fn named(name: &str, columns: &[&str]) -> Key {
    Key { name: Some(name.to_owned()), ..key(columns) }
}

/// The same check once more, under another name, and valid where it is not.
fn checked_twice(mut table: Model) -> Model {
    let other = &table.checks[0];
    let other = Check { name: Some("other".to_owned()), not_valid: !other.not_valid, ..other.clone() };
    table.checks.push(other);
    table
}

kinds! {
    a_primary_key: BOTH, ROWS, [k(&["a"]), k(&["a", "b"]), k(&["b", "a"]), k(&["b"]), k(&["a"])];
    the_name_of_a_primary_key: PG, ROWS, [
        k(&["a"]),
        Model { primary_key: named("other", &["a"]), ..k(&["a"]) },
        Model { primary_key: named("third", &["a", "b"]), ..k(&["a"]) },
    ];
    a_primary_key_that_foreign_keys_need: BOTH, "INSERT INTO k (a, b, n) VALUES (1, 10, 'x'); INSERT INTO l (k) VALUES (1)", [
        [k(&["a"]).unique(key(&["b"])), t("l", [c("k", "Int4")]).foreign_key(fk(&["k"], "k", &["a"]))],
        [k(&["b"]).unique(key(&["a"])), t("l", [c("k", "Int4")]).foreign_key(fk(&["k"], "k", &["a"]))],
        [k(&["a", "b"]).unique(key(&["a"])), t("l", [c("k", "Int4")]).foreign_key(fk(&["k"], "k", &["a"]))],
    ];
    a_unique: BOTH, ROWS, [
        k(&["a"]),
        k(&["a"]).unique(key(&["n"])),
        k(&["a"]).unique(key(&["n", "b"])),
        k(&["a"]).unique(key(&["b"])).unique(key(&["n", "b"])),
        k(&["a"]),
    ];
    the_name_of_a_unique: BOTH, ROWS, [
        k(&["a"]).unique(named("one", &["n"])),
        k(&["a"]).unique(named("two", &["n"])),
        k(&["a"]).unique(named("two", &["b"])),
    ];
    an_index_that_becomes_a_key: PG, ROWS, [
        k(&["a"]).index(Index { unique: true, ..index([on("n"), on("b")]) }),
        k(&["a"]).unique(named("i", &["n", "b"])),
        k(&["a"]).index(Index { unique: true, ..index([on("n"), on("b")]) }),
        k(&["a"]).unique(named("other", &["n", "b"])),
    ];
    a_name_that_another_table_takes_with_the_view: PG, ROWS, [
        Stage::from(k(&["a"]).unique(named("one", &["n"]))).and_sql("CREATE VIEW v AS SELECT a, n FROM k"),
        Stage::from([bare("k", &["a"], columns().into_iter().take(2)), t("l", [c("n", "Text")]).unique(named("one", &["n"]))])
            .and_sql("CREATE VIEW v AS SELECT id AS a, n FROM l"),
        Stage::from(k(&["a"]).index(Index { name: Some("two".to_owned()), ..index([on("n")]) }))
            .and_sql("CREATE VIEW v AS SELECT a, n FROM k"),
        Stage::from([
            bare("k", &["a"], columns().into_iter().take(2)),
            t("l", [c("n", "Text")]).index(Index { name: Some("two".to_owned()), ..index([on("n")]) }),
        ])
        .and_sql("CREATE VIEW v AS SELECT id AS a, n FROM l"),
    ];
    when_a_unique_is_checked: PG, ROWS, [
        k(&["a"]).unique(key(&["n"])),
        k(&["a"]).unique(deferred(&["n"], Deferrable::InitiallyDeferred)),
        k(&["a"]).unique(deferred(&["n"], Deferrable::InitiallyImmediate)),
        k(&["a"]).unique(key(&["n"])),
    ];
    a_check: BOTH, ROWS, [
        k(&["a"]),
        k(&["a"]).check("a > 0"),
        k(&["a"]).check("a > 0 AND n <> 'z'"),
        k(&["a"]).check("n IN ('x', 'y')"),
        k(&["a"]),
    ];
    columns_included_in_keys: PG, ROWS, [
        k(&["a"]),
        k(&["a"]).unique(Key { include: vec!["n".to_owned()], ..key(&["b"]) }),
        k(&["a"]).unique(Key { include: vec!["n".to_owned(), "a".to_owned()], ..key(&["b"]) }),
        k(&["a"]),
    ];
    a_check_that_takes_the_name_of_one_that_is_not_valid: PG, ROWS, [
        checked_twice(k(&["a"]).not_valid("a > 0")),
        k(&["a"]).check("a > 0"),
    ];
    a_check_that_is_not_valid_under_another_name_beside_one_that_is: PG, ROWS, [
        k(&["a"]).not_valid("a > 0"),
        checked_twice(k(&["a"]).check("a > 0")),
    ];
    a_check_that_is_not_valid: PG, ROWS, [
        k(&["a"]),
        k(&["a"]).not_valid("a > 100"),
        k(&["a"]).check("a > 0"),
        k(&["a"]).not_valid("a > 0"),
        k(&["a"]).not_inherited("a > 0"),
        k(&["a"]),
    ];
}

#[test]
fn nulls_that_are_not_distinct() {
    if crate::live::server_version() >= 15 {
        let not_distinct = || Key { nulls_not_distinct: true, ..key(&["n"]) };
        let stages = [
            k(&["a"]).into(),
            k(&["a"]).unique(not_distinct()).into(),
            k(&["a"]).unique(key(&["n"])).into(),
            k(&["a"]).unique(not_distinct()).into(),
            k(&["a"]).into(),
        ];
        insta::assert_snapshot!(super::travel(PG, &stages, ROWS));
    }
}
