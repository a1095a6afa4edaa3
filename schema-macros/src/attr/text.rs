//! Text, expressions and defaults.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Ident, Lit, LitBool, LitStr, Result, Token};

use super::{comma, once, option_name, take_option, unknown};
use crate::ast::{DefaultValue, Expr};

/// A string literal that is not empty.
pub(crate) fn text(input: ParseStream, what: &str) -> Result<LitStr> {
    if !input.peek(LitStr) {
        let message = format!("{what} is missing here: write it in double quotes");
        return Err(if input.is_empty() { syn::Error::new(input.span(), message) } else { input.error(message) });
    }
    let text: LitStr = input.parse()?;
    if text.value().trim().is_empty() {
        return Err(syn::Error::new(text.span(), format!("{what} is empty: write it between the quotes")));
    }
    Ok(text)
}

/// `true` or `false`.
pub(crate) fn flag_bool(input: ParseStream) -> Result<bool> {
    Ok(input.parse::<LitBool>().map_err(|error| syn::Error::new(error.span(), "write `true` or `false` here"))?.value)
}

/// The words of an expression for each dialect, collected while an attribute is read.
#[derive(Default)]
pub(super) struct Words {
    sql: Option<LitStr>,
    postgres: Option<LitStr>,
    sqlite: Option<LitStr>,
    mysql: Option<LitStr>,
}

impl Words {
    /// Takes `postgres = ".."`, `sqlite = ".."`, `mysql = ".."` or `sql = ".."`; false for another name.
    pub(super) fn take(&mut self, input: ParseStream, name: &Ident) -> Result<bool> {
        let slot = match name.to_string().as_str() {
            "sql" => &mut self.sql,
            "postgres" => &mut self.postgres,
            "sqlite" => &mut self.sqlite,
            "mysql" => &mut self.mysql,
            _ => return Ok(false),
        };
        take_option(input)?;
        once(slot, text(input, "the SQL expression")?, name.span(), "the expression")?;
        Ok(true)
    }

    /// Takes the expression that every dialect reads.
    pub(super) fn take_sql(&mut self, input: ParseStream) -> Result<()> {
        let sql = text(input, "the SQL expression")?;
        let span = sql.span();
        once(&mut self.sql, sql, span, "the expression")
    }

    pub(super) fn finish(self, input: ParseStream) -> Result<Expr> {
        let Self { sql, postgres, sqlite, mysql } = self;
        let sql = sql.or_else(|| postgres.clone()).or_else(|| sqlite.clone()).or_else(|| mysql.clone());
        let Some(sql) = sql else {
            return Err(input.error("the SQL expression is missing here: write it in double quotes"));
        };
        Ok(Expr { sql, postgres, sqlite, mysql })
    }
}

/// `"..", sqlite = "..", virtual`: the expression, and whether it is computed when the column is read.
pub(super) fn generated(input: ParseStream) -> Result<(Expr, bool)> {
    let (mut words, mut is_virtual) = (Words::default(), false);
    while !input.is_empty() {
        match option_name(input) {
            None if input.peek(Ident::peek_any) => match input.call(Ident::parse_any)? {
                word if word == "virtual" => is_virtual = true,
                word => return Err(unknown(&word, "generated", GENERATED)),
            },
            None => words.take_sql(input)?,
            Some(name) => {
                if !words.take(input, &name)? {
                    return Err(unknown(&name, "generated", GENERATED));
                }
            }
        }
        comma(input)?;
    }
    Ok((words.finish(input)?, is_virtual))
}

const GENERATED: &[&str] = &["virtual", "sql", "postgres", "sqlite", "mysql"];

/// `sql = "..", sqlite = "..", postgres = ".."` and nothing else.
fn expr_words(input: ParseStream, attr: &str) -> Result<Expr> {
    let mut words = Words::default();
    while !input.is_empty() {
        match option_name(input) {
            Some(name) => {
                if !words.take(input, &name)? {
                    return Err(unknown(&name, attr, &["sql", "postgres", "sqlite", "mysql"]));
                }
            }
            None => words.take_sql(input)?,
        }
        comma(input)?;
    }
    words.finish(input)
}

