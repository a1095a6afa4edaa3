//! Types and collations that the models no longer make, while a column of the release before still is of them.

use std::collections::BTreeMap;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{DeclaredSchema, Default, SqlFile, TypeKind};
use diesel_schema_core::sql::split::{split, tokens};

use crate::schema::text::mentions;

/// A type, domain or collation, and the statements about it.
struct Kind<'a> {
    name: String,
    is_made: bool,
    statements: Vec<&'a str>,
}

/// Each by what it is and its whole name: `domain side.word`.
type Made<'a> = BTreeMap<String, Kind<'a>>;

/// What makes those that `expanded` has columns of and does not make, each as a file of the models would say it.
pub(super) fn of(before: &DeclaredSchema, expanded: &DeclaredSchema) -> Vec<SqlFile> {
    let there = made(expanded);
    let mut missing = made(before);
    missing.retain(|path, _| !there.contains_key(path));
    let mut wanted: Vec<String> = said_of_columns(expanded);
    let mut found = Vec::new();
    // A domain may be of a domain, and a composite of both.
    while let Some(path) = missing
        .iter()
        .find(|(_, kind)| wanted.iter().any(|text| mentions(text, &kind.name)))
        .map(|(path, _)| path.clone())
    {
        let Some(kind) = missing.remove(&path) else { break };
        let text = kind.statements.iter().map(|it| format!("{it};\n")).collect::<String>();
        wanted.push(text.clone());
        found.push(SqlFile { path, text, dialects: vec![Dialect::Postgres] });
    }
    found
}

fn said_of_columns(schema: &DeclaredSchema) -> Vec<String> {
    let mut said = Vec::new();
    for column in schema.models.iter().flat_map(|model| &model.columns) {
        said.extend((column.ty.kind == TypeKind::Sql).then(|| column.ty.name.clone()));
        said.extend(column.collation.clone());
        if let Some(Default::Expr(expr)) = &column.default {
            said.push(expr.postgres.as_ref().unwrap_or(&expr.sql).clone());
        }
    }
    said
}

fn made(schema: &DeclaredSchema) -> Made<'_> {
    let mut found = Made::new();
    let on_postgres = |file: &&SqlFile| file.dialects.is_empty() || file.dialects.contains(&Dialect::Postgres);
    for file in schema.sql.iter().filter(on_postgres) {
        for statement in split(&file.text, Dialect::Postgres) {
            let Some(Subject { path, name, makes }) = subject(statement.sql) else { continue };
            let kind = found.entry(path).or_insert_with(|| Kind { name, is_made: false, statements: Vec::new() });
            kind.is_made |= makes;
            kind.statements.push(statement.sql);
        }
    }
    // What is only said something of is made elsewhere.
    found.retain(|_, kind| kind.is_made);
    found
}

/// What a statement is about.
struct Subject {
    path: String,
    /// The name alone.
    name: String,
    /// Whether it makes it, and does not only say something of it.
    makes: bool,
}

fn subject(sql: &str) -> Option<Subject> {
    let tokens: Vec<&str> = tokens(sql, Dialect::Postgres).into_iter().map(|it| it.sql).collect();
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let kind_at = match () {
        () if is(0, "create") || is(0, "alter") => 1,
        () if is(0, "comment") && is(1, "on") => 2,
        () => return None,
    };
    let kind = ["type", "domain", "collation"].into_iter().find(|kind| is(kind_at, kind))?;
    let at = if is(kind_at + 1, "if") { kind_at + 4 } else { kind_at + 1 };
    let plain = |at: usize| {
        let token = tokens.get(at)?;
        let quoted = token.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        Some(quoted.map_or_else(|| token.to_lowercase(), |it| it.replace("\"\"", "\"")))
    };
    let first = plain(at)?;
    let (path, name) = match plain(at + 2).filter(|_| is(at + 1, ".")) {
        Some(name) if first == "public" => (format!("{kind} {name}"), name),
        Some(name) => (format!("{kind} {first}.{name}"), name),
        None => (format!("{kind} {first}"), first),
    };
    Some(Subject { path, name, makes: is(0, "create") })
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_type_is_known_by_what_is_said_of_it() {
        let path = |sql| subject(sql).map(|it| it.path);
        assert_eq!(path("CREATE DOMAIN Word AS text").unwrap(), "domain word");
        assert_eq!(path("CREATE TYPE public.\"A \"\"b\"\"\" AS (x int)").unwrap(), "type A \"b\"");
        assert_eq!(path("create collation if not exists side.german (locale = 'C')").unwrap(), "collation side.german");
        assert_eq!(path("COMMENT ON DOMAIN word IS 'x'").unwrap(), "domain word");
        assert_eq!(path("CREATE TABLE word (x int)"), None);
        assert_eq!(path("CREATE"), None);
    }
}
