//! Column types: from Diesel's names, and other people's spellings, to what `format_type` prints.

use diesel_schema_core::declared::{Type, TypeKind};

use super::quote;
use crate::schema::{ColumnType, Name};

/// The column type in the server's words, or what is wrong with it.
pub(super) fn lower(ty: &Type) -> Result<ColumnType, String> {
    let brackets = if ty.array == 0 { "" } else { "[]" };
    match ty.kind {
        TypeKind::Enum => {
            let namespace = ty.namespace.clone().filter(|namespace| namespace != "public");
            let name = Name::qualified(namespace, ty.name.clone());
            Ok(ColumnType { sql: format!("{}{brackets}", quote::name(&name)), depends_on: Some(name) })
        }
        TypeKind::Sql => Ok(ColumnType::builtin(format!("{}{brackets}", normalise(&ty.name)))),
        TypeKind::Diesel => {
            let base = diesel(&ty.name).ok_or_else(|| format!("`{}` is none of Diesel's PostgreSQL types", ty.name))?;
            Ok(ColumnType::builtin(format!("{}{brackets}", with_modifiers(base, &ty.modifiers))))
        }
    }
}

/// Diesel's SQL types (`diesel::sql_types` and `diesel::pg::sql_types`) by name.
fn diesel(name: &str) -> Option<&'static str> {
    Some(match name {
        "Int2" | "SmallInt" | "SmallSerial" => "smallint",
        "Int4" | "Integer" | "Serial" => "integer",
        "Int8" | "BigInt" | "BigSerial" => "bigint",
        "Float4" | "Float" => "real",
        "Float8" | "Double" => "double precision",
        "Numeric" | "Decimal" => "numeric",
        "Text" => "text",
        "Varchar" | "VarChar" => "character varying",
        "Bpchar" | "Char" => "character",
        "CChar" => "\"char\"",
        "Citext" => "citext",
        "Bool" => "boolean",
        "Binary" | "Bytea" => "bytea",
        "Date" => "date",
        "Time" => "time without time zone",
        "Timestamp" => "timestamp without time zone",
        "Timestamptz" => "timestamp with time zone",
        "Interval" => "interval",
        "Uuid" => "uuid",
        "Json" => "json",
        "Jsonb" => "jsonb",
        "Jsonpath" => "jsonpath",
        "Inet" => "inet",
        "Cidr" => "cidr",
        "MacAddr" => "macaddr",
        "MacAddr8" => "macaddr8",
        "Money" => "money",
        "Oid" => "oid",
        "PgLsn" => "pg_lsn",
        "Xml" => "xml",
        "Int4range" => "int4range",
        "Int8range" => "int8range",
        "Numrange" => "numrange",
        "Tsrange" => "tsrange",
        "Tstzrange" => "tstzrange",
        "Daterange" => "daterange",
        "Int4multirange" => "int4multirange",
        "Int8multirange" => "int8multirange",
        "Nummultirange" => "nummultirange",
        "Tsmultirange" => "tsmultirange",
        "Tstzmultirange" => "tstzmultirange",
        "Datemultirange" => "datemultirange",
        "TsVector" => "tsvector",
        "TsQuery" => "tsquery",
        _ => return None,
    })
}

/// Puts the modifiers where `format_type` has them: `timestamp(3) with time zone`, `numeric(10,2)`.
fn with_modifiers(base: &str, modifiers: &[i32]) -> String {
    let modifiers: Vec<String> = modifiers.iter().map(i32::to_string).collect();
    let inside = match (base, modifiers.as_slice()) {
        ("character", []) => "1".to_owned(),
        ("numeric", [precision]) => format!("{precision},0"),
        (_, []) => return base.to_owned(),
        (_, several) => several.join(","),
    };
    match base.find(" with") {
        Some(zone) => format!("{}({inside}){}", &base[..zone], &base[zone..]),
        None => format!("{base}({inside})"),
    }
}

