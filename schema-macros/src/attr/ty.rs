//! `#[sql_type(..)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, LitStr, Result, Token, parenthesized, token};

use super::{comma, once, option_name, take_option, text, unknown};
use crate::ast::SqlType;
use crate::suggest;

/// Diesel's SQL types by the names that the dialects know.
pub(crate) const DIESEL_TYPES: &[&str] = &[
    "SmallInt",
    "Int2",
    "Integer",
    "Int4",
    "BigInt",
    "Int8",
    "Float",
    "Float4",
    "Double",
    "Float8",
    "Numeric",
    "Decimal",
    "Bool",
    "Text",
    "Varchar",
    "VarChar",
    "Char",
    "Bpchar",
    "CChar",
    "Citext",
    "Binary",
    "Bytea",
    "Date",
    "Time",
    "Timestamp",
    "Timestamptz",
    "TimestamptzSqlite",
    "Interval",
    "Uuid",
    "Json",
    "Jsonb",
    "Jsonpath",
    "Inet",
    "Cidr",
    "MacAddr",
    "MacAddr8",
    "Money",
    "Oid",
    "PgLsn",
    "Int4range",
    "Int8range",
    "Numrange",
    "Tsrange",
    "Tstzrange",
    "Daterange",
    "Int4multirange",
    "Int8multirange",
    "Nummultirange",
    "Tsmultirange",
    "Tstzmultirange",
    "Datemultirange",
];

/// `Varchar(64)`, `Array<Text>`, or `sql = "geography(Point,4326)", diesel = path::To::SqlType`.
pub(super) fn sql_type(input: ParseStream) -> Result<SqlType> {
    if input.is_empty() {
        return Err(input.error("the type is missing: write one of Diesel's, as in `#[sql_type(Varchar(64))]`"));
    }
    if option_name(input).is_some() {
        return in_sql(input);
    }
    let ty = diesel_type(input)?;
    comma(input)?;
    if !input.is_empty() {
        return Err(input.error("a column has one type: remove what follows it"));
    }
    Ok(ty)
}

fn diesel_type(input: ParseStream) -> Result<SqlType> {
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "write one of Diesel's SQL types here, as in `Varchar(64)`"))?;
    if name == "Array" {
        input
            .parse::<Token![<]>()
            .map_err(|_| syn::Error::new(name.span(), "write the type of the elements too, as in `Array<Text>`"))?;
        let element = diesel_type(input)?;
        input.parse::<Token![>]>()?;
        return match element {
            SqlType::Diesel { name, modifiers, array } => Ok(SqlType::Diesel { name, modifiers, array: array + 1 }),
            SqlType::Sql { .. } => Err(syn::Error::new(name.span(), "write one of Diesel's SQL types in `Array<..>`")),
        };
    }
    let word = name.to_string();
    if word == "Nullable" {
        return Err(syn::Error::new(
            name.span(),
            "a column is NULL where its field is an `Option`: write the type alone",
        ));
    }
    if input.peek(Token![::]) {
        return Err(syn::Error::new(name.span(), "write the type's name alone, as in `#[sql_type(Text)]`"));
    }
    if !DIESEL_TYPES.contains(&word.as_str()) {
        let hint = match suggest::nearest(&word, DIESEL_TYPES.iter().copied()) {
            Some(found) => format!("did you mean `{found}`?"),
            None => {
                "write another type in the database's words, as `#[sql_type(sql = \"..\", diesel = path::To::Type)]`"
                    .into()
            }
        };
        return Err(syn::Error::new(name.span(), format!("`{word}` is none of Diesel's SQL types: {hint}")));
    }
    let mut modifiers = Vec::new();
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        for number in content.parse_terminated(<LitInt as syn::parse::Parse>::parse, Token![,])? {
            modifiers.push(number.base10_parse()?);
            if modifiers.len() > takes(&word) {
                let say = match takes(&word) {
                    0 => format!("`{word}` takes no number: write it alone"),
                    1 => format!("`{word}` takes one number: remove this one"),
                    _ => format!("`{word}` takes two numbers, its precision and its scale: remove this one"),
                };
                return Err(syn::Error::new(number.span(), say));
            }
            if modifiers == [0] && of_characters(&word) || modifiers[0] < 0 {
                return Err(syn::Error::new(number.span(), format!("write at least 1 here, or `{word}` alone")));
            }
        }
        if modifiers.is_empty() {
            return Err(content.error(format!("the parentheses are empty: write `{word}(64)` or `{word}` alone")));
        }
    }
    Ok(SqlType::Diesel { name, modifiers, array: 0 })
}

fn of_characters(word: &str) -> bool {
    matches!(word, "Varchar" | "VarChar" | "Char" | "Bpchar")
}

/// How many numbers a type takes in parentheses, at most.
fn takes(word: &str) -> usize {
    match word {
        "Numeric" | "Decimal" => 2,
        "Time" | "Timestamp" | "Timestamptz" | "TimestamptzSqlite" | "Interval" => 1,
        _ if of_characters(word) => 1,
        _ => 0,
    }
}

fn in_sql(input: ParseStream) -> Result<SqlType> {
    let (mut sql, mut diesel) = (None, None);
    while !input.is_empty() {
        let Some(option) = option_name(input) else {
            return Err(input.error("write `sql = \"..\"` and `diesel = path::To::Type` here"));
        };
        take_option(input)?;
        match option.to_string().as_str() {
            "sql" => {
                // A column of SQLite may have no type at all.
                let words = if input.peek(LitStr) { input.parse()? } else { text(input, "the SQL type")? };
                once(&mut sql, words, option.span(), "`sql`")?;
            }
            "diesel" => once(&mut diesel, input.call(syn::Path::parse_mod_style)?, option.span(), "`diesel`")?,
            _ => return Err(unknown(&option, "sql_type", &["sql", "diesel"])),
        }
        comma(input)?;
    }
    match (sql, diesel) {
        (Some(sql), Some(diesel)) => Ok(SqlType::Sql { sql, diesel }),
        (Some(sql), None) => Err(syn::Error::new(
            sql.span(),
            "Diesel does not know this type: add `diesel = path::To::SqlType`, the Diesel type that carries it",
        )),
        (None, _) => Err(syn::Error::new(input.span(), "the database's words are missing: add `sql = \"..\"`")),
    }
}
