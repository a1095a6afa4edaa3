//! What the statements around one do, as far as rules ask for it: gathered once, where going over them for each statement
//! would take a long file the square of its length.

use std::collections::{BTreeMap, BTreeSet};

use squawk_syntax::SyntaxKind as K;

use super::catalog::{Index, index_of};
use super::names::{below, children, first};
use super::rules;
use super::script::Statement;

type Named = (Option<String>, Option<String>);

/// When each thing was done first: the statements' numbers.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    transactions: BTreeMap<usize, Transaction>,
    /// Constraints dropped IF EXISTS, by table and name.
    dropped: BTreeMap<Named, usize>,
    /// Constraints that were named, in the same way.
    named: BTreeMap<Named, usize>,
    dropped_indexes: BTreeMap<Option<String>, usize>,
    /// The last statement that makes an index of that name, and of that table and first column.
    made_indexes: BTreeMap<String, usize>,
    led_by: BTreeMap<Named, usize>,
    /// Whether Alembic wrote it, which says in a table of its own what is done; and the transactions that say so.
    of_alembic: bool,
    said: BTreeSet<usize>,
}

/// The same, of one transaction.
#[derive(Debug, Default)]
struct Transaction {
    tables: BTreeMap<String, usize>,
    /// The tables that others see, and that it has locked against everybody.
    locked: BTreeMap<Option<String>, usize>,
    /// Where the foreign keys lead that it gave to tables that others see.
    parents: BTreeMap<String, usize>,
    columns: BTreeMap<Named, usize>,
    constraints: BTreeMap<Named, usize>,
    /// Values of enums that others see.
    values: BTreeMap<String, usize>,
}

fn note<K: Ord>(seen: &mut BTreeMap<K, usize>, key: K, at: usize) {
    seen.entry(key).or_insert(at);
}

fn is_before<K: Ord>(seen: &BTreeMap<K, usize>, key: &K, statement: &Statement) -> bool {
    seen.get(key).is_some_and(|at| *at < statement.index)
}

impl Earlier {
    pub(super) fn of(statements: &[Statement]) -> Self {
        let mut earlier = Self::default();
        statements.iter().for_each(|it| earlier.take(it));
        earlier
    }

    fn take(&mut self, it: &Statement) {
        let (at, table) = (it.index, &it.table);
        for node in below(&it.node, &[K::DROP_CONSTRAINT]) {
            if !children(&node, K::IF_EXISTS).is_empty() {
                note(&mut self.dropped, (table.clone(), first(&node, &[K::CONSTRAINT_NAME_REF])), at);
            }
        }
        for node in below(&it.node, &[K::CONSTRAINT_NAME]) {
            note(&mut self.named, (table.clone(), first(&node, &[K::CONSTRAINT_NAME])), at);
        }
        if it.is(K::DROP_INDEX) {
            note(&mut self.dropped_indexes, first(&it.node, &[K::INDEX_REF]), at);
        }
        if it.is(K::CREATE_INDEX) {
            first(&it.node, &[K::INDEX]).and_then(|name| self.made_indexes.insert(name, at));
            if let Some(table) = table {
                let column = index_of(&it.node, table).columns.into_iter().next().flatten();
                self.led_by.insert((Some(table.clone()), column), at);
            }
        }
        if table.as_deref() == Some("alembic_version") {
            self.of_alembic = true;
            self.said.extend(it.transaction);
        }
        if let Some(transaction) = it.transaction {
            self.transactions.entry(transaction).or_default().take(it);
        }
    }

    fn transaction(&self, statement: &Statement) -> Option<&Transaction> {
        self.transactions.get(&statement.transaction?)
    }

    /// Whether its transaction made that table before it.
    pub(super) fn makes(&self, table: &str, statement: &Statement) -> bool {
        self.transaction(statement).is_some_and(|it| is_before(&it.tables, &table.to_owned(), statement))
    }

    /// The tables that its transaction has locked against everybody before it.
    pub(super) fn locked<'a>(&'a self, statement: &'a Statement) -> impl Iterator<Item = &'a Option<String>> {
        let locked = self.transaction(statement).into_iter().flat_map(|it| &it.locked);
        locked.filter(|(_, at)| **at < statement.index).map(|(table, _)| table)
    }

