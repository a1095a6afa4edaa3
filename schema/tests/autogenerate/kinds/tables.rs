//! Namespaces, tables and sequences.

use diesel_schema::declared::{Column, Sequence};

use super::{BOTH, PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO keep (a) VALUES ('x'), ('it''s'), (NULL)";

fn keep() -> diesel_schema::declared::Model {
    t("keep", a())
}

fn a() -> [Column; 1] {
    [c("a", "Text")]
}

fn s() -> Sequence {
    sequence("s")
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
}
