//! The `schema.rs`s among the files that a revision brings.

use diesel_schema_core::Dialect;

use super::error::Error;
use super::prepare::{Prepared, Request};
use super::print_schema;
use crate::config::{PrintSchema, Project, SchemaRs};
use crate::dialect::DialectImpl;
use crate::schema::{Name, Schema};

/// Adds what the upgraded PostgreSQL database looks like to Diesel; an application without that dialect has none.
pub(super) fn add(prepared: &mut Prepared, project: &Project) -> Result<(), Error> {
    let Some(part) = prepared.dialects.iter().find(|part| part.dialect == Dialect::Postgres) else { return Ok(()) };
    let upgraded = &part.transition.upgraded;
    for SchemaRs { file, print } in &project.schema_rs {
        let text =
            print_schema::print_schema(upgraded, print).map_err(|why| Error::Print { file: file.clone(), why })?;
        let text = match std::fs::read_to_string(file) {
            Ok(found) if differ_in_layout_alone(&found, &text) => found,
            _ => text,
        };
        let left_out = left_out(upgraded, print);
        if !left_out.is_empty() && std::fs::read_to_string(file).ok().as_ref() != Some(&text) {
            let tables = left_out.join(", ");
            prepared.notes.push(format!("{} lacks what diesel-schema can't read yet: {tables}", file.display()));
        }
        prepared.files.files.push((file.clone(), text));
    }
    Ok(())
}

/// Whether rustfmt with some `rustfmt.toml` may have made one of the other. Such a file is left alone, or `cargo fmt`
/// and `autogenerate` would change it for ever in turn; Diesel's CLI lays it out as `cargo fmt` does.
fn differ_in_layout_alone(found: &str, text: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    bare(found) == bare(text)
}

/// Tables that Diesel would print and that are not in the schema.
fn left_out<'a>(schema: &'a Schema, print: &PrintSchema) -> Vec<&'a str> {
    let is_printed = |said: &&str| {
        let table =
            ["partitioned table ", "partition ", "inheriting table "].iter().find_map(|kind| said.strip_prefix(kind));
        table.and_then(|table| table.split_once('.')).is_some_and(|(namespace, name)| {
            let namespace = (namespace != "public").then(|| namespace.to_owned());
            print_schema::prints(&Name::qualified(namespace, name), print)
        })
    };
    schema.unread.iter().map(String::as_str).filter(is_printed).collect()
}

/// Orders the columns of a schema that no server was asked for.
pub(super) fn order_columns(
    schema: &mut Schema,
    request: &Request<'_>,
    dialect: &dyn DialectImpl,
) -> Result<(), Error> {
    let models = dialect.lower(request.declared).map_err(Error::Unsupported)?;
    // One that can't be read orders nothing; where it can't be replaced either, writing says so.
    let texts = request.project.schema_rs.iter().filter_map(|it| std::fs::read_to_string(&it.file).ok());
    print_schema::order_columns(schema, &texts.collect::<Vec<_>>(), &models);
    Ok(())
}
