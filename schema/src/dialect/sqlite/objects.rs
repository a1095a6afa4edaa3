//! Views and triggers: text.

use std::collections::BTreeSet;

use super::token::{self, Kind, Token};
use crate::schema::{Name, Object, ObjectId, ObjectKind, Schema};

/// A `CREATE VIEW` or `CREATE TRIGGER` as an object; `None` for any other statement. `table` is what a trigger is on,
/// where the caller knows it.
pub(super) fn object(sql: &str, table: &str) -> Option<Object> {
    from_tokens(&token::tokens(sql), table)
}

fn from_tokens(tokens: &[Token<'_>], table: &str) -> Option<Object> {
    let mut at = usize::from(tokens.first()?.is("CREATE"));
    let kind = match tokens.get(at)? {
        t if t.is("VIEW") => ObjectKind::View,
        t if t.is("TRIGGER") => ObjectKind::Trigger,
        _ => return None,
    };
    at += 1;
    if tokens.get(at)?.is("IF") {
        at += 3;
    }
    let name = tokens.get(at)?.name()?;
    let (word, id) = match kind {
        ObjectKind::View => ("VIEW", Name::new(name)),
        _ => {
            let on = tokens.iter().skip(at + 1).position(|t| t.is("ON")).and_then(|on| tokens.get(at + on + 2)?.name());
            let table = if table.is_empty() { on? } else { table.to_owned() };
            ("TRIGGER", Name::new(format!("{table}.{name}")))
        }
    };
    Some(Object {
        id: ObjectId::Object(kind, id),
        definition: format!("CREATE {word} {}", spell_unsettled(&tokens[at..])),
        drop: None,
        columns: Vec::new(),
        depends_on: Vec::new(),
    })
}

/// Double quotes stay until [`find_dependencies`] knows what is a name.
fn spell_unsettled(tokens: &[Token<'_>]) -> String {
    token::spell_with(tokens, &|at| Some(tokens[at].text.to_owned()))
}

/// The text with those double quotes gone that stand around a name without need. `known` are names in lower case.
/// What may be a string stays as its author wrote it.
fn settle(definition: &str, known: &BTreeSet<String>) -> String {
    let tokens = token::tokens(definition);
    let introduces = |word: &Token<'_>| {
        ["AS", "VIEW", "TRIGGER", "FROM", "JOIN", "INTO", "UPDATE", "EXISTS", "WITH"].iter().any(|it| word.is(it))
    };
    let aliases: BTreeSet<String> = tokens
        .windows(2)
        .filter(|pair| introduces(&pair[0]))
        .filter_map(|pair| Some(pair[1].name()?.to_ascii_lowercase()))
        .collect();
    token::spell_with(&tokens, &|at| {
        let word = token::unquote(tokens[at].text).to_ascii_lowercase();
        let is_name = token::beside_dot(&tokens, at) || known.contains(&word) || aliases.contains(&word);
        (!is_name).then(|| tokens[at].text.to_owned())
    })
}

/// The statements of an `sql:` file, each as an object, or as its canonical text where it is no view and no trigger.
pub(super) fn statements(sql: &str) -> Vec<Result<Object, String>> {
    let tokens = token::tokens(sql);
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (index, token) in tokens.iter().enumerate() {
        let trigger = tokens[start..=index].iter().take(4).any(|t| t.is("TRIGGER"));
        if trigger && (token.is("BEGIN") || token.is("CASE")) {
            depth += 1;
        } else if trigger && token.is("END") {
            depth = depth.saturating_sub(1);
        }
        let end = token.text == ";" && depth == 0;
        let stop = if end { index } else { index + 1 };
        if end || index + 1 == tokens.len() {
            let statement = &tokens[start..stop];
            if !statement.is_empty() {
                found.push(from_tokens(statement, "").ok_or_else(|| token::spell(statement)));
            }
            start = index + 1;
        }
    }
    found
}

/// Fills in what every object mentions, tables and views by name, and spells the names in it.
pub(super) fn find_dependencies(schema: &mut Schema) {
    let mut named: BTreeSet<String> = schema.tables.keys().map(|name| name.name.to_ascii_lowercase()).collect();
    named.extend(schema.objects.keys().filter_map(|id| match id {
        ObjectId::Object(ObjectKind::View, name) => Some(name.name.to_ascii_lowercase()),
        _ => None,
    }));
    for object in schema.objects.values_mut() {
        let mut known = named.clone();
        for table in schema.tables.values().filter(|table| mentions(&object.definition, &table.name.name)) {
            known.extend(table.columns.iter().map(|column| column.name.to_ascii_lowercase()));
        }
        object.definition = settle(&object.definition, &known);
    }
    let tables: Vec<ObjectId> = schema.tables.keys().cloned().map(ObjectId::Table).collect();
    let views: Vec<ObjectId> =
        schema.objects.keys().filter(|id| matches!(id, ObjectId::Object(ObjectKind::View, _))).cloned().collect();
    for object in schema.objects.values_mut() {
        object.depends_on = tables
            .iter()
            .chain(&views)
            .filter(|id| **id != object.id)
            .filter(|id| match id {
                ObjectId::Table(name) | ObjectId::Object(_, name) => mentions(&object.definition, &name.name),
                _ => false,
            })
            .cloned()
            .collect();
        object.depends_on.sort();
    }
}

/// Whether text has this name as an identifier.
pub(super) fn mentions(sql: &str, name: &str) -> bool {
    token::tokens(sql)
        .iter()
        .any(|t| matches!(t.kind, Kind::Word | Kind::Quoted) && t.name().is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// `DROP VIEW` or `DROP TRIGGER`. A trigger may have gone with its table already.
pub(super) fn drop(object: &Object) -> Option<String> {
    let ObjectId::Object(kind, name) = &object.id else { return None };
    match kind {
        ObjectKind::View => Some(format!("DROP VIEW {}", token::quote(&name.name))),
        ObjectKind::Trigger => {
            Some(format!("DROP TRIGGER IF EXISTS {}", token::quote(&trigger_parts(&object.definition)?.1)))
        }
        _ => None,
    }
}

/// A trigger's table and its own name. Its [`ObjectId`] can't say where one ends: either may hold a dot.
pub(super) fn trigger_parts(definition: &str) -> Option<(String, String)> {
    let tokens = token::tokens(definition);
    let at = tokens.iter().position(|token| token.is("TRIGGER"))? + 1;
    let on = at + 1 + tokens.get(at + 1..)?.iter().position(|token| token.is("ON"))?;
    Some((tokens.get(on + 1)?.name()?, tokens.get(at)?.name()?))
}
