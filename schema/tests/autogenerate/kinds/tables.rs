//! Namespaces, tables and sequences.

use diesel_schema::declared::{Column, Model, Sequence};

use super::{BOTH, PG, SQLITE, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO keep (a) VALUES ('x'), ('it''s'), (NULL)";

fn keep() -> Model {
    t("keep", a())
}

fn a() -> [Column; 1] {
    [c("a", "Text")]
}

fn s() -> Sequence {
    sequence("s")
}

const OWNED: &str = "ALTER SEQUENCE s OWNED BY keep.a;";

/// A sequence that goes with a table's column `a`.
fn owned_by<const N: usize>(table: &str, tables: [Model; N]) -> Stage {
    Stage::from(tables).and_sequence(s()).and_sql(&OWNED.replace("keep", table))
}

fn owned() -> Stage {
    owned_by("keep", [keep()])
}

kinds! {
    a_table: BOTH, ROWS, [
        keep(),
        [keep(), t("other", a())],
        [keep(), t("other", [c("a", "Text"), c("b", "Int4").int(3)])],
        keep(),
    ];
    a_table_that_holds_rows_goes: BOTH, "INSERT INTO other (a) VALUES ('x')", [[keep(), t("other", a())], keep()];
    a_table_is_renamed: BOTH, ROWS, [
        keep(),
        t("kept", a()).was("keep"),
        t("again", [c("b", "Text").from("a")]).was("kept"),
    ];
    a_table_is_renamed_with_its_key_and_index: BOTH, "INSERT INTO p (a) VALUES ('x'); INSERT INTO q (p) VALUES (1)", [
        [
            t("p", a()).unique(key(&["a"])).index(index([on("a")])).check("a <> ''"),
            t("q", [c("p", "Int4")]).foreign_key(fk(&["p"], "p", &["id"])),
        ],
        [
            t("r", a()).was("p").unique(key(&["a"])).index(index([on("a")])).check("a <> ''"),
            t("q", [c("p", "Int4")]).foreign_key(fk(&["p"], "r", &["id"])),
        ],
    ];
    two_tables_swap_their_names_by_way_of_a_third: BOTH, "INSERT INTO p (a) VALUES ('p'); INSERT INTO q (a) VALUES ('q'), ('r')", [
        [t("p", a()), t("q", a())],
        [t("r", a()).was("p"), t("q", a())],
        [t("r", a()).was("p"), t("p", a()).was("q")],
        [t("q", a()).was("r"), t("p", a()).was("q")],
    ];
    a_new_table_takes_the_name_that_a_renamed_one_leaves: BOTH, "INSERT INTO p (v, b) VALUES ('x', 'y')", [
        t("p", [c("v", "Text"), c("b", "Text")]),
        [t("q", [c("order", "Text").from("v"), c("b", "Text"), c("a", "Int4")]).was("p"), t("p", [c("v", "Text")])],
    ];
    names_that_differ_in_case_are_one_on_sqlite: SQLITE, "INSERT INTO p (v) VALUES ('x')", [
        t("p", [c("v", "Text")]).index(index([on("v")])),
        t("P", [c("V", "Text"), c("w", "Text")]).index(index([on("V")])),
        t("P", [c("u", "Text").from("V"), c("W", "Text").from("w")]).was("p").index(index([on("u")])),
    ];
    the_comment_of_a_table: PG, ROWS, [keep(), keep().said("People"), keep().said("It's \"they\""), keep()];
    a_namespace: PG, ROWS, [
        keep(),
        [keep(), t("other", a()).within("side")],
        [keep(), t("other", [c("b", "Text").from("a")]).within("side"), t("keep", a()).within("side")],
        [keep(), t("other", a()).within("Other Side")],
        keep(),
    ];
    a_sequence: PG, ROWS, [
        keep(),
        Stage::from(keep()).and_sequence(s()),
        Stage::from(keep()).and_sequence(Sequence { increment: Some(5), cache: Some(10), cycle: true, ..s() }),
        Stage::from(keep()).and_sequence(Sequence { start: Some(7), min: Some(3), max: Some(900), ..s() }),
        Stage::from(keep()).and_sequence(Sequence { data_type: Some("integer".to_owned()), ..s() }),
        Stage::from(keep()).and_sequence(Sequence { increment: Some(-1), ..s() }),
        keep(),
    ];
    a_sequence_that_a_default_asks: PG, ROWS, [
        keep(),
        Stage::from(t("keep", [c("a", "Text"), c("n", "Int8").sql("nextval('s'::regclass)")])).and_sequence(s()),
        Stage::from(keep()).and_sequence(s()),
        keep(),
    ];
    a_sequence_that_a_column_owns_and_no_default_asks: PG, ROWS, [
        keep(),
        owned(),
        Stage::from(keep()).and_sequence(s()),
        owned(),
        keep(),
        Stage::from(keep()).and_sequence(Sequence { increment: Some(5), ..s() }).and_sql(OWNED),
        keep(),
    ];
    what_owns_a_sequence_goes: PG, "INSERT INTO other (a) VALUES ('x')", [
        owned_by("other", [keep(), t("other", [c("a", "Text"), c("b", "Text")])]),
        owned_by("keep", [keep(), t("other", [c("a", "Text"), c("b", "Text")])]),
        owned_by("other", [keep(), t("other", [c("a", "Text"), c("b", "Text")])]),
        Stage::from([keep(), t("other", [c("b", "Text")])]).and_sequence(s()),
        owned_by("other", [keep(), t("other", a())]),
        Stage::from(keep()).and_sequence(s()),
        owned_by("keep", [keep()]),
        t("other", a()),
    ];
}
