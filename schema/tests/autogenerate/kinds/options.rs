//! What follows a table's columns on SQLite, and columns that are computed when they are read.

use diesel_schema::declared::{Column, Model};

use super::{SQLITE, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO t (k, v) VALUES ('a', 'one'), ('b', 'two')";

fn with(options: &[&str]) -> Model {
    let mut table = bare("t", &["k"], [c("k", "Text").not_null(), c("v", "Text")]);
    table.options = options.iter().map(|it| (*it).to_owned()).collect();
    table
}

fn doubled(is_virtual: bool) -> Column {
    Column { is_virtual, ..c("twice", "Text").generated("v || v") }
}

fn and(column: Column) -> Model {
    bare("t", &["k"], [c("k", "Text").not_null(), c("v", "Text"), column])
}

kinds! {
    strict_and_without_rowid: SQLITE, ROWS, [
        with(&[]),
        with(&["STRICT"]),
        with(&["STRICT", "WITHOUT ROWID"]),
        with(&["WITHOUT ROWID"]),
        with(&[]),
    ];
    a_virtual_column_of_sqlite: SQLITE, ROWS, [
        with(&[]),
        and(doubled(true)),
        and(doubled(false)),
        and(doubled(true)),
        and(c("twice", "Text")),
        with(&[]),
    ];
}
