//! Keys, foreign keys, checks, indexes and sequences.

use std::collections::BTreeSet;

use diesel_schema_core::columns_in::columns_in;
use diesel_schema_core::declared::{self, Deferrable, Model};

use super::columns::expr;
use super::raise::Raising;
use crate::schema::{Index, IndexKeyWhat, Key, NullsOrder, Sequence, SequenceOptions, Table};

pub(super) fn key(key: &Key) -> declared::Key {
    declared::Key {
        name: Some(key.name.clone()),
        columns: key.columns.clone(),
        include: key.include.clone(),
        nulls_not_distinct: key.nulls_not_distinct,
        without_overlaps: key.without_overlaps,
        deferrable: key.deferrable,
        at: String::new(),
    }
}

pub(super) fn primary_key(table: &Table) -> declared::Key {
    table.primary_key.as_ref().map_or_else(
        || declared::Key {
            name: None,
            columns: Vec::new(),
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: Deferrable::No,
            at: String::new(),
        },
        key,
    )
}

/// The place of what stands on one field; what stands on the struct comes after all fields.
fn place(table: &Table, columns: &[String]) -> usize {
    match columns {
        [column] => table.columns.iter().position(|it| it.name == *column).unwrap_or(usize::MAX),
        _ => usize::MAX,
    }
}

/// In the order in which the macros meet them, and default names in that of their numbers.
fn sorted<T>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> (usize, String)) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_by_cached_key(|item| {
        let (place, name) = key(item);
        (place, name.len(), name)
    });
    items
}

pub(super) fn uniques(table: &Table) -> Vec<declared::Key> {
    sorted(table.uniques.iter().map(key), |it| (place(table, &it.columns), it.name.clone().unwrap_or_default()))
}

/// Those whose table is a model, and whose columns there can be named in an attribute.
pub(super) fn foreign_keys(raising: &Raising<'_>, table: &Table) -> Vec<declared::ForeignKey> {
    let sayable = table.foreign_keys.iter().filter(|key| {
        let Some(parent) = raising.schema.tables.get(&key.references) else { return false };
        let columns_are_there = key.references_columns.iter().all(|name| parent.column(name).is_some());
        let their_key = parent.primary_key.as_ref().is_some_and(|it| it.columns == key.references_columns);
        let is_word = |name: &String| is_word(name);
        columns_are_there && (their_key || key.references == table.name || key.references_columns.iter().all(is_word))
    });
    let found = sayable.map(|key| declared::ForeignKey {
        name: Some(key.name.clone()),
        columns: key.columns.clone(),
        references_namespace: key.references.namespace.clone(),
        references_table: key.references.name.clone(),
        references_columns: key.references_columns.clone(),
        on_delete: key.on_delete,
        on_delete_columns: key.on_delete_columns.clone(),
        on_update: key.on_update,
        match_full: key.match_full,
        period: key.period,
        deferrable: key.deferrable,
        not_valid: key.enforced && !key.validated,
        not_enforced: !key.enforced,
        at: String::new(),
    });
    sorted(found, |it| (place(table, &it.columns), it.name.clone().unwrap_or_default()))
}

/// Whether an attribute can name it, be it a keyword or not.
pub(super) fn is_word(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
        || syn::parse_str::<syn::Ident>(&format!("{name}_")).is_ok() && name != "_"
}

pub(super) fn checks(table: &Table) -> Vec<declared::Check> {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let found = table.checks.iter().map(|check| declared::Check {
        name: Some(check.name.clone()),
        expr: expr(&check.expr, 0),
        columns: columns_in(&check.expr, &columns),
        not_valid: check.enforced && !check.validated,
        no_inherit: check.no_inherit,
        not_enforced: !check.enforced,
        at: String::new(),
    });
    sorted(found, |it| (usize::MAX, it.name.clone().unwrap_or_default()))
}

/// The column on whose field the index stands.
pub(super) fn field_of(index: &declared::Index) -> Option<&str> {
    match index.keys.as_slice() {
        [declared::IndexKey { what: declared::IndexKeyWhat::Column(column), collation: None, .. }] => Some(column),
        _ => None,
    }
}

pub(super) fn indexes(table: &Table) -> Vec<declared::Index> {
    sorted(table.indexes.iter().map(index), |it| {
        let column: Vec<String> = field_of(it).map(str::to_owned).into_iter().collect();
        (place(table, &column), it.name.clone().unwrap_or_default())
    })
}

