//! What a statement of a `sql:` file creates.

use diesel_schema_core::{Dialect, sql::split};

use super::{not_public, operator};
use crate::dialect::Subject;
use crate::dialect::postgres::types;
use crate::schema::*;

pub(in crate::dialect::postgres) fn unquote(token: &str) -> String {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    }
}

/// The namespace that `CREATE SCHEMA` makes, with nothing in it.
pub(super) fn namespace(sql: &str) -> Option<String> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let words: Vec<String> = tokens.iter().map(|token| token.sql.to_ascii_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["create", "schema", _] | ["create", "schema", "if", "not", "exists", _] => {
            tokens.last().map(|token| unquote(token.sql))
        }
        _ => None,
    }
}

/// What a statement of a `sql:` file creates; `None` where it is of no kind that is handled as text.
pub(super) fn object(sql: &str) -> Option<ObjectId> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let word = |at: usize| tokens.get(at).map(|token| token.sql.to_ascii_lowercase()).unwrap_or_default();
    match word(0).as_str() {
        "create" => {}
        "alter" => return altered(&tokens),
        "comment" => return commented(&tokens),
        _ => return None,
    }
    let mut at = 1;
    if word(1) == "or" && word(2) == "replace" {
        at = 3;
    }
    if matches!(word(at).as_str(), "constraint" | "recursive") {
        at += 1;
    }
    let (kind, words) = kind(&[word(at), word(at + 1), word(at + 2)])?;
    at += words;
    if word(at) == "if" && word(at + 1) == "not" {
        at += 3;
    }
    if kind == ObjectKind::UserMapping {
        // `FOR role SERVER server`.
        let role = match word(at + 1).as_str() {
            "public" => "PUBLIC".to_owned(),
            _ => tokens.get(at + 1)?.sql.to_owned(),
        };
        let server = unquote(tokens.get(at + 3)?.sql);
        return Some(ObjectId::Object(kind, Name::new(format!("{role} of {server}"))));
    }
    match kind {
        ObjectKind::Operator => return Some(ObjectId::Object(kind, operator::operator(tokens.get(at..)?)?)),
        ObjectKind::Cast => return Some(ObjectId::Object(kind, operator::cast(tokens.get(at..)?)?)),
        _ => {}
    }
    let (name, after) = qualified(&tokens, at)?;
    let find_on = || (after..tokens.len()).find(|at| word(*at) == "on");
    match kind {
        ObjectKind::Trigger | ObjectKind::Policy => {
            let (table, _) = qualified(&tokens, find_on()? + 1)?;
            Some(ObjectId::Object(kind, on_table(&table, &name.name)))
        }
        ObjectKind::Rule => {
            // `ON event TO table`.
            let to = (find_on()?..tokens.len()).find(|at| word(*at) == "to")?;
            let (table, _) = qualified(&tokens, to + 1)?;
            Some(ObjectId::Object(kind, on_table(&table, &name.name)))
        }
        ObjectKind::Index => {
            let (relation, _) = qualified(&tokens, find_on()? + 1)?;
            Some(ObjectId::Object(kind, Name::qualified(relation.namespace, name.name)))
        }
        ObjectKind::Function | ObjectKind::Aggregate => {
            let arguments = arguments(&tokens, after)?;
            let name = Name::qualified(name.namespace, format!("{}({arguments})", name.name));
            Some(ObjectId::Object(kind, name))
        }
        // An enum belongs into `enums:`.
        ObjectKind::Type if word(after) != "as" || word(after + 1) == "enum" => None,
        ObjectKind::Extension => Some(ObjectId::Object(kind, Name::new(name.name))),
        _ => Some(ObjectId::Object(kind, name)),
    }
}