    /// The tables to which its transaction has led foreign keys before it.
    pub(super) fn parents<'a>(&'a self, statement: &'a Statement) -> impl Iterator<Item = &'a String> {
        let parents = self.transaction(statement).into_iter().flat_map(|it| &it.parents);
        parents.filter(|(_, at)| **at < statement.index).map(|(table, _)| table)
    }

    /// Whether its transaction has added that column to its table.
    pub(super) fn adds_column(&self, column: Option<String>, statement: &Statement) -> bool {
        let key = (statement.table.clone(), column);
        self.transaction(statement).is_some_and(|it| is_before(&it.columns, &key, statement))
    }

    /// The same of a constraint.
    pub(super) fn adds_constraint(&self, name: Option<String>, statement: &Statement) -> bool {
        let key = (statement.table.clone(), name);
        self.transaction(statement).is_some_and(|it| is_before(&it.constraints, &key, statement))
    }

    /// Whether its transaction has added a value to an enum that others see.
    pub(super) fn adds_value(&self, value: &str, statement: &Statement) -> bool {
        self.transaction(statement).is_some_and(|it| is_before(&it.values, &value.to_owned(), statement))
    }

    /// Whether the file names that constraint of its table before.
    pub(super) fn names(&self, name: &str, statement: &Statement) -> bool {
        is_before(&self.named, &(statement.table.clone(), Some(name.to_owned())), statement)
    }

    /// Whether that constraint of its table was dropped, where it was there, up to the end of the statement.
    pub(super) fn drops(&self, name: Option<String>, statement: &Statement) -> bool {
        self.dropped.get(&(statement.table.clone(), name)).is_some_and(|at| *at <= statement.index)
    }

    /// Whether the file makes an index of that name at or behind the statement.
    pub(super) fn makes_index(&self, name: &str, statement: &Statement) -> bool {
        self.made_indexes.get(name).is_some_and(|at| *at >= statement.index)
    }

    /// Whether the file makes an index that begins like that one behind the statement.
    pub(super) fn replaces(&self, index: &Index, statement: &Statement) -> bool {
        let Some(column) = index.columns.first() else { return false };
        self.led_by.get(&(Some(index.table.clone()), column.clone())).is_some_and(|at| *at > statement.index)
    }

    /// Whether an error in that transaction undoes whatever says that it was done.
    pub(super) fn says_itself(&self, transaction: usize) -> bool {
        !self.of_alembic || self.said.contains(&transaction)
    }

    /// Whether that index was dropped before.
    pub(super) fn drops_index(&self, name: &Option<String>, statement: &Statement) -> bool {
        is_before(&self.dropped_indexes, name, statement)
    }
}

impl Transaction {
    fn take(&mut self, it: &Statement) {
        let at = it.index;
        if matches!(it.node.kind(), K::CREATE_TABLE | K::CREATE_TABLE_AS | K::SELECT_INTO) {
            it.table.iter().for_each(|table| note(&mut self.tables, table.clone(), at));
        }
        if !it.fresh && rules::lock(it) == Some("ACCESS EXCLUSIVE") {
            note(&mut self.locked, it.table.clone(), at);
        }
        if !it.fresh && it.is(K::ALTER_TABLE) {
            parents(it).into_iter().for_each(|parent| note(&mut self.parents, parent, at));
        }
        for node in children(&it.node, K::ADD_COLUMN) {
            note(&mut self.columns, (it.table.clone(), first(&node, &[K::COLUMN_NAME])), at);
        }
        for node in below(&it.node, &[K::ADD_CONSTRAINT]) {
            note(&mut self.constraints, (it.table.clone(), first(&node, &[K::CONSTRAINT_NAME])), at);
        }
        if !it.own {
            let literals = below(&it.node, &[K::ADD_VALUE]).into_iter().flat_map(|node| children(&node, K::LITERAL));
            literals.for_each(|value| note(&mut self.values, value.text().to_string(), at));
        }
    }
}

/// The tables to which the foreign keys of a statement lead.
pub(super) fn parents(statement: &Statement) -> Vec<String> {
    let keys = below(&statement.node, &[K::FOREIGN_KEY_CONSTRAINT, K::REFERENCES_CONSTRAINT]);
    keys.iter().filter_map(|it| first(it, &[K::TABLE_NAME_REF])).collect()
}
