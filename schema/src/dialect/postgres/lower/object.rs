//! What a statement of a `sql:` file creates.

use diesel_schema_core::{Dialect, sql::split};

use super::not_public;
use crate::dialect::postgres::types;
use crate::schema::*;

fn unquote(token: &str) -> String {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    }
}

/// What a statement of a `sql:` file creates; `None` where it is of no kind that is handled as text.
pub(super) fn object(sql: &str) -> Option<ObjectId> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let word = |at: usize| tokens.get(at).map(|token| token.sql.to_ascii_lowercase()).unwrap_or_default();
    if word(0) != "create" {
        return None;
    }
    let mut at = 1;
    if word(1) == "or" && word(2) == "replace" {
        at = 3;
    }
    if matches!(word(at).as_str(), "constraint" | "recursive") {
        at += 1;
    }
    let kind = match (word(at).as_str(), word(at + 1).as_str()) {
        ("function" | "procedure", _) => ObjectKind::Function,
        ("view", _) => ObjectKind::View,
        ("materialized", "view") => ObjectKind::MaterializedView,
        ("trigger", _) => ObjectKind::Trigger,
        ("extension", _) => ObjectKind::Extension,
        _ => return None,
    };
    at += if kind == ObjectKind::MaterializedView { 2 } else { 1 };
    if word(at) == "if" && word(at + 1) == "not" {
        at += 3;
    }
    let (name, after) = qualified(&tokens, at)?;
    match kind {
        ObjectKind::Trigger => {
            let on = (after..tokens.len()).find(|at| word(*at) == "on")?;
            let (table, _) = qualified(&tokens, on + 1)?;
            let name = Name::qualified(table.namespace, format!("{}.{}", table.name, name.name));
            Some(ObjectId::Object(kind, name))
        }
        ObjectKind::Function => {
            let arguments = arguments(&tokens, after)?;
            let name = Name::qualified(name.namespace, format!("{}({arguments})", name.name));
            Some(ObjectId::Object(kind, name))
        }
        ObjectKind::Extension => Some(ObjectId::Object(kind, Name::new(name.name))),
        _ => Some(ObjectId::Object(kind, name)),
    }
}

fn qualified(tokens: &[split::Statement<'_>], at: usize) -> Option<(Name, usize)> {
    let first = unquote(tokens.get(at)?.sql);
    match (tokens.get(at + 1).map(|token| token.sql), tokens.get(at + 2)) {
        (Some("."), Some(second)) => Some((Name::qualified(not_public(Some(&first)), unquote(second.sql)), at + 3)),
        _ => Some((Name::new(first), at + 1)),
    }
}

/// The types of a function's input arguments in the server's spelling, as `pg_get_function_identity_arguments`
/// has them without names.
fn arguments(tokens: &[split::Statement<'_>], open: usize) -> Option<String> {
    if tokens.get(open)?.sql != "(" {
        return None;
    }
    let mut depth = 0;
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for token in &tokens[open..] {
        match token.sql {
            "(" => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            ")" => depth -= 1,
            "," if depth == 1 => {
                found.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(words) = found.last_mut() {
            words.push(token.sql.to_owned());
        }
    }
    let types: Vec<String> = found.into_iter().filter_map(argument).collect();
    Some(types.join(", "))
}

fn argument(mut words: Vec<String>) -> Option<String> {
    if let Some(end) = words.iter().position(|word| word == "=" || word.eq_ignore_ascii_case("default")) {
        words.truncate(end);
    }
    match words.first()?.to_ascii_lowercase().as_str() {
        "out" => return None,
        "in" | "inout" | "variadic" => {
            words.remove(0);
        }
        _ => {}
    }
    let joined = |words: &[String]| words.join(" ").replace(" [ ]", "[]").replace(" . ", ".");
    let bare = |sql: &str| types::without_modifiers(&types::normalise(sql));
    // A name may stand before the type; `double precision` and its like are two words that are both type.
    let whole = joined(&words);
    let two_words = ["double precision", "character varying", "bit varying", "timestamp with", "time with"];
    let starts = |sql: &str| two_words.iter().any(|two| sql.to_ascii_lowercase().starts_with(two));
    let named = words.len() > 1 && !starts(&whole) && !matches!(words[1].as_str(), "(" | "[" | ".");
    Some(if named { bare(&joined(&words[1..])) } else { bare(&whole) })
}
