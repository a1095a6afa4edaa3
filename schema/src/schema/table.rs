//! Tables.

use super::{Check, Column, ForeignKey, Index, Key, Name};

/// A table with everything that belongs to it alone.
///
/// Columns are in the table's order; constraints and indexes are sorted by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The table's name.
    pub name: Name,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<Key>,
    /// Unique constraints.
    pub uniques: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Check constraints. On SQLite an enum column's check is among them.
    pub checks: Vec<Check>,
    /// Indexes that back no constraint.
    pub indexes: Vec<Index>,
    /// The comment, where the dialect keeps one.
    pub comment: Option<String>,
    /// What follows the closing parenthesis on SQLite: `STRICT`, `WITHOUT ROWID`; empty elsewhere.
    pub options: Vec<String>,
    /// What it is split into, and whose part or child it is, on PostgreSQL.
    pub inheritance: Inheritance,
}

/// How a table is tied to others whose rows it shows, or that show its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inheritance {
    /// How it is split into partitions: `RANGE (at)`.
    pub partition_by: Option<String>,
    /// The tables that it is a part or a child of.
    pub parents: Vec<Name>,
    /// Which rows a partition takes: `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: Option<String>,
    /// Whether its primary key is its parent's. Other constraints and indexes that it has from its parent are not listed
    /// at all.
    pub has_parents_key: bool,
    /// The indexes that a partition has as its parts of the parent's.
    pub attached: Vec<Attached>,
}

/// A partition's index that is a part of one of its parent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The index.
    pub name: String,
    /// The parent's.
    pub of: String,
    /// Whether both back the same kind of constraint, or none, as where the server made the one of the other.
    pub alike: bool,
    /// The kind of key that it backs of its own, where its parent's index backs none: `PRIMARY KEY`, `UNIQUE`.
    pub own_key: Option<String>,
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The names that its constraints and indexes have.
    pub fn relation_names(&self) -> impl Iterator<Item = &str> {
        let keys = self.primary_key.iter().chain(&self.uniques).map(|key| &key.name);
        let keys = keys.chain(self.foreign_keys.iter().map(|key| &key.name));
        let checks = self.checks.iter().map(|check| &check.name);
        keys.chain(checks).chain(self.indexes.iter().map(|index| &index.name)).map(String::as_str)
    }
}
