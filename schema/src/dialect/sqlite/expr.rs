//! Expressions: the standard's words where SQLite has others.

use diesel_schema_core::declared::Expr;

use super::token::{self, Kind, Token};

/// What SQLite reads for a declared expression: its own words where given, else the common ones with the functions
/// translated that SQLite calls something else.
pub(super) fn lower(expr: &Expr) -> String {
    match &expr.sqlite {
        Some(own) => token::expression(&token::tokens(own)),
        None => translate(&expr.sql),
    }
}

/// Functions by their name elsewhere and here.
const FUNCTIONS: [(&str, &str); 7] = [
    ("char_length", "length"),
    ("character_length", "length"),
    ("octet_length", "octet_length"),
    ("btrim", "trim"),
    ("strpos", "instr"),
    ("greatest", "max"),
    ("least", "min"),
];

fn translate(sql: &str) -> String {
    let tokens = token::tokens(sql);
    let mut out: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let call = tokens.get(at + 1).is_some_and(|next| next.text == "(");
        let empty_call = call && tokens.get(at + 2).is_some_and(|next| next.text == ")");
        let moment = match token.text.to_ascii_lowercase().as_str() {
            "now" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp" => empty_call,
            _ => false,
        };
        if token.kind == Kind::Word && moment {
            out.push(Token { kind: Kind::Word, text: "CURRENT_TIMESTAMP" });
            at += 3;
            continue;
        }
        let renamed = FUNCTIONS.iter().find(|(from, _)| call && token.kind == Kind::Word && token.is(from));
        out.push(renamed.map_or_else(|| token.clone(), |(_, to)| Token { kind: Kind::Word, text: to }));
        at += 1;
    }
    token::expression(&out)
}

/// Whether `DEFAULT` takes it bare; anything else stands in parentheses.
pub(super) fn is_literal(sql: &str) -> bool {
    match token::tokens(sql).as_slice() {
        [sign, number] => (sign.is("-") || sign.is("+")) && number.kind == Kind::Number,
        [one] => match one.kind {
            Kind::Number | Kind::Text | Kind::Blob => true,
            Kind::Word => {
                ["NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].iter().any(|w| one.is(w))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether the value is no constant, so that `ADD COLUMN` refuses it.
pub(super) fn is_volatile(sql: &str) -> bool {
    !is_literal(sql)
        || token::tokens(sql)
            .iter()
            .any(|t| ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].iter().any(|w| t.is(w)))
}
