//! The order of columns, from a `schema.rs` that was printed before.
//!
//! A table's columns stand in the order in which they came, which no model says and no lock. Where there is no server
//! to ask, the `schema.rs` of before knows.

use std::collections::BTreeMap;

use super::names;
use crate::schema::{Name, Schema};

/// Puts the columns of every table in the order that `printed`, the text of some `schema.rs`s, has them in, and those
/// that are not there behind, in the order of `models`.
pub fn order_columns(schema: &mut Schema, printed: &[String], models: &Schema) {
    let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for text in printed {
        known.extend(tables(text));
    }
    for (name, table) in &mut schema.tables {
        let rust = names::table(&name.name);
        let before = known.get(key(name, &rust).as_str()).map(Vec::as_slice).unwrap_or_default();
        let declared = models.tables.get(name).map(|table| table.columns.as_slice()).unwrap_or_default();
        table.columns.sort_by_cached_key(|column| {
            let printed = names::column(&column.name, &rust);
            let place = before.iter().position(|it| *it == printed).unwrap_or(before.len());
            let declared = declared.iter().position(|it| it.name == column.name).unwrap_or(declared.len());
            (place, declared)
        });
    }
}

fn key(name: &Name, rust: &str) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{rust}", names::table(namespace)),
        None => rust.to_owned(),
    }
}

/// The tables in the text by their Rust names, each with those of its columns. It is read line by line: whatever else
/// somebody has put there is passed over.
fn tables(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let (mut in_macro, mut in_table) = (false, false);
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with('#')) {
        if line.ends_with("table! {") {
            (in_macro, in_table) = (true, false);
        } else if let (true, false, Some((name, _)), true) =
            (in_macro, in_table, line.split_once(" ("), line.ends_with(") {"))
        {
            found.push((name, Vec::new()));
            in_table = true;
        } else if line == "}" {
            in_macro = in_table;
            in_table = false;
        } else if let (true, Some((column, _)), Some((_, columns))) =
            (in_table, line.split_once(" -> "), found.last_mut())
        {
            columns.push(column);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PrintSchema;
    use crate::generate::print_schema::print_schema;
    use crate::schema::{Column, ColumnType, Key, Table};

    fn schema(columns: &[&str]) -> Schema {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            ty: ColumnType::builtin("text"),
            nullable: true,
            default: None,
            identity: None,
            generated: None,
            is_virtual: false,
            not_null: None,
            collation: None,
            comment: None,
        };
        let key = Key {
            name: "pk".to_owned(),
            columns: vec![columns[0].to_owned()],
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: crate::schema::Deferrable::No,
            comment: None,
        };
        let table = Table {
            name: Name::new("type"),
            columns: columns.iter().map(column).collect(),
            primary_key: Some(key),
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            options: Vec::new(),
            inheritance: crate::schema::Inheritance::default(),
        };
        Schema { tables: [(table.name.clone(), table)].into(), ..Schema::default() }
    }

    fn names(schema: &Schema) -> Vec<&str> {
        schema.tables.values().flat_map(|table| &table.columns).map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn the_order_of_before_is_kept_and_the_models_order_the_rest() {
        let printed = print_schema(&schema(&["id", "type", "a"]), &PrintSchema::default()).unwrap();
        let mut found = schema(&["a", "b", "c", "id", "type"]);
        order_columns(&mut found, &[printed], &schema(&["id", "c", "b", "a", "type"]));
        assert_eq!(names(&found), ["id", "type", "a", "c", "b"]);
    }

    #[test]
    fn without_a_file_the_models_order_all() {
        let mut found = schema(&["a", "b", "id"]);
        order_columns(&mut found, &["fn no_schema() -> u8 {\n    0\n}\n".to_owned()], &schema(&["id", "b", "a"]));
        assert_eq!(names(&found), ["id", "b", "a"]);
    }
}
