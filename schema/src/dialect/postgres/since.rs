//! What a schema holds that only newer servers know.

use diesel::QueryResult;

use crate::connection::SqlConnection;
use crate::schema::{Column, Schema};

/// The first of it that the connection's server is too old for, as a sentence.
pub(super) fn too_old(schema: &Schema, connection: &mut dyn SqlConnection) -> QueryResult<Option<String>> {
    let rows = connection.rows("SELECT current_setting('server_version_num')")?;
    let number = rows.first().and_then(|row| row.first()?.as_deref()?.parse::<u32>().ok());
    Ok(number.and_then(|number| said(schema, number / 10_000)))
}

fn said(schema: &Schema, server: u32) -> Option<String> {
    let (what, since) = newer(schema).into_iter().find(|(_, since)| *since > server)?;
    Some(format!("{what} needs PostgreSQL {since}, and this server is {server}: leave it out, or use a newer server"))
}

fn newer(schema: &Schema) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for table in schema.tables.values() {
        let mut add = |holds: bool, what: &str, name: &str, since| {
            if holds {
                found.push((format!("{what} of {}.{name}", table.name), since));
            }
        };
        for column in &table.columns {
            let Column { name, is_virtual, not_null, .. } = column;
            add(*is_virtual, "GENERATED .. VIRTUAL", name, 18);
            let said = not_null.as_ref();
            add(said.is_some_and(|it| it.name.is_some()), "the name of NOT NULL", name, 18);
            add(said.is_some_and(|it| it.no_inherit), "NO INHERIT of NOT NULL", name, 18);
            add(said.is_some_and(|it| !it.validated), "NOT VALID of NOT NULL", name, 18);
        }
        for key in table.primary_key.iter().chain(&table.uniques) {
            add(key.nulls_not_distinct, "NULLS NOT DISTINCT", &key.name, 15);
            add(key.without_overlaps, "WITHOUT OVERLAPS", &key.name, 18);
        }
        for key in &table.foreign_keys {
            add(!key.on_delete_columns.is_empty(), "ON DELETE that sets some columns", &key.name, 15);
            add(key.period, "PERIOD", &key.name, 18);
            add(!key.enforced, "NOT ENFORCED", &key.name, 18);
        }
        for check in &table.checks {
            add(!check.enforced, "NOT ENFORCED", &check.name, 18);
        }
        for index in &table.indexes {
            add(index.nulls_not_distinct, "NULLS NOT DISTINCT", &index.name, 15);
        }
    }
    found
}