pub(super) fn index(index: &Index) -> declared::Index {
    let keys = index.keys.iter().map(|key| declared::IndexKey {
        what: match &key.what {
            IndexKeyWhat::Column(column) => declared::IndexKeyWhat::Column(column.clone()),
            IndexKeyWhat::Expr(sql) => declared::IndexKeyWhat::Expr(expr(sql, 0)),
        },
        descending: key.descending,
        nulls_first: match key.nulls {
            NullsOrder::Default => None,
            NullsOrder::First => Some(true),
            NullsOrder::Last => Some(false),
        },
        opclass: key.opclass.clone(),
        collation: key.collation.clone(),
    });
    declared::Index {
        name: Some(index.name.clone()),
        keys: keys.collect(),
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        using: Some(index.method.clone()).filter(|method| method != "btree"),
        include: index.include.clone(),
        with: Some(index.with.join(", ")).filter(|it| !it.is_empty()),
        predicate: index.predicate.as_deref().map(|sql| expr(sql, 0)),
        at: String::new(),
    }
}

/// A sequence with the options that are not what the server takes by itself.
pub(super) fn sequence(sequence: &Sequence) -> declared::Sequence {
    let options = &sequence.options;
    let mut usual = SequenceOptions::of_type(&options.data_type);
    if options.increment < 0 {
        (usual.min, usual.max) = (-usual.max - 1, -1);
    }
    let first = if options.increment < 0 { options.max } else { options.min };
    let unless = |value: i64, usual: i64| (value != usual).then_some(value);
    declared::Sequence {
        namespace: sequence.name.namespace.clone(),
        name: sequence.name.name.clone(),
        data_type: Some(options.data_type.clone()).filter(|it| it != "bigint"),
        start: unless(options.start, first),
        increment: unless(options.increment, 1),
        min: unless(options.min, usual.min),
        max: unless(options.max, usual.max),
        cache: unless(options.cache, 1),
        cycle: options.cycle,
        at: String::new(),
    }
}

/// Takes SQLite's own words for checks that are read otherwise than they were meant.
pub(super) fn choose_words(raising: &Raising<'_>, table: &Table, model: &mut Model) {
    let Some(lowered) = raising.lowered(model, false) else { return };
    for check in &mut model.checks {
        let name = check.name.as_deref();
        let of =
            |table: &Table| table.checks.iter().find(|it| Some(it.name.as_str()) == name).map(|it| it.expr.clone());
        if of(&lowered) != of(table) {
            check.expr = expr(&check.expr.sql, 1);
        }
    }
}

type Names = (Option<String>, BTreeSet<(&'static str, String)>);

/// The names of a table's constraints and indexes.
pub(super) fn all_names(table: &Table) -> Names {
    let uniques = table.uniques.iter().map(|it| ("unique", it.name.clone()));
    let foreign_keys = table.foreign_keys.iter().map(|it| ("foreign key", it.name.clone()));
    let checks = table.checks.iter().map(|it| ("check", it.name.clone()));
    let indexes = table.indexes.iter().map(|it| ("index", it.name.clone()));
    let all = uniques.chain(foreign_keys).chain(checks).chain(indexes);
    let primary_key = table.primary_key.as_ref().filter(|_| !table.inheritance.has_parents_key);
    (primary_key.map(|key| key.name.clone()), all.collect())
}

fn slots(model: &mut Model) -> Vec<&mut Option<String>> {
    let Model { primary_key, uniques, foreign_keys, checks, indexes, .. } = model;
    let uniques = uniques.iter_mut().map(|it| &mut it.name);
    let foreign_keys = foreign_keys.iter_mut().map(|it| &mut it.name);
    let checks = checks.iter_mut().map(|it| &mut it.name);
    let indexes = indexes.iter_mut().map(|it| &mut it.name);
    [&mut primary_key.name].into_iter().chain(checks).chain(uniques).chain(foreign_keys).chain(indexes).collect()
}

/// Leaves out each name that the server would pick.
pub(super) fn leave_names_out(raising: &Raising<'_>, model: &mut Model) {
    let Some(read) = raising.lowered(model, false) else { return };
    let read = all_names(&read);
    let count = slots(model).len();
    for at in 0..count {
        let name = slots(model)[at].take();
        let same = raising.lowered(model, false).is_some_and(|it| all_names(&it) == read);
        if !same {
            *slots(model)[at] = name;
        }
    }
}

/// Gives every name.
pub(super) fn give_names(table: &Table, model: &mut Model) {
    model.primary_key = primary_key(table);
    let named: Vec<_> = uniques(table).into_iter().zip(&mut model.uniques).collect();
    named.into_iter().for_each(|(named, it)| it.name = named.name);
    let named: Vec<_> = checks(table).into_iter().zip(&mut model.checks).collect();
    named.into_iter().for_each(|(named, it)| it.name = named.name);
    let named: Vec<_> = indexes(table).into_iter().zip(&mut model.indexes).collect();
    named.into_iter().for_each(|(named, it)| it.name = named.name);
    for key in &mut model.foreign_keys {
        let same = table.foreign_keys.iter().filter(|it| {
            it.columns == key.columns
                && it.references.name == key.references_table
                && it.references_columns == key.references_columns
        });
        let names: Vec<&String> = same.map(|it| &it.name).collect();
        if let [name] = names.as_slice() {
            key.name = Some((*name).clone());
        }
    }
}
