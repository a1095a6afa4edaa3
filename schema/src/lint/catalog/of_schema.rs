//! A schema that was read from a server, or lowered from schema.lock.

use std::collections::BTreeMap;

use super::{Catalog, Check, Column, Index, Table, Type};
use crate::lint::names::beside;
use crate::schema::{self, IndexKeyWhat, Name, Schema};

impl Catalog {
    /// What a PostgreSQL schema says, with about how many rows each table holds.
    #[must_use]
    pub fn of(schema: &Schema, rows: &BTreeMap<Name, u64>, small_below: u64) -> Self {
        let mut catalog = Self::empty(small_below);
        for (name, table) in &schema.tables {
            catalog.take_table(name, table, rows.get(name).copied());
        }
        for (name, table) in &schema.tables {
            let is_default = table.inheritance.bound.as_deref() == Some("DEFAULT");
            for parent in table.inheritance.parents.iter().filter(|_| is_default) {
                if let Some(parent) = catalog.tables.get_mut(&parent.to_string()) {
                    parent.default_partition = Some(name.to_string());
                }
            }
        }
        // Domains, and the indexes of materialized views.
        for object in schema.objects.values() {
            catalog.take_script(&object.definition);
        }
        catalog
    }

    fn take_table(&mut self, name: &Name, table: &schema::Table, rows: Option<u64>) {
        let name = name.to_string();
        let mut found = Table { rows, partitioned: table.inheritance.partition_by.is_some(), ..Table::default() };
        for column in &table.columns {
            let ty = Some(Type::parse(&column.ty.sql));
            let proven = column.not_null.as_ref().is_none_or(|said| said.validated);
            let known = Column { ty, not_null: !column.nullable && proven, collation: column.collation.clone() };
            found.columns.insert(column.name.clone(), known);
        }
        for check in &table.checks {
            found.checks.insert(check.name.clone(), Check::of(&check.expr, check.validated));
        }
        found.foreign_keys.extend(table.foreign_keys.iter().map(|key| key.name.clone()));
        for key in table.primary_key.iter().chain(&table.uniques) {
            let columns = key.columns.iter().cloned().map(Some).collect();
            let index = Index {
                table: name.clone(),
                columns,
                unique: true,
                partial: false,
                valid: true,
                method: "btree".to_owned(),
            };
            self.indexes.insert(beside(&name, &key.name), index);
        }
        for index in &table.indexes {
            let column = |what: &IndexKeyWhat| match what {
                IndexKeyWhat::Column(column) => Some(column.clone()),
                IndexKeyWhat::Expr(_) => None,
            };
            let known = Index {
                table: name.clone(),
                columns: index.keys.iter().map(|key| column(&key.what)).collect(),
                unique: index.unique,
                partial: index.predicate.is_some(),
                valid: index.valid,
                method: index.method.clone(),
            };
            self.indexes.insert(beside(&name, &index.name), known);
        }
        self.tables.insert(name, found);
    }
}
