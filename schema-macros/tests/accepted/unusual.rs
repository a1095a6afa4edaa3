//! What few tables have.

use diesel_schema::declared::DeclaredSchema;
use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
#[sql_enum(name = "nothing", no_values)]
pub enum Nothing {}

#[model(table = "log", no_primary_key)]
struct Log {
    said: String,
    kind: Option<Nothing>,
}

#[model(table = "codes")]
struct Code {
    #[primary_key(nullable)]
    code: Option<String>,
    #[sql_type(sql = "", diesel = diesel::sql_types::Text)]
    untyped: String,
}

#[model(table = "orders")]
struct Order {
    #[primary_key]
    #[identity(serial, sequence = "numbers", start = 5, cycle)]
    id: i32,
}

schema! {
    mod schema;
    models: [Log, Code, Order],
    enums: [Nothing],
}

#[test]
fn what_few_tables_have_is_taken() {
    let declared = DeclaredSchema::from(&schema::SCHEMA);
    let [log, code, order] = declared.models.as_slice() else { panic!("three models") };
    assert!(log.primary_key.columns.is_empty());
    assert!(code.columns[0].nullable && code.primary_key.columns == ["code"]);
    assert_eq!(code.columns[1].ty.name, "");
    let sequence = order.columns[0].sequence.as_ref().expect("a sequence of its own");
    assert_eq!((sequence.name.as_str(), sequence.start, sequence.cycle), ("numbers", Some(5), true));
    assert!(declared.enums[0].values.is_empty());
    let _ = (schema::log::said, schema::codes::untyped, schema::orders::id);
}
