//! SQLite's declared types in Rust, as Diesel's CLI 2.3 takes them.

use super::crates::{Crates, Time};
use super::field_type::{FieldType, Known};
use crate::schema::ColumnType;

fn known(base: &str, crates: &Crates) -> Known {
    let chrono = crates.time == Time::Chrono;
    let has = |part: &str| base.contains(part);
    let is_bool = base == "boolean" || base == "bool" || base.starts_with("tiny") && has("int");
    match base {
        _ if is_bool => Known::alone("bool", "Bool"),
        "int2" => Known::alone("i16", "Int2"),
        _ if base.starts_with("small") && has("int") => Known::alone("i16", "Int2"),
        "int8" | "long" => Known::alone("i64", "Int8"),
        _ if base.starts_with("big") && has("int") => Known::alone("i64", "Int8"),
        _ if has("int") && !has("point") => Known::alone("i32", "Int4"),
        _ if has("char") || has("clob") || has("text") => Known::alone("String", "Text"),
        _ if has("blob") || has("binary") => Known::alone("Vec<u8>", "Binary"),
        _ if has("float") || has("real") => Known::alone("f32", "Float4"),
        _ if has("double") || has("num") || has("dec") => Known::alone("f64", "Float8"),
        "datetime" | "timestamp" if chrono => {
            Known::alone("NaiveDateTime", "Timestamp").of("chrono", &[("chrono", "NaiveDateTime")])
        }
        "datetime" | "timestamp" => {
            Known::alone("PrimitiveDateTime", "Timestamp").of("time", &[("time", "PrimitiveDateTime")])
        }
        "timestamptz" | "timestamptzsqlite" if chrono => {
            Known::alone("DateTime<Utc>", "Timestamptz").of("chrono", &[("chrono", "DateTime"), ("chrono", "Utc")])
        }
        "date" if chrono => Known::alone("NaiveDate", "Date").of("chrono", &[("chrono", "NaiveDate")]),
        "date" => Known::alone("time::Date", "Date").of("time", &[]),
        "time" if chrono => Known::alone("NaiveTime", "Time").of("chrono", &[("chrono", "NaiveTime")]),
        "time" => Known::alone("time::Time", "Time").of("time", &[]),
        "json" => Known::said("serde_json::Value", "Json").of("serde_json", &[]),
        "jsonb" => Known::alone("serde_json::Value", "Jsonb").of("serde_json", &[]),
        // SQLite keeps anything there; Diesel's CLI takes what has no type for bytes.
        "" | "any" => Known::alone("Vec<u8>", "Binary"),
        _ => Known::alone("String", "Text"),
    }
}

/// All that a model can say of a column of this type, the shortest first.
pub(super) fn ways(ty: &ColumnType, crates: &Crates) -> Vec<FieldType> {
    let lower = ty.sql.to_ascii_lowercase();
    let (base, inside) = match (lower.find('('), lower.find(')')) {
        (Some(open), Some(close)) if open < close => (lower[..open].trim(), Some(&lower[open + 1..close])),
        _ => (lower.trim(), None),
    };
    let known = known(base, crates);
    let modifiers: Option<Vec<i32>> =
        inside.map_or(Some(Vec::new()), |inside| inside.split(',').map(|it| it.trim().parse().ok()).collect());
    let mut ways = known.ways(&ty.sql, None, false);
    // The words that Diesel has types for, where Rust's own type says another word of the same meaning.
    let worded = match base {
        "varchar" => Some(Known::said("String", "Varchar")),
        "char" => Some(Known::said("String", "Char")),
        _ => None,
    };
    if let (Some(worded), Some(modifiers)) = (worded, modifiers) {
        let at = ways.len().saturating_sub(1);
        ways.splice(at..at, worded.ways(&ty.sql, Some(&modifiers), false).into_iter().take(1));
    }
    ways
}
