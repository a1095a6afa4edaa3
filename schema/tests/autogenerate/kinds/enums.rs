//! Enums: a type on PostgreSQL, a check on SQLite.

use diesel_schema::declared::{Column, Enum};

use super::{BOTH, PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO x (tone) VALUES ('a'), ('c'), (NULL)";

fn tone() -> Column {
    c("tone", "enum tone")
}

/// The table `x` with a column of an enum that has these values.
fn x(values: &[&str]) -> Stage {
    of(tone(), an_enum("tone", values))
}

fn of(column: Column, it: Enum) -> Stage {
    Stage::from(t("x", [column])).and_enum(it)
}

kinds! {
    an_enum_comes_and_goes: BOTH, "INSERT INTO x (tone) VALUES ('a'), ('b')", [
        t("x", [c("tone", "Text")]),
        x(&["a", "b"]),
        t("x", [c("tone", "Text")]),
    ];
    an_enum_comes_with_its_column: BOTH, "INSERT INTO x (n) VALUES (1)", [
        t("x", [c("n", "Int4")]),
        Stage::from(t("x", [c("n", "Int4"), tone().text("a").not_null()])).and_enum(an_enum("tone", &["a", "it's"])),
        t("x", [c("n", "Int4")]),
    ];
    a_value_at_the_end: BOTH, ROWS, [x(&["a", "c"]), x(&["a", "c", "d"])];
    a_value_at_the_beginning_and_in_the_middle: BOTH, ROWS, [x(&["a", "c"]), x(&["0", "a", "b", "c"])];
    a_value_that_is_the_default_at_once: BOTH, ROWS, [
        x(&["a", "c"]),
        of(tone().text("d"), an_enum("tone", &["a", "c", "d"])),
    ];
    a_value_goes: BOTH, ROWS, [x(&["a", "b", "c", "d"]), x(&["a", "c", "d"]), x(&["a", "c"])];
    values_go_and_come: BOTH, ROWS, [x(&["a", "b", "c"]), x(&["c", "it's", "a", "D"])];
    another_order: BOTH, ROWS, [x(&["a", "b", "c"]), x(&["c", "b", "a"]), x(&["b", "a", "c"])];
    a_value_goes_under_a_default_an_index_and_a_check: BOTH, ROWS, [
        Stage::from(
            t("x", [tone().text("b")])
                .index(diesel_schema::declared::Index { predicate: Some(expr("tone <> 'a'")), ..index([on("tone")]) })
                .check("tone <> 'd'")
                .unique(key(&["tone"])),
        )
        .and_enum(an_enum("tone", &["a", "b", "c", "d"])),
        Stage::from(
            t("x", [tone().text("b")])
                .index(diesel_schema::declared::Index { predicate: Some(expr("tone <> 'a'")), ..index([on("tone")]) })
                .unique(key(&["tone"])),
        )
        .and_enum(an_enum("tone", &["a", "b", "c"])),
    ];
    another_name: PG, ROWS, [x(&["a", "c"]), of(c("tone", "enum voice"), an_enum("voice", &["a", "c"]))];
    an_enum_that_nobody_uses: PG, "INSERT INTO x (n) VALUES (1)", [
        t("x", [c("n", "Int4")]),
        Stage::from(t("x", [c("n", "Int4")])).and_enum(an_enum("tone", &["a"])),
        Stage::from(t("x", [c("n", "Int4")])).and_enum(an_enum("tone", &["b", "c"])),
        t("x", [c("n", "Int4")]),
    ];
    an_enum_of_a_namespace: PG, ROWS, [
        of(c("tone", "enum side.tone"), an_enum("side.tone", &["a", "c"])),
        of(c("tone", "enum side.tone"), an_enum("side.tone", &["c", "a"])),
        x(&["c", "a"]),
    ];
    an_array_of_an_enum: PG, "INSERT INTO x (tones) VALUES ('{a,c}'), (NULL)", [
        of(c("tones", "enum tone[]"), an_enum("tone", &["a", "b", "c"])),
        of(c("tones", "enum tone[]").text("{a}"), an_enum("tone", &["c", "a"])),
        of(c("tones", "enum tone[]").text("{d}"), an_enum("tone", &["c", "a", "d"])),
    ];
    two_tables_of_one_enum: BOTH, "INSERT INTO x (tone) VALUES ('a'); INSERT INTO y (tone) VALUES ('c')", [
        Stage::from([t("x", [tone()]), t("y", [tone().text("b")])]).and_enum(an_enum("tone", &["a", "b", "c"])),
        Stage::from([t("x", [tone().text("c")]), t("y", [tone()])]).and_enum(an_enum("tone", &["a", "c"])),
    ];
}