/// The kind that the words behind CREATE name, and how many of them do.
fn kind([first, second, third]: &[String; 3]) -> Option<(ObjectKind, usize)> {
    Some(match (first.as_str(), second.as_str()) {
        ("function" | "procedure", _) => (ObjectKind::Function, 1),
        ("aggregate", _) => (ObjectKind::Aggregate, 1),
        ("domain", _) => (ObjectKind::Domain, 1),
        ("type", _) => (ObjectKind::Type, 1),
        ("collation", _) => (ObjectKind::Collation, 1),
        ("view", _) => (ObjectKind::View, 1),
        ("materialized", "view") => (ObjectKind::MaterializedView, 2),
        ("index", _) => (ObjectKind::Index, 1),
        ("unique", "index") => (ObjectKind::Index, 2),
        ("statistics", _) => (ObjectKind::Statistics, 1),
        ("rule", _) => (ObjectKind::Rule, 1),
        ("trigger", _) => (ObjectKind::Trigger, 1),
        ("policy", _) => (ObjectKind::Policy, 1),
        ("publication", _) => (ObjectKind::Publication, 1),
        ("event", "trigger") => (ObjectKind::EventTrigger, 2),
        ("extension", _) => (ObjectKind::Extension, 1),
        ("foreign", "data") => (ObjectKind::ForeignDataWrapper, 3),
        ("foreign", "table") => (ObjectKind::ForeignTable, 2),
        ("server", _) => (ObjectKind::Server, 1),
        ("user", "mapping") => (ObjectKind::UserMapping, 2),
        ("subscription", _) => (ObjectKind::Subscription, 1),
        // `OPERATOR CLASS` and `OPERATOR FAMILY` are other things.
        ("operator", second) if !matches!(second, "class" | "family") => (ObjectKind::Operator, 1),
        ("cast", _) => (ObjectKind::Cast, 1),
        ("text", "search") if third == "dictionary" => (ObjectKind::TextSearchDictionary, 3),
        ("text", "search") if third == "configuration" => (ObjectKind::TextSearchConfiguration, 3),
        _ => return None,
    })
}

/// The object that a statement of a `sql:` file makes or comments on.
pub(in crate::dialect::postgres) fn subject(sql: &str) -> Option<Subject> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let word = |at: usize| tokens.get(at).map(|token| token.sql.to_ascii_lowercase()).unwrap_or_default();
    if word(0) != "comment" {
        return Some(Subject { id: object(sql)?, makes: word(0) == "create" });
    }
    // `COMMENT ON CONSTRAINT name ON DOMAIN domain`.
    let on_domain =
        (4..tokens.len()).find(|at| word(2) == "constraint" && word(*at) == "on" && word(at + 1) == "domain");
    let start = on_domain.map_or(2, |at| at + 1);
    let (kind, words) = kind(&[word(start), word(start + 1), word(start + 2)])?;
    let (name, after) = qualified(&tokens, start + words)?;
    let name = match kind {
        ObjectKind::Function | ObjectKind::Aggregate => {
            Name::qualified(name.namespace, format!("{}({})", name.name, arguments(&tokens, after)?))
        }
        _ => name,
    };
    Some(Subject { id: ObjectId::Object(kind, name), makes: false })
}

fn on_table(table: &Name, own: &str) -> Name {
    Name::qualified(table.namespace.clone(), format!("{}.{own}", table.name))
}