/// The server's spelling of a type that was written in SQL, where it is one of the standard's aliases.
pub(super) fn normalise(sql: &str) -> String {
    let sql = sql.trim();
    if let Some(element) = sql.strip_suffix("[]") {
        return format!("{}[]", normalise(element).trim_end_matches("[]"));
    }
    let lower = sql.to_ascii_lowercase();
    let (word, inside, rest) = match (lower.find('('), lower.find(')')) {
        (Some(open), Some(close)) if open < close => {
            (lower[..open].trim(), Some(&lower[open + 1..close]), lower[close + 1..].trim())
        }
        _ => (lower.as_str(), None, ""),
    };
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let word = if rest.is_empty() { word } else { format!("{word} {rest}") };
    let base = match word.as_str() {
        "int2" | "smallint" => "smallint",
        "int" | "int4" | "integer" => "integer",
        "int8" | "bigint" => "bigint",
        "float4" | "real" => "real",
        "float" | "float8" | "double precision" => "double precision",
        "decimal" | "numeric" => "numeric",
        "varchar" | "character varying" => "character varying",
        "char" | "character" => "character",
        "bpchar" => "bpchar",
        "bool" | "boolean" => "boolean",
        "varbit" | "bit varying" => "bit varying",
        "bit" => "bit",
        "time" | "time without time zone" => "time without time zone",
        "timetz" | "time with time zone" => "time with time zone",
        "timestamp" | "timestamp without time zone" => "timestamp without time zone",
        "timestamptz" | "timestamp with time zone" => "timestamp with time zone",
        "text" | "uuid" | "json" | "jsonb" | "bytea" | "date" | "inet" | "cidr" | "macaddr" | "interval" | "money"
        | "xml" | "oid" | "tsvector" | "tsquery" | "citext" | "point" => word.as_str(),
        _ => return sql.to_owned(),
    };
    match inside {
        // `float(n)` is a number of binary digits and no modifier that is kept.
        Some(digits) if word == "float" => {
            let single = digits.trim().parse::<u8>().is_ok_and(|digits| digits <= 24);
            if single { "real".to_owned() } else { "double precision".to_owned() }
        }
        Some(inside) => {
            let parts: Result<Vec<i32>, _> = inside.split(',').map(|part| part.trim().parse()).collect();
            parts.map_or_else(|_| sql.to_owned(), |parts| with_modifiers(base, &parts))
        }
        None if base == "bit" => "bit(1)".to_owned(),
        None => with_modifiers(base, &[]),
    }
}

/// The type's name without its modifiers, as it stands behind `::` in a default (`character varying(9)` gives
/// `character varying`).
pub(super) fn without_modifiers(sql: &str) -> String {
    let bare = match (sql.find('('), sql.find(')')) {
        (Some(open), Some(close)) if open < close && !sql.starts_with('"') => {
            format!("{}{}", &sql[..open], &sql[close + 1..])
        }
        _ => sql.to_owned(),
    };
    match bare.as_str() {
        "character" => "bpchar".to_owned(),
        "character[]" => "bpchar[]".to_owned(),
        "bit" => "\"bit\"".to_owned(),
        "bit[]" => "\"bit\"[]".to_owned(),
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_become_the_servers_words() {
        for (written, printed) in [
            ("VARCHAR(64)", "character varying(64)"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("decimal(10, 2)", "numeric(10,2)"),
            ("int[]", "integer[]"),
            ("char", "character(1)"),
            ("geometry(Point,4326)", "geometry(Point,4326)"),
        ] {
            assert_eq!(normalise(written), printed);
        }
    }

    #[test]
    fn defaults_are_cast_to_the_bare_type() {
        assert_eq!(without_modifiers("character varying(9)"), "character varying");
        assert_eq!(without_modifiers("timestamp(3) with time zone"), "timestamp with time zone");
        assert_eq!(without_modifiers("character(3)"), "bpchar");
    }
}