/// What stands in `#[default(..)]`.
pub(super) fn default(input: ParseStream) -> Result<DefaultValue> {
    if input.is_empty() {
        return Err(input.error(
            "the default is missing here: write `#[default(0)]`, `#[default(\"text\")]` or `#[default(sql = \"..\")]`",
        ));
    }
    if option_name(input).is_some() {
        return Ok(DefaultValue::Expr(expr_words(input, "default")?));
    }
    let fork = input.fork();
    if let Some(value) = literal(&fork)?
        && fork.is_empty()
    {
        return literal(input).map(|again| again.unwrap_or(value));
    }
    let tokens: TokenStream = input.parse()?;
    let span = tokens.span();
    let call = syn::parse2::<syn::Expr>(tokens.clone()).ok();
    match call {
        Some(syn::Expr::Path(path)) if path.path.is_ident("None") => {
            Err(syn::Error::new(span, "a column that may be NULL is NULL by default: remove `#[default(None)]`"))
        }
        Some(expr) if is_rusts(&expr) => Err(syn::Error::new(
            span,
            "this is Rust's, and a default is SQL's: write an enum's value as `#[default(\"..\")]`, a function as \
             `#[default(now())]`, anything else as `#[default(sql = \"..\")]`",
        )),
        Some(syn::Expr::Call(_) | syn::Expr::Path(_)) => Ok(DefaultValue::Words(spell(&tokens))),
        _ => {
            Err(syn::Error::new(span, "this is neither a literal nor a call: write SQL as `#[default(sql = \"..\")]`"))
        }
    }
}

/// Whether it is, or calls, something by a path such as `Tone::Calm`.
fn is_rusts(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Path(path) => path.path.segments.len() > 1,
        syn::Expr::Call(call) => is_rusts(&call.func),
        _ => false,
    }
}

fn literal(input: ParseStream) -> Result<Option<DefaultValue>> {
    let minus: Option<Token![-]> = if input.peek(Token![-]) { Some(input.parse()?) } else { None };
    if !input.peek(Lit) {
        return Ok(None);
    }
    let lit: Lit = input.parse()?;
    let span: Span = lit.span();
    let sign = if minus.is_some() { "-" } else { "" };
    Ok(Some(match (&lit, minus) {
        (Lit::Bool(value), None) => DefaultValue::Bool(value.value, span),
        (Lit::Str(value), None) => DefaultValue::Text(value.clone()),
        (Lit::Int(value), _) => {
            let digits = format!("{sign}{}", value.base10_digits());
            let value = digits.parse().map_err(|_| {
                syn::Error::new(span, "this number does not fit 64 bits: write it as `#[default(sql = \"..\")]`")
            })?;
            DefaultValue::Int(value, span)
        }
        (Lit::Float(value), _) => DefaultValue::Float(format!("{sign}{}", value.base10_digits()), span),
        _ => {
            return Err(syn::Error::new(
                span,
                "a default is a number, `true`, `false` or a string: write anything else as `#[default(sql = \"..\")]`",
            ));
        }
    }))
}

/// SQL's spelling of a Rust call: `now()`, `gen_random_uuid()`, `nextval("s")` with SQL's own quotes.
fn spell(tokens: &TokenStream) -> String {
    let mut out = String::new();
    for tree in tokens.clone() {
        match tree {
            proc_macro2::TokenTree::Group(group) => {
                out.push('(');
                out.push_str(&spell(&group.stream()));
                out.push(')');
            }
            proc_macro2::TokenTree::Ident(ident) => out.push_str(&ident.unraw().to_string()),
            proc_macro2::TokenTree::Punct(punct) => {
                out.push(punct.as_char());
                if punct.as_char() == ',' {
                    out.push(' ');
                }
            }
            proc_macro2::TokenTree::Literal(literal) => match syn::parse_str::<LitStr>(&literal.to_string()) {
                Ok(text) => out.push_str(&format!("'{}'", text.value().replace('\'', "''"))),
                Err(_) => out.push_str(&literal.to_string()),
            },
        }
    }
    out
}