/// An `ALTER` that sets what no struct can say: an exclusion constraint, row level security, a storage parameter, a
/// disabled trigger. What two statements say of the same thing has one id only where they say the same.
fn altered(tokens: &[split::Statement<'_>]) -> Option<ObjectId> {
    let words: Vec<String> = tokens.iter().map(|token| token.sql.to_ascii_lowercase()).collect();
    let has = |wanted: &[&str]| words.windows(wanted.len()).any(|window| window.iter().eq(wanted));
    match (words.get(1)?.as_str(), words.get(2)?.as_str()) {
        ("table", _) | ("materialized", "view") | ("foreign", "table") => {
            let name = if words[1] == "table" { 2 } else { 3 };
            let at = if words.get(name)? == "only" { name + 1 } else { name };
            let (table, after) = qualified(tokens, at)?;
            if has(&["add", "constraint"]) && has(&["exclude"]) {
                let own = unquote(tokens.get(after + 2)?.sql);
                return Some(ObjectId::Object(ObjectKind::Exclusion, on_table(&table, &own)));
            }
            let known: &[&[&str]] = &[
                &["row", "level", "security"],
                &["replica", "identity"],
                &["cluster", "on"],
                &["validate", "constraint"],
                &["set", "unlogged"],
                &["set", "("],
                &["set", "storage"],
                &["set", "statistics"],
                &["set", "compression"],
                &["disable", "trigger"],
                &["enable", "replica", "trigger"],
                &["enable", "always", "trigger"],
                &["disable", "rule"],
                &["enable", "replica", "rule"],
                &["enable", "always", "rule"],
            ];
            let what = known.iter().any(|wanted| has(wanted)).then(|| words[after..].join(" "))?;
            Some(ObjectId::Object(ObjectKind::Setting, on_table(&table, &what)))
        }
        // A default of a table's column is what a model says.
        ("view" | "index", _) => {
            let (relation, after) = qualified(tokens, 2)?;
            let known: &[&[&str]] = match words[1].as_str() {
                "view" => &[&["set", "default"]],
                _ => &[&["set", "("], &["set", "statistics"]],
            };
            let what = known.iter().any(|wanted| has(wanted)).then(|| words[after..].join(" "))?;
            Some(ObjectId::Object(ObjectKind::Setting, on_table(&relation, &what)))
        }
        ("sequence", _) if has(&["set", "unlogged"]) => {
            let (sequence, _) = qualified(tokens, 2)?;
            Some(ObjectId::Object(ObjectKind::Setting, on_table(&sequence, "unlogged")))
        }
        ("sequence", _) => {
            let (sequence, after) = qualified(tokens, 2)?;
            // That nothing owns it is what a model says.
            let owned = words[after..].starts_with(&["owned".to_owned(), "by".to_owned()]) && words.last()? != "none";
            let own = Name::qualified(sequence.namespace, format!("{}.owner", sequence.name));
            owned.then_some(ObjectId::Object(ObjectKind::Setting, own))
        }
        ("text", "search") if has(&["mapping"]) => {
            let (configuration, after) = qualified(tokens, 4)?;
            Some(ObjectId::Object(ObjectKind::TextSearchMapping, on_table(&configuration, &words[after..].join(" "))))
        }
        ("event", "trigger") | ("statistics", _) => {
            Some(ObjectId::Object(ObjectKind::Setting, Name::new(words[1..].join(" "))))
        }
        _ => None,
    }
}

/// `COMMENT ON` what is handled as text, or on a column of it.
fn commented(tokens: &[split::Statement<'_>]) -> Option<ObjectId> {
    let words: Vec<String> = tokens.iter().map(|token| token.sql.to_ascii_lowercase()).collect();
    let word = |at: usize| words.get(at).cloned().unwrap_or_default();
    let kind = word(2);
    let is = words.iter().rposition(|word| word == "is")?;
    let of_domain = kind == "constraint" && words.contains(&"domain".to_owned());
    let named = self::kind(&[word(2), word(3), word(4)]).is_some();
    let known = named || matches!(kind.as_str(), "column" | "schema") || of_domain;
    (known && kind != "extension" && is > 2)
        .then(|| ObjectId::Object(ObjectKind::Comment, Name::new(words[2..is].join(" "))))
}

pub(super) fn qualified(tokens: &[split::Statement<'_>], at: usize) -> Option<(Name, usize)> {
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

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_statement_is_about_what_it_makes_or_comments_on() {
        let of = |sql| subject(sql).map(|it| format!("{}{}", if it.makes { "+" } else { "" }, it.id));
        for (sql, id) in [
            ("CREATE DOMAIN Word AS text", "+domain word"),
            ("CREATE TYPE public.\"A \"\"b\"\"\" AS (x int)", "+type A \"b\""),
            ("create collation if not exists side.german (locale = 'C')", "+collation side.german"),
            (
                "CREATE OR REPLACE FUNCTION f(a int, b text = 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "+function f(integer, text)",
            ),
            ("COMMENT ON FUNCTION f(int, text) IS 'x'", "function f(integer, text)"),
            ("COMMENT ON DOMAIN word IS 'x'", "domain word"),
            ("COMMENT ON CONSTRAINT short ON DOMAIN side.word IS 'x'", "domain side.word"),
        ] {
            assert_eq!(of(sql).as_deref(), Some(id), "{sql}");
        }
        for sql in ["CREATE TABLE word (x int)", "COMMENT ON TABLE word IS 'x'", "COMMENT ON", "CREATE", ""] {
            assert_eq!(of(sql), None, "{sql}");
        }
    }
}
