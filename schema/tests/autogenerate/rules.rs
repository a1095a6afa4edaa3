//! What is asked, what is written, and what is not.

use diesel_schema::Dialect;
use diesel_schema::declared::*;
use diesel_schema::generate::{Error, Nobody};

use crate::build::expr;
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

const BOTH: &[Dialect] = &[Dialect::Postgres, Dialect::Sqlite];

#[test]
fn every_text_that_the_server_spells_anew_is_no_change_the_next_time() {
    let bench = on_postgres();
    let at = String::new();
    let mut users = model(
        "users",
        vec![
            Column { ty: Type { modifiers: vec![20], ..column("tone", "Varchar").ty }, ..column("tone", "Varchar") },
            Column { default: Some(Default::Expr(expr("CURRENT_TIMESTAMP"))), ..column("at", "Timestamp") },
            Column { default: Some(Default::Bool(true)), nullable: false, ..column("on", "Bool") },
        ],
    );
    users.checks.push(Check {
        name: Some("users_tone_check".to_owned()),
        expr: expr("tone IN ('a', 'b')"),
        columns: vec!["tone".to_owned()],
        not_valid: false,
        no_inherit: false,
        not_enforced: false,
        at: at.clone(),
    });
    users.indexes.push(Index {
        name: Some("users_lower_idx".to_owned()),
        keys: vec![IndexKey {
            what: IndexKeyWhat::Expr(expr("lower(tone)")),
            descending: true,
            nulls_first: None,
            opclass: None,
            collation: None,
        }],
        unique: true,
        nulls_not_distinct: false,
        using: None,
        include: Vec::new(),
        with: None,
        predicate: Some(expr("tone IS NOT NULL")),
        at,
    });
    let prepared = bench.generate(&schema(BOTH, vec![users.clone()]));
    assert_eq!(prepared.dialects.len(), 2);
    users.checks[0].expr = expr("tone IN ('a', 'b', 'c')");
    bench.generate(&schema(BOTH, vec![users.clone()]));
    users.checks.clear();
    users.indexes.clear();
    users.columns.remove(1);
    bench.generate(&schema(BOTH, vec![users]));
}

#[test]
fn without_a_server_the_postgres_folder_is_written_and_said_to_be_not_proven() {
    let bench = Workbench::new();
    bench.generate(&schema(BOTH, vec![model("users", vec![column("name", "Text")])]));
    let prepared =
        bench.generate(&schema(BOTH, vec![model("users", vec![column("name", "Text"), column("bio", "Text")])]));
    assert!(matches!(prepared.dialects[0].transition.proof, diesel_schema::generate::Proof::NotProven(_)));
    assert!(matches!(prepared.dialects[1].transition.proof, diesel_schema::generate::Proof::Proven));
}
