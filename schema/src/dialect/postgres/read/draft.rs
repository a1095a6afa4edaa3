//! Tables while their rows come in.

use std::collections::BTreeMap;

use super::record::Oid;
use crate::schema::*;

/// The comments, by catalog, and by the oid and number of what they are about.
#[derive(Default)]
pub(super) struct Said(BTreeMap<String, BTreeMap<(Oid, i64), String>>);

impl Said {
    pub(super) fn add(&mut self, catalog: &str, part: (Oid, i64), text: String) {
        self.0.entry(catalog.to_owned()).or_default().insert(part, text);
    }

    pub(super) fn of(&self, catalog: &str, oid: Oid) -> Option<String> {
        self.of_part(catalog, (oid, 0))
    }

    pub(super) fn of_part(&self, catalog: &str, part: (Oid, i64)) -> Option<String> {
        self.0.get(catalog)?.get(&part).cloned()
    }
}

/// A table while it is put together: columns keep their numbers until everything that names them is resolved.
pub(super) struct Draft {
    pub(super) table: Table,
    /// Columns that have no place yet: they come in any order.
    loose: Vec<(Number, Column)>,
    /// In the order of the table's columns, which is that of their numbers.
    numbers: Vec<Number>,
    /// The indexes on which constraints stand, by their oid.
    pub(super) backing: Vec<Oid>,
}

/// What the catalog calls a column.
pub(super) struct Number {
    pub(super) number: i64,
    pub(super) collation: Oid,
}

impl Draft {
    pub(super) fn new(name: Name, comment: Option<String>, inheritance: Inheritance) -> Self {
        let table = Table {
            name,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            comment,
            options: Vec::new(),
            inheritance,
        };
        Self { table, loose: Vec::new(), numbers: Vec::new(), backing: Vec::new() }
    }

    /// Takes a column, which [`Draft::settle`] gives its place.
    pub(super) fn add(&mut self, number: Number, column: Column) {
        self.loose.push((number, column));
    }

    /// To be called when all columns are there.
    pub(super) fn settle(&mut self) {
        self.loose.sort_by_key(|(number, _)| number.number);
        let (numbers, columns) = self.loose.drain(..).unzip();
        (self.numbers, self.table.columns) = (numbers, columns);
    }

    /// The place of a column among the table's.
    pub(super) fn place(&self, number: i64) -> Option<usize> {
        self.numbers.binary_search_by_key(&number, |it| it.number).ok()
    }

    /// A column, and the collation that it has by the catalog.
    pub(super) fn column(&self, number: i64) -> Option<(&Column, Oid)> {
        let at = self.place(number)?;
        Some((self.table.columns.get(at)?, self.numbers.get(at)?.collation))
    }

    pub(super) fn names(&self, numbers: &[&str]) -> Vec<String> {
        let name = |number: &&str| Some(self.column(number.parse().ok()?)?.0.name.clone());
        numbers.iter().filter_map(name).collect()
    }

    pub(super) fn finish(mut self) -> Table {
        self.table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
        self.table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        self.table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        self.table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        if self.table.inheritance.bound.is_some() {
            // From PostgreSQL 17 on, a partition is numbered by its parent's sequence.
            let parents = |column: &&mut Column| column.identity.as_ref().is_some_and(|it| it.sequence.is_none());
            self.table.columns.iter_mut().filter(parents).for_each(|column| column.identity = None);
        }
        self.table
    }
}
