//! A row in each table that takes one, and what of it has to be there after a plan.

use std::collections::BTreeMap;

use crate::connection::SqlConnection;
use crate::dialect::DialectImpl;
use crate::dialect::postgres::Postgres;
use crate::diff::Renames;
use crate::schema::{Column, Name, Schema, Table};

/// What a table holds in a column, by their names.
pub(super) type Values = BTreeMap<(Name, String), Vec<Vec<Option<String>>>>;

/// A value that most types can be cast to: foreign keys find it, and so do casts from text.
fn literal(column: &Column, schema: &Schema) -> String {
    let array = column.ty.sql.ends_with("[]");
    let one = match (&column.ty.depends_on, column.ty.sql.as_str()) {
        (Some(name), _) => schema.enums[name].values[0].clone(),
        (None, "boolean") => "true".to_owned(),
        (None, "uuid") => "00000000-0000-0000-0000-000000000005".to_owned(),
        (None, sql) if sql.starts_with("timestamp") || sql == "date" => "2020-01-05".to_owned(),
        _ => "5".to_owned(),
    };
    let text = if array { format!("{{\"{one}\"}}") } else { one };
    format!("'{}'", text.replace('\'', "''"))
}

fn insert(table: &Table, schema: &Schema, whole: bool) -> String {
    let given = |it: &&Column| it.generated.is_none() && (whole || !it.nullable);
    let columns: Vec<&Column> = table.columns.iter().filter(given).collect();
    let names: Vec<String> = columns.iter().map(|it| Postgres.quote(&it.name)).collect();
    let values: Vec<String> = columns.iter().map(|it| literal(it, schema)).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("INSERT INTO {} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})", quoted(&table.name))
}

fn quoted(name: &Name) -> String {
    let namespace = name.namespace.as_deref().unwrap_or("public");
    format!("{}.{}", Postgres.quote(namespace), Postgres.quote(&name.name))
}

/// Puts a row into each table whose constraints let it in.
pub(super) fn fill(connection: &mut dyn SqlConnection, schema: &Schema) {
    let mut empty: Vec<&Table> = schema.tables.values().collect();
    loop {
        let before = empty.len();
        empty.retain(|table| [true, false].iter().all(|all| connection.batch(&insert(table, schema, *all)).is_err()));
        if empty.is_empty() || empty.len() == before {
            return;
        }
    }
}

/// The columns of `old` that `new` has too, with the same type and values of their own: their names in both.
pub(super) fn kept(old: &Schema, new: &Schema, renames: &Renames) -> Vec<((Name, String), (Name, String))> {
    let mut found = Vec::new();
    for table in old.tables.values() {
        let to = renames.tables.iter().find(|(from, _)| *from == table.name).map_or(&table.name, |(_, to)| to);
        let newcomer = to == &table.name && renames.tables.iter().any(|(_, other)| other == to);
        let Some(is) = new.tables.get(to).filter(|_| !newcomer) else { continue };
        for column in &table.columns {
            let renamed = renames.columns.iter().find(|(table, from, _)| table == to && *from == column.name);
            let name = renamed.map_or(&column.name, |(_, _, name)| name);
            let taken =
                renamed.is_none() && renames.columns.iter().any(|(table, _, other)| table == to && other == name);
            let same = |it: &&Column| it.ty == column.ty && it.generated.is_none() && column.generated.is_none();
            if is.column(name).filter(same).is_some_and(|_| !taken) {
                found.push(((table.name.clone(), column.name.clone()), (to.clone(), name.clone())));
            }
        }
    }
    found
}

/// What the columns hold.
pub(super) fn read(connection: &mut dyn SqlConnection, columns: impl Iterator<Item = (Name, String)>) -> Values {
    let values = columns.map(|(table, column)| {
        let sql = format!("SELECT {}::text FROM {}", Postgres.quote(&column), quoted(&table));
        let rows = connection.rows(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        ((table, column), rows)
    });
    values.collect()
}

/// Whether a statement failed because of the rows, which a plan says that it can.
pub(super) fn in_the_way(error: &str) -> bool {
    let said = [
        "violates",
        "violated by some row",
        "contains null values",
        "invalid input",
        "out of range",
        "malformed array literal",
        "value too long",
        "overflow",
        "could not create unique index",
    ];
    said.iter().any(|said| error.contains(said))
}
