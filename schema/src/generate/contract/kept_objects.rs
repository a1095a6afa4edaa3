//! Types, collations and functions that the models no longer make, while what is kept of the release before needs them.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{DeclaredSchema, Default, Expr, Model, SqlFile, TypeKind};
use diesel_schema_core::sql::split::split;

use super::said::expressions;
use crate::generate::server::implementation;
use crate::schema::text::mentions;
use crate::schema::{ObjectId, ObjectKind};

/// An object and the statements about it.
#[derive(Default)]
struct Made<'a> {
    is_made: bool,
    statements: Vec<&'a str>,
}

/// What makes those that `expanded` does not make and that what it has besides `declared` names, each as a file of the
/// models would say it.
pub(super) fn of(before: &DeclaredSchema, declared: &DeclaredSchema, expanded: &DeclaredSchema) -> Vec<SqlFile> {
    let there = made(expanded);
    let mut missing = made(before);
    missing.retain(|id, _| !there.contains_key(id));
    let own = said(declared);
    // What a model still says itself needs what the model says.
    let mut wanted: Vec<String> = said(expanded).difference(&own).map(|it| (*it).to_owned()).collect();
    let mut found = Vec::new();
    // A domain may be of a domain, and call a function.
    while let Some(id) = missing.keys().find(|id| wanted.iter().any(|text| mentions(text, bare(id)))).cloned() {
        let Some(object) = missing.remove(&id) else { break };
        let text = object.statements.iter().map(|it| format!("{it};\n")).collect::<String>();
        wanted.push(text.clone());
        found.push(SqlFile { path: id.to_string(), text, dialects: vec![Dialect::Postgres] });
    }
    found
}

/// Its name alone.
fn bare(id: &ObjectId) -> &str {
    match id {
        ObjectId::Object(_, name) => name.name.split('(').next().unwrap_or_default(),
        _ => "",
    }
}

/// Everything in which a model may name an object.
fn said(schema: &DeclaredSchema) -> BTreeSet<&str> {
    schema.models.iter().flat_map(of_model).collect()
}

fn text(expr: &Expr) -> &str {
    expr.postgres.as_ref().unwrap_or(&expr.sql)
}

fn of_model(model: &Model) -> Vec<&str> {
    let mut said = Vec::new();
    for column in &model.columns {
        said.extend((column.ty.kind == TypeKind::Sql).then_some(column.ty.name.as_str()));
        said.extend(column.collation.as_deref());
        said.extend(column.generated.as_ref().map(text));
        if let Some(Default::Expr(expr)) = &column.default {
            said.push(text(expr));
        }
    }
    said.extend(model.checks.iter().map(|check| text(&check.expr)));
    said.extend(model.indexes.iter().flat_map(expressions).map(text));
    said
}

fn made(schema: &DeclaredSchema) -> BTreeMap<ObjectId, Made<'_>> {
    use ObjectKind::{Collation, Domain, Function, Type};
    let mut found = BTreeMap::<ObjectId, Made<'_>>::new();
    let Ok(dialect) = implementation(Dialect::Postgres) else { return found };
    let on_postgres = |file: &&SqlFile| file.dialects.is_empty() || file.dialects.contains(&Dialect::Postgres);
    for file in schema.sql.iter().filter(on_postgres) {
        for statement in split(&file.text, Dialect::Postgres) {
            let Some(subject) = dialect.subject(statement.sql) else { continue };
            if matches!(subject.id, ObjectId::Object(Collation | Domain | Function | Type, _)) {
                let object = found.entry(subject.id).or_default();
                object.is_made |= subject.makes;
                object.statements.push(statement.sql);
            }
        }
    }
    // What is only said something of is made elsewhere.
    found.retain(|_, object| object.is_made);
    found
}
