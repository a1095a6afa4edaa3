//! PostgreSQL's types in Rust.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::declared::{Type, TypeKind};

use super::crates::{Crates, Time};
use super::field_type::{Custom, CustomKind, FieldType, Known, Said, in_sql};
use super::names;
use crate::schema::{ColumnType, Name, Schema};

const BOUND: &[(&str, &str)] = &[("std::ops", "Bound")];
const CHRONO_DATE: &[(&str, &str)] = &[("chrono", "NaiveDate")];
const CHRONO_STAMP: &[(&str, &str)] = &[("chrono", "NaiveDateTime")];
const CHRONO_MOMENT: &[(&str, &str)] = &[("chrono", "DateTime"), ("chrono", "Utc")];
const TIME_STAMP: &[(&str, &str)] = &[("time", "PrimitiveDateTime")];
const TIME_MOMENT: &[(&str, &str)] = &[("time", "OffsetDateTime")];
const DECIMAL: &[(&str, &str)] = &[("bigdecimal", "BigDecimal")];

/// What is known of a type's name as `format_type` prints it, without modifiers and brackets.
fn known(base: &str, crates: &Crates) -> Option<Known> {
    let chrono = crates.time == Time::Chrono;
    Some(match base {
        "smallint" => Known::alone("i16", "Int2"),
        "integer" => Known::alone("i32", "Int4"),
        "bigint" => Known::alone("i64", "Int8"),
        "real" => Known::alone("f32", "Float4"),
        "double precision" => Known::alone("f64", "Float8"),
        "boolean" => Known::alone("bool", "Bool"),
        "text" => Known::alone("String", "Text"),
        "bytea" => Known::alone("Vec<u8>", "Binary"),
        "character varying" => Known::said("String", "Varchar"),
        "character" => Known::said("String", "Bpchar"),
        "bpchar" | "name" => Known::said("String", "Text"),
        "citext" => Known::said("String", "Citext"),
        "\"char\"" => Known::said("u8", "CChar"),
        "numeric" if crates.rust_decimal => {
            Known::alone("Decimal", "Numeric").of("rust_decimal", &[("rust_decimal", "Decimal")])
        }
        "numeric" => Known::alone("BigDecimal", "Numeric").of("bigdecimal", DECIMAL),
        "date" if chrono => Known::alone("NaiveDate", "Date").of("chrono", CHRONO_DATE),
        "date" => Known::alone("time::Date", "Date").of("time", &[]),
        "time without time zone" if chrono => {
            Known::alone("NaiveTime", "Time").of("chrono", &[("chrono", "NaiveTime")])
        }
        "time without time zone" => Known::alone("time::Time", "Time").of("time", &[]),
        "timestamp without time zone" if chrono => {
            Known::alone("NaiveDateTime", "Timestamp").of("chrono", CHRONO_STAMP)
        }
        "timestamp without time zone" => Known::alone("PrimitiveDateTime", "Timestamp").of("time", TIME_STAMP),
        "timestamp with time zone" if chrono => {
            Known::alone("DateTime<Utc>", "Timestamptz").of("chrono", CHRONO_MOMENT)
        }
        "timestamp with time zone" => Known::alone("OffsetDateTime", "Timestamptz").of("time", TIME_MOMENT),
        "interval" => Known::said("PgInterval", "Interval").importing(&[("diesel::data_types", "PgInterval")]),
        "uuid" => Known::alone("Uuid", "Uuid").of("uuid", &[("uuid", "Uuid")]),
        "json" => Known::said("serde_json::Value", "Json").of("serde_json", &[]),
        "jsonb" => Known::alone("serde_json::Value", "Jsonb").of("serde_json", &[]),
        "inet" => Known::alone("IpNetwork", "Inet").of("ipnetwork", &[("ipnetwork", "IpNetwork")]),
        "cidr" => Known::said("IpNetwork", "Cidr").of("ipnetwork", &[("ipnetwork", "IpNetwork")]),
        "macaddr" => Known::said("[u8; 6]", "MacAddr"),
        "macaddr8" => Known::said("[u8; 8]", "MacAddr8"),
        "money" => Known::said("PgMoney", "Money").importing(&[("diesel::data_types", "PgMoney")]),
        "oid" => Known::said("u32", "Oid"),
        "pg_lsn" => Known::said("PgLsn", "PgLsn").importing(&[("diesel::pg::data_types", "PgLsn")]),
        "int4range" => Known::said("(Bound<i32>, Bound<i32>)", "Int4range").importing(BOUND),
        "int8range" => Known::said("(Bound<i64>, Bound<i64>)", "Int8range").importing(BOUND),
        "numrange" => Known::said("(Bound<BigDecimal>, Bound<BigDecimal>)", "Numrange")
            .of("bigdecimal", &[("std::ops", "Bound"), ("bigdecimal", "BigDecimal")]),
        "daterange" if chrono => Known::said("(Bound<NaiveDate>, Bound<NaiveDate>)", "Daterange")
            .of("chrono", &[("std::ops", "Bound"), ("chrono", "NaiveDate")]),
        "tsrange" if chrono => Known::said("(Bound<NaiveDateTime>, Bound<NaiveDateTime>)", "Tsrange")
            .of("chrono", &[("std::ops", "Bound"), ("chrono", "NaiveDateTime")]),
        "tstzrange" if chrono => Known::said("(Bound<DateTime<Utc>>, Bound<DateTime<Utc>>)", "Tstzrange")
            .of("chrono", &[("std::ops", "Bound"), ("chrono", "DateTime"), ("chrono", "Utc")]),
        _ => return None,
    })
}

