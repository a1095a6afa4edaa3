//! Defaults in the server's spelling, as far as it can be known without a server.

use diesel_schema_core::declared;
use diesel_schema_core::{Dialect, sql::split};

use super::lower::expr;
use super::{quote, types};
use crate::schema::*;

/// A default in the server's spelling, as far as it can be known without a server.
/// `NULL` is none.
pub(super) fn default(value: &declared::Default, ty: &str) -> Option<Default> {
    let written = match value {
        declared::Default::Expr(text) => plain(&expr(text)),
        _ => None,
    };
    let value = written.as_ref().unwrap_or(value);
    let bare = types::without_modifiers(ty);
    let text_like = matches!(bare.as_str(), "text" | "character varying" | "bpchar" | "name");
    let sql = match value {
        declared::Default::Bool(value) => value.to_string(),
        declared::Default::Int(value) if text_like => format!("{}::{bare}", quote::literal(&value.to_string())),
        declared::Default::Int(value) => match (i32::try_from(*value).is_ok(), *value < 0) {
            (true, false) => value.to_string(),
            (true, true) => format!("'{value}'::integer"),
            (false, _) => format!("'{value}'::bigint"),
        },
        declared::Default::Float(value) => match value.strip_prefix('-') {
            Some(_) => format!("'{value}'::numeric"),
            None => value.clone(),
        },
        declared::Default::Text(value) => format!("{}::{bare}", quote::literal(value)),
        declared::Default::Expr(text) if expr(text).eq_ignore_ascii_case("null") => return None,
        declared::Default::Expr(text) => well_known(&expr(text)),
    };
    let volatile = is_volatile(&sql);
    Some(Default { sql, volatile })
}

/// An expression that is one literal, as that literal.
fn plain(sql: &str) -> Option<declared::Default> {
    if let Ok(number) = sql.parse::<i64>() {
        return Some(declared::Default::Int(number));
    }
    let tokens = split::tokens(sql, Dialect::Postgres);
    let [token] = tokens.as_slice() else { return None };
    let inside = token.sql.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(declared::Default::Text(inside.replace("''", "'")))
}

/// The spelling of expressions that nearly every schema has.
fn well_known(sql: &str) -> String {
    let lower = sql.to_ascii_lowercase();
    match lower.as_str() {
        "now()" | "gen_random_uuid()" | "random()" | "clock_timestamp()" | "true" | "false" => lower,
        "current_timestamp" | "current_date" | "current_time" | "localtimestamp" | "localtime" | "current_user"
        | "session_user" => lower.to_ascii_uppercase(),
        "current_timestamp()" => "CURRENT_TIMESTAMP".to_owned(),
        _ => sql.to_owned(),
    }
}

/// Whether the expression calls a function that the server marks volatile. A name that is unknown here counts as
/// volatile unless it is one of the stable ones that defaults use.
pub(super) fn is_volatile(sql: &str) -> bool {
    const CALM: &[&str] = &[
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "timezone",
        "date_trunc",
        "current_setting",
        "lower",
        "upper",
        "to_char",
        "to_timestamp",
        "make_interval",
        "jsonb_build_object",
        "json_build_object",
        "current_timestamp",
        "numeric",
        "varchar",
        "coalesce",
        "extract",
        "date_part",
        "array",
        "varying",
        "timestamp",
        "char",
        "time",
        "character",
        "bit",
        "interval",
        "decimal",
        "bpchar",
        "abs",
        "age",
        "array_fill",
        "btrim",
        "ceil",
        "char_length",
        "concat",
        "daterange",
        "decode",
        "encode",
        "floor",
        "format",
        "greatest",
        "int4range",
        "int8range",
        "jsonb_build_array",
        "least",
        "left",
        "length",
        "lpad",
        "make_date",
        "make_timestamp",
        "make_timestamptz",
        "md5",
        "nullif",
        "numrange",
        "replace",
        "right",
        "round",
        "sha256",
        "string_to_array",
        "substr",
        "substring",
        "to_date",
        "to_json",
        "to_jsonb",
        "to_number",
        "to_tsvector",
        "trim",
        "tsrange",
        "tstzrange",
    ];
    let tokens = split::tokens(sql, Dialect::Postgres);
    tokens.windows(2).any(|pair| {
        pair[1].sql == "("
            && pair[0].sql.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"')
            && !CALM.contains(&pair[0].sql.to_ascii_lowercase().as_str())
    })
}
