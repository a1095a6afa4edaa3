//! What is known of the database before a statement: from the revisions before it, read as text, or from a schema that was
//! read or is locked, with sizes where a server was asked.

mod of_schema;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use super::types::Type;
pub(super) use take::{foreign_key_columns, index_of, names};

/// Tables, indexes and domains by their names, folded and without `public`. What it does not hold is unknown.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) indexes: BTreeMap<String, Index>,
    pub(super) domains: BTreeMap<String, Domain>,
    /// The words of each view.
    views: BTreeMap<String, BTreeSet<String>>,
    /// The server's major version, where one was asked.
    pub(super) server_version: Option<u32>,
    /// Up to how many rows a table is small.
    pub(super) small_below: u64,
    /// The columns, by table and name, whose type no model decides; `None` where there are no models.
    undecided: Option<BTreeSet<(String, String)>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) columns: BTreeMap<String, Column>,
    /// Checks, and what else says that a column holds no NULL.
    pub(super) checks: BTreeMap<String, Check>,
    /// By their names.
    pub(super) foreign_keys: BTreeSet<String>,
    pub(super) partitioned: bool,
    /// The partition that takes what no other one does.
    pub(super) default_partition: Option<String>,
    /// About how many rows it holds, where a server was asked.
    pub(super) rows: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) ty: Option<Type>,
    pub(super) not_null: bool,
    pub(super) collation: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Its words, in lower case and without parentheses.
    pub(super) words: Vec<String>,
    pub(super) validated: bool,
    /// Whether it is a column's NOT NULL, which is a constraint on PostgreSQL 18.
    pub(super) is_not_null: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) table: String,
    /// Its keys in order; an expression has none.
    pub(super) columns: Vec<Option<String>>,
    pub(super) unique: bool,
    pub(super) partial: bool,
    pub(super) valid: bool,
    pub(super) method: String,
}

#[derive(Debug, Clone)]
pub(super) struct Domain {
    pub(super) base: Type,
    pub(super) constrained: bool,
}

impl Catalog {
    /// One that holds nothing, where a table of fewer rows than that counts as small.
    #[must_use]
    pub fn empty(small_below: u64) -> Self {
        Self { small_below, ..Self::default() }
    }

    /// The same on a server of that major version.
    #[must_use]
    pub fn on_version(mut self, version: Option<u32>) -> Self {
        self.server_version = version;
        self
    }

    pub(super) fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.tables.get(table)?.columns.get(column)
    }

    /// Whether a server says that a table is so small that nobody notices a lock on it.
    pub(super) fn is_small(&self, table: &str) -> bool {
        let rows = self.tables.get(table).and_then(|it| it.rows);
        rows.is_some_and(|rows| rows < self.small_below)
    }

    /// The same with the sizes that tables of these names have elsewhere.
    #[must_use]
    pub fn with_sizes_of(mut self, other: &Self) -> Self {
        for (name, table) in &mut self.tables {
            table.rows = other.tables.get(name).and_then(|it| it.rows);
        }
        self.server_version = other.server_version;
        self
    }

    /// The same in a project whose models say what type a column has. Of the columns that all revisions together leave,
    /// those that `models` lack are nobody's decision yet.
    #[must_use]
    pub fn decided_by(mut self, models: &Self, all_revisions: &Self) -> Self {
        let columns = |(table, it): (&String, &Table)| {
            let of = |column: &String| (table.clone(), column.clone());
            it.columns.keys().map(of).collect::<Vec<_>>()
        };
        let left = all_revisions.tables.iter().flat_map(columns);
        self.undecided = Some(left.filter(|(table, column)| models.column(table, column).is_none()).collect());
        self
    }

    /// Whether a model decides which type the column has.
    pub(super) fn is_decided(&self, table: &str, column: &str) -> bool {
        let key = (table.to_owned(), column.to_owned());
        self.undecided.as_ref().is_some_and(|undecided| !undecided.contains(&key))
    }

    /// Whether a server was asked for anything.
    pub(super) fn is_of_a_server(&self) -> bool {
        self.server_version.is_some() || self.tables.values().any(|it| it.rows.is_some())
    }

    /// The same where no server was asked: any table may be large, and any server old.
    #[must_use]
    pub fn of_no_server(mut self) -> Self {
        self.tables.values_mut().for_each(|it| it.rows = None);
        self.server_version = None;
        self
    }

    /// The type below domains without a constraint; `None` where one has a constraint, which every value has to be
    /// tested for.
    pub(super) fn stored_as(&self, ty: &Type) -> Option<Type> {
        match self.domains.get(ty.base()) {
            Some(Domain { constrained: true, .. }) => None,
            Some(domain) if !ty.is_array() => self.stored_as(&domain.base),
            _ => Some(ty.clone()),
        }
    }

    /// Whether a change of type makes the table anew; `None` where the type of before is unknown.
    pub(super) fn rewrites(&self, old: Option<&Type>, new: &Type) -> Option<bool> {
        let Some(new) = self.stored_as(new) else { return Some(old != Some(new)) };
        let old = old?;
        // Out of a domain nothing has to be tested, whatever its constraints are.
        let base = |ty: &Type| {
            let mut ty = ty.clone();
            while let Some(domain) = self.domains.get(ty.base()).filter(|_| !ty.is_array()) {
                ty = domain.base.clone();
            }
            ty
        };
        Some(!new.keeps_bytes_of(&base(old)))
    }

    /// Whether a valid constraint says that the column holds no NULL.
    pub(super) fn holds_no_null(&self, table: &str, column: &str) -> bool {
        let Some(table) = self.tables.get(table) else { return false };
        // Of one that was validated, and whose text nobody has seen, the name has to do.
        let named = |name: &str, check: &Check| check.words.is_empty() && name.contains(column);
        let proves =
            |(name, check): (&String, &Check)| check.validated && (check.says_not_null(column) || named(name, check));
        table.columns.get(column).is_some_and(|it| it.not_null) || table.checks.iter().any(proves)
    }

    /// Whether a view names the table, and the column or all of them.
    pub(super) fn is_viewed(&self, table: &str, column: &str) -> bool {
        let table = table.rsplit('.').next().unwrap_or(table);
        self.views.values().any(|words| words.contains(table) && (words.contains(column) || words.contains("*")))
    }

    /// The indexes of a table.
    pub(super) fn indexes_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = (&'a String, &'a Index)> {
        self.indexes.iter().filter(move |(_, index)| index.table == table)
    }
}

impl Check {
    pub(super) fn of(text: &str, validated: bool) -> Self {
        let words = text.replace(['(', ')', '"'], " ").to_lowercase();
        Self { words: words.split_whitespace().map(str::to_owned).collect(), validated, is_not_null: false }
    }

    /// Whether no row passes it whose `column` is NULL.
    pub(super) fn says_not_null(&self, column: &str) -> bool {
        let column = column.to_lowercase();
        let one_of_several = self.words.iter().any(|word| matches!(word.as_str(), "or" | "case"));
        let says = |part: &[String]| part == [column.as_str(), "is", "not", "null"];
        !one_of_several && self.words.split(|word| word == "and").any(says)
    }
}
