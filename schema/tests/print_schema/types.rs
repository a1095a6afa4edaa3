//! Types, from models and from the server.

use diesel_schema::Dialect;
use diesel_schema::config::PrintSchema;
use diesel_schema::declared::*;
use diesel_schema::generate::print_schema::print_schema;
use diesel_schema::generate::{Scratches, Server, implementation};
use diesel_schema::schema::Schema;

use crate::support::first_difference;

/// Every type that a model can have: without a server it is printed as with one.
#[test]
fn what_the_models_say_is_printed_as_what_the_server_says() {
    let diesel = "SmallInt Integer BigInt Float Double Numeric Text Varchar Bpchar CChar Bool Bytea Date Time Timestamp \
        Timestamptz Interval Uuid Json Jsonb Jsonpath Inet Cidr MacAddr MacAddr8 Money Oid PgLsn Xml Int4range Int8range \
        Numrange Tsrange Tstzrange Daterange Int4multirange Int8multirange Nummultirange Tsmultirange Tstzmultirange \
        Datemultirange TsVector TsQuery";
    let written = "int2|INT|decimal|numeric(10, 2)|float|float(3)|varchar(7)|char|char(3)|character varying|\"char\"|bit|bit(3)|\
        varbit(4)|timetz|timestamptz(3)|time(2)|interval|interval day to second|name|point|box|regclass|tid|xid8|bpchar|\
        pg_catalog.text|date|timestamp with time zone|bit varying|double precision";
    let ty = |kind: TypeKind, name: &str, modifiers: &[i32], array: u8| Type {
        kind,
        namespace: None,
        name: name.to_owned(),
        modifiers: modifiers.to_vec(),
        array,
    };
    let mut types: Vec<Type> = diesel.split_whitespace().map(|name| ty(TypeKind::Diesel, name, &[], 0)).collect();
    types.extend(diesel.split_whitespace().map(|name| ty(TypeKind::Diesel, name, &[], 1)));
    types.extend(["Varchar", "Bpchar"].map(|name| ty(TypeKind::Diesel, name, &[9], 0)));
    types.extend(["Varchar", "Timestamptz"].map(|name| ty(TypeKind::Diesel, name, &[3], 1)));
    types.push(ty(TypeKind::Diesel, "Numeric", &[10, 2], 0));
    types.extend(written.split('|').map(|name| ty(TypeKind::Sql, name, &[], 0)));
    types.extend(written.split('|').map(|name| ty(TypeKind::Sql, name, &[], 1)));
    let of_enum = |namespace: Option<&str>, name: &str, array: u8| Type {
        namespace: namespace.map(str::to_owned),
        ..ty(TypeKind::Enum, name, &[], array)
    };
    types.extend([of_enum(None, "Odd name", 0), of_enum(None, "Odd name", 1), of_enum(Some("Else Where"), "mood", 1)]);
    let at = String::new;
    let enums = [(None, "Odd name"), (Some("Else Where"), "mood")].map(|(namespace, name)| Enum {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        rust: "E".to_owned(),
        values: vec!["a".to_owned()],
        comment: String::new(),
        at: at(),
    });
    let columns = types.into_iter().enumerate().map(|(number, ty)| Column {
        name: format!("c{number}"),
        rust: format!("c{number}"),
        ty,
        nullable: number > 0,
        default: None,
        identity: None,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: String::new(),
        renamed_from: None,
        at: at(),
    });
    let primary_key = Key {
        name: None,
        columns: vec!["c0".to_owned()],
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: at(),
    };
    let model = Model {
        namespace: None,
        table: "every_type".to_owned(),
        rust: "EveryType".to_owned(),
        comment: String::new(),
        renamed_from: None,
        columns: columns.collect(),
        primary_key,
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        inheritance: Inheritance::default(),
        options: Vec::new(),
        at: at(),
    };
    let declared = DeclaredSchema {
        models: vec![model],
        enums: enums.to_vec(),
        sequences: Vec::new(),
        sql: Vec::new(),
        dialects: vec![Dialect::Postgres],
        comments: true,
        at: at(),
    };
    let dialect = implementation(Dialect::Postgres).unwrap();
    let lowered = dialect.lower(&declared).unwrap();
    let url = std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"));
    let scratches = Scratches::default();
    let spelled = Server { scratches: &scratches, dialect, url: Some(&url) }.spell(&lowered).unwrap();
    let print = |schema: &Schema| print_schema(schema, &PrintSchema::default()).unwrap();
    assert!(print(&lowered) == print(&spelled), "{}", first_difference(&print(&lowered), &print(&spelled)));
}
