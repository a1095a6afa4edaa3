//! Which tables are too large for a statement that locks them for as long as it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::diff::Renames;
use crate::schema::Name;

/// How large the tables are, as far as a database was there to ask.
pub struct Sizes {
    /// About how many rows each table holds, under its name of before.
    pub rows: BTreeMap<Name, u64>,
    plain_below: u64,
    /// The small ones of which it mattered, to tell of them.
    small: Mutex<BTreeSet<Name>>,
}

impl Sizes {
    /// Without a database to ask, so that every table may be large.
    pub(super) const fn unknown(plain_below: u64) -> Self {
        Self { rows: BTreeMap::new(), plain_below, small: Mutex::new(BTreeSet::new()) }
    }

    /// Whether nothing may lock the table for long. One that nobody has counted may hold any number of rows.
    pub(super) fn is_busy(&self, table: &Name, renames: &Renames) -> bool {
        let before = renames.tables.iter().find(|(_, to)| to == table).map_or(table, |(from, _)| from);
        let small = self.rows.get(before).is_some_and(|rows| *rows < self.plain_below);
        if small && let Ok(mut told) = self.small.lock() {
            told.insert(before.clone());
        }
        !small
    }

    /// Of which tables the size decided, where of any.
    pub(super) fn said(&self) -> Option<String> {
        let small = self.small.lock().ok()?;
        let rows = |table: &Name| format!("{table} (about {} rows)", self.rows.get(table).copied().unwrap_or_default());
        let tables: Vec<String> = small.iter().map(rows).collect();
        (!tables.is_empty()).then(|| {
            format!(
                "short forms, which lock the table while they run, for {}: under {} rows in this database \
                 (`plain-below` in Cargo.toml sets the limit)",
                tables.join(", "),
                self.plain_below
            )
        })
    }
}
