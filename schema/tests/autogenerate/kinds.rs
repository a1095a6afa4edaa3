//! Every kind of object: created, altered, dropped.

use diesel_schema::Dialect;
use diesel_schema::declared::*;
use diesel_schema::generate::{Error, Nobody};

use crate::support::*;

const SQLITE: &[Dialect] = &[Dialect::Sqlite];

#[test]
fn tables_and_columns_on_sqlite() {
    let bench = Workbench::new();
    let first = schema(SQLITE, vec![model("users", vec![column("name", "Text")])]);
    bench.generate(&first);
    let second = schema(SQLITE, vec![model("users", vec![column("name", "Text"), column("bio", "Text")])]);
    let prepared = bench.generate(&second);
    assert_eq!(prepared.dialects[0].transition.changes.len(), 1);
    let third = schema(SQLITE, vec![model("users", vec![Column { nullable: false, ..column("name", "Text") }])]);
    bench.generate(&third);
    bench.generate(&schema(SQLITE, Vec::new()));
    assert_eq!(bench.listing().iter().filter(|path| path.ends_with("/up.sql")).count(), 4);
}

#[test]
fn what_loses_data_needs_a_yes_and_writes_nothing_without() {
    let bench = Workbench::new();
    bench.generate(&schema(SQLITE, vec![model("users", vec![column("name", "Text")])]));
    let before = bench.listing();
    let error = bench.prepare(&schema(SQLITE, vec![model("users", vec![])]), &mut Nobody, false).unwrap_err();
    assert!(matches!(error, Error::DataLoss(_)), "{error}");
    assert_eq!(bench.listing(), before);
}

#[test]
fn a_renamed_column_keeps_its_values_without_a_question() {
    let bench = Workbench::new();
    bench.generate(&schema(SQLITE, vec![model("users", vec![column("text", "Text")])]));
    let renamed = Column { renamed_from: Some("text".to_owned()), ..column("body", "Text") };
    let prepared = bench.generate(&schema(SQLITE, vec![model("users", vec![renamed])]));
    assert!(prepared.dialects[0].transition.losses().is_empty());
    assert_eq!(prepared.dialects[0].transition.changes.len(), 1);
}