/// A type taken apart.
struct Parts {
    base: String,
    modifiers: Option<Vec<i32>>,
    array: bool,
}

fn parts(sql: &str) -> Parts {
    let (element, array) = match sql.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (sql, false),
    };
    let open = element.find('(').filter(|_| !element.starts_with('"'));
    let Some((open, close)) = open.zip(element.find(')')) else {
        return Parts { base: element.to_owned(), modifiers: Some(Vec::new()), array };
    };
    let base = format!("{}{}", &element[..open], &element[close + 1..]);
    let modifiers = element[open + 1..close].split(',').map(|it| it.trim().parse().ok()).collect();
    Parts { base, modifiers, array }
}

/// All that a model can say of a column of this type, the shortest first. `enums` are the Rust enums.
pub(super) fn ways(
    ty: &ColumnType,
    schema: &Schema,
    enums: &BTreeMap<Name, String>,
    crates: &Crates,
) -> Vec<FieldType> {
    let Parts { base, modifiers, array } = parts(&ty.sql);
    if let Some((name, rust)) = ty.depends_on.as_ref().and_then(|name| enums.get_key_value(name)) {
        return vec![of_enum(name, rust, array)];
    }
    if let Some(known) = known(&base, crates) {
        return known.ways(&ty.sql, modifiers.as_deref(), array);
    }
    if let Some(found) = domain(&base, array, schema, crates) {
        return vec![FieldType { declared: in_sql(&ty.sql), ..found }];
    }
    vec![opaque(&ty.sql, &base, array)]
}

fn of_enum(name: &Name, rust: &str, array: bool) -> FieldType {
    FieldType {
        rust: if array { format!("Vec<Option<{rust}>>") } else { rust.to_owned() },
        imports: BTreeSet::new(),
        said: None,
        declared: Type {
            kind: TypeKind::Enum,
            namespace: name.namespace.clone(),
            name: name.name.clone(),
            modifiers: Vec::new(),
            array: u8::from(array),
        },
        diesel: format!("{rust}{}", if array { "[]" } else { "" }),
        needs: None,
        customs: Vec::new(),
    }
}

/// A domain is what it is made of, under its own name.
fn domain(base: &str, array: bool, schema: &Schema, crates: &Crates) -> Option<FieldType> {
    let mut inner = schema.domains.get(base)?.base.clone();
    // No longer chain is possible.
    for _ in 0..schema.domains.len() {
        match schema.domains.get(&inner) {
            Some(further) => inner.clone_from(&further.base),
            None => break,
        }
    }
    let parts = parts(&inner);
    let known = known(&parts.base, crates).filter(|_| !parts.array)?;
    known.ways(&format!("{base}{}", if array { "[]" } else { "" }), None, array).pop()
}

/// A type that Diesel lacks is carried as the server's bytes.
fn opaque(sql: &str, base: &str, array: bool) -> FieldType {
    let (namespace, name) = match base.split_once('.').filter(|_| !base.starts_with('"')) {
        Some((namespace, name)) => (Some(namespace.to_owned()), name),
        None => (None, base),
    };
    let name = match name {
        "time with time zone" => "timetz".to_owned(),
        "bit varying" => "varbit".to_owned(),
        other if other.starts_with("interval ") => "interval".to_owned(),
        other => other.trim_matches('"').replace("\"\"", "\""),
    };
    let rust = names::type_name(&namespace.as_ref().map_or_else(|| name.clone(), |it| format!("{it}_{name}")));
    let mut customs = vec![Custom { rust: rust.clone(), kind: CustomKind::Server(namespace, name) }];
    let path = if array {
        let of = format!("diesel::sql_types::Array<diesel::sql_types::Nullable<{rust}>>");
        customs.push(Custom { rust: format!("{rust}Array"), kind: CustomKind::Alias(of) });
        format!("sql_types::{rust}Array")
    } else {
        format!("sql_types::{rust}")
    };
    FieldType {
        rust: if array { "Vec<Option<Opaque>>".to_owned() } else { "Opaque".to_owned() },
        imports: [("diesel_schema::model", "Opaque")].into(),
        said: Some(Said::Sql { sql: sql.to_owned(), diesel: path.clone() }),
        declared: in_sql(sql),
        diesel: path,
        needs: None,
        customs,
    }
}
