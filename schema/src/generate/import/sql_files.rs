//! What no struct can say: a file for each kind of object.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::declared::SqlFile;

use super::super::error::Error;
use super::raise::Raised;
use crate::change::Change;
use crate::dialect::DialectImpl;
use crate::diff::{Renames, diff};
use crate::plan::plan;
use crate::schema::{ObjectId, ObjectKind, Schema, text};

const fn file(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Extension => "sql/extensions.sql",
        ObjectKind::Collation => "sql/collations.sql",
        ObjectKind::Domain | ObjectKind::Type => "sql/types.sql",
        ObjectKind::Function | ObjectKind::Aggregate | ObjectKind::Operator | ObjectKind::Cast => "sql/functions.sql",
        ObjectKind::View => "sql/views.sql",
        ObjectKind::MaterializedView | ObjectKind::Index => "sql/materialized_views.sql",
        ObjectKind::Exclusion => "sql/exclusions.sql",
        ObjectKind::Statistics => "sql/statistics.sql",
        ObjectKind::Rule => "sql/rules.sql",
        ObjectKind::Trigger | ObjectKind::EventTrigger => "sql/triggers.sql",
        ObjectKind::Policy => "sql/policies.sql",
        ObjectKind::Publication => "sql/publications.sql",
        ObjectKind::ForeignDataWrapper
        | ObjectKind::Server
        | ObjectKind::UserMapping
        | ObjectKind::ForeignTable
        | ObjectKind::Subscription => "sql/foreign.sql",
        ObjectKind::TextSearchDictionary | ObjectKind::TextSearchConfiguration | ObjectKind::TextSearchMapping => {
            "sql/text_search.sql"
        }
        ObjectKind::Setting => "sql/settings.sql",
        ObjectKind::Comment => "sql/comments.sql",
    }
}

/// The files, by their path below the package's root.
pub(super) fn files(schema: &Schema) -> Vec<(String, String)> {
    let mut texts: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for object in schema.objects.values() {
        if let ObjectId::Object(kind, _) = &object.id {
            texts.entry(file(*kind)).or_default().push(format!("{};\n", object.definition.trim_end()));
        }
    }
    for name in empty(schema) {
        texts.entry("sql/schemas.sql").or_default().push(format!("CREATE SCHEMA {};\n", text::quoted(name)));
    }
    texts.into_iter().map(|(path, statements)| (path.to_owned(), statements.join("\n"))).collect()
}

/// The namespaces that nothing stands in, so that nothing else says them.
fn empty(schema: &Schema) -> impl Iterator<Item = &String> {
    let names = schema.tables.keys().chain(schema.enums.keys()).chain(schema.sequences.keys());
    let objects = schema.objects.keys().filter_map(|id| match id {
        ObjectId::Object(_, name) => Some(name),
        _ => None,
    });
    let full: BTreeSet<&String> = names.chain(objects).filter_map(|name| name.namespace.as_ref()).collect();
    schema.namespaces.keys().filter(move |name| !full.contains(name))
}

/// Adds the comments for which no struct has a place, such as those on constraints and indexes.
///
/// # Errors
/// The dialect can't express the models.
pub(super) fn say_comments(read: &Schema, raised: &mut Raised, dialect: &dyn DialectImpl) -> Result<(), Error> {
    let lowered = dialect.lower(&raised.declared).map_err(Error::Unsupported)?;
    let mut changes = diff(&lowered, read, &Renames::default())?;
    changes.retain(|change| matches!(change, Change::SetComment { .. }));
    let refused = |refusal| Error::Refused { dialect: dialect.dialect(), refusal };
    let plan = plan(&lowered, read, &changes, dialect).map_err(refused)?;
    let statements: Vec<String> = plan.steps.iter().map(|step| format!("{};\n", step.sql)).collect();
    if statements.is_empty() {
        return Ok(());
    }
    let path = file(ObjectKind::Comment);
    match raised.sql.iter_mut().find(|(it, _)| it == path) {
        Some((_, text)) => text.extend(statements.iter().map(|it| format!("\n{it}"))),
        None => raised.sql.push((path.to_owned(), statements.join("\n"))),
    }
    raised.declared.sql = declared(&raised.sql);
    Ok(())
}

/// The files as a `schema!` names them.
pub(super) fn declared(files: &[(String, String)]) -> Vec<SqlFile> {
    let file =
        |(path, text): &(String, String)| SqlFile { path: path.clone(), text: text.clone(), dialects: Vec::new() };
    files.iter().map(file).collect()
}
