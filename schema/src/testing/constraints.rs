//! Primary keys, uniques, checks and foreign keys.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{
    Check, Column, DeclaredSchema, Deferrable, Enum, Expr, ForeignKey, ForeignKeyAction, Identity, Index, IndexKey,
    IndexKeyWhat, Key, Model,
};

use super::Limits;
use super::defined::Defined;
use super::genes::*;
use super::other::{expr, quote};
use super::types::Kind;

const NAMES: [&str; 4] = ["k1", "k2", "K 3", "a_key"];

pub(super) fn key(name: Option<String>, columns: Vec<String>) -> Key {
    Key {
        name,
        columns,
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: "src/models.rs:2:3".to_owned(),
    }
}

/// The primary key, and the column that the database numbers.
pub(super) fn keys(model: &mut Model, genes: &[u8], limits: Limits) {
    let can = |column: &Column| column.generated.is_none() && Kind::of(&column.ty) != Kind::Other;
    let second = model.columns.iter().skip(1).find(|it| can(it)).map(|it| it.name.clone());
    let mut columns = vec![model.columns[0].name.clone()];
    match genes[4] % 8 {
        5 | 6 => columns.extend(second),
        7 => columns = second.into_iter().chain(columns).collect(),
        _ => {}
    }
    for column in &mut model.columns {
        if columns.contains(&column.name) {
            column.nullable = false;
            column.not_null.iter_mut().for_each(|it| it.not_valid = false);
        }
    }
    let own = column_genes(genes, 0);
    let integer = model.columns[0].ty.name.starts_with("Int");
    if integer && columns[0] == model.columns[0].name && columns.len() == 1 && !own[5].is_multiple_of(3) {
        model.columns[0].default = None;
        let known = [Identity::ByDefault, Identity::Always, Identity::Serial];
        model.columns[0].identity = Some(if limits.postgres() { pick(&known, own[5] / 3) } else { known[0] });
    }
    let name = rare(genes[4] / 8).then(|| format!("{}_k", model.table.to_lowercase().replace(' ', "_")));
    let deferred = limits.postgres() && genes[4] % 32 == 31;
    let deferrable = if deferred { Deferrable::InitiallyDeferred } else { Deferrable::No };
    let include = included(model, &columns, (genes[0] / 3, genes[1] / 6), limits);
    model.primary_key = Key { include, deferrable, ..key(name, columns) };
}

/// The column that a key covers beside its own, by two bytes: whether and which.
fn included(model: &Model, columns: &[String], (whether, which): (u8, u8), limits: Limits) -> Vec<String> {
    if !limits.postgres() || !rare(whether) {
        return Vec::new();
    }
    some_columns(model, which, 0, |it| !columns.contains(&it.name))
}

pub(super) fn name(byte: u8, names: &mut BTreeSet<String>) -> Option<String> {
    (byte % 3 == 2).then(|| pick(&NAMES, byte / 3).to_owned()).filter(|name| names.insert(name.clone()))
}

/// One or two columns by two bytes.
pub(super) fn some_columns(model: &Model, first: u8, second: u8, can: impl Fn(&Column) -> bool) -> Vec<String> {
    let able: Vec<&str> = model.columns.iter().filter(|it| can(it)).map(|it| it.name.as_str()).collect();
    if able.is_empty() {
        return Vec::new();
    }
    let mut found = vec![pick(&able, first).to_owned()];
    let other = pick(&able, second / 2);
    if second % 2 == 1 && other != found[0] {
        found.push(other.to_owned());
    }
    found
}

pub(super) fn deferrable(byte: u8) -> Deferrable {
    pick(&[Deferrable::No, Deferrable::No, Deferrable::InitiallyImmediate, Deferrable::InitiallyDeferred], byte)
}

pub(super) fn uniques(model: &mut Model, genes: &[u8], limits: Limits, names: &mut BTreeSet<String>) {
    for nth in 0..2 {
        let own = part(genes, 0, UNIQUE, nth);
        let columns = some_columns(model, own[1], own[2], |_| true);
        let same = |it: &Key| it.columns == columns;
        if !there(own[0]) || columns.is_empty() || same(&model.primary_key) || model.uniques.iter().any(same) {
            continue;
        }
        model.uniques.push(Key {
            include: included(model, &columns, (own[0] / 3, own[2] / 8), limits),
            nulls_not_distinct: limits.version >= 15 && rare(own[4] / 4),
            without_overlaps: false,
            deferrable: if limits.postgres() { deferrable(own[4]) } else { Deferrable::No },
            ..key(name(own[3], names), columns)
        });
    }
}

/// Something true or false of a column, and the columns that it names.
pub(super) fn condition(
    model: &Model,
    which: u8,
    first: u8,
    second: u8,
    (enums, defined): (&[Enum], &Defined),
) -> (Expr, Vec<String>) {
    let column = &model.columns[usize::from(first) % model.columns.len()];
    let other = &model.columns[usize::from(second) % model.columns.len()];
    let name = quote(&column.name);
    let found = enums.iter().find(|it| it.name == column.ty.name && it.namespace == column.ty.namespace);
    let sql = match (Kind::of(&column.ty), found) {
        _ if which % 4 == 3 && other.name != column.name => {
            let sql = format!("{name} IS NOT NULL OR {} IS NULL", quote(&other.name));
            return (expr(sql), vec![column.name.clone(), other.name.clone()]);
        }
        (Kind::Number, _)
            if defined.function && which % 8 == 1 && matches!(column.ty.name.as_str(), "Int4" | "Int2") =>
        {
            format!("f0({name}) > {}", which % 5)
        }
        _ if which % 4 == 2 => format!("{name} IS NOT NULL"),
        (Kind::Number, _) => format!("{name} > {}", which % 5),
        (Kind::Text, _) => format!("char_length({name}) < {}", 90 + which % 5),
        (Kind::Enum, Some(found)) => {
            let value = found.values[usize::from(which) % found.values.len()].replace('\'', "''");
            format!("{name} <> '{value}'")
        }
        _ => format!("{name} IS NOT NULL"),
    };
    (expr(sql), vec![column.name.clone()])
}

pub(super) fn checks(model: &mut Model, genes: &[u8], limits: Limits, known: (&[Enum], &Defined)) {
    let mut names = BTreeSet::new();
    for nth in 0..2 {
        let own = part(genes, 2 * UNIQUE + 2 * FOREIGN, CHECK, nth);
        if there(own[0]) {
            let (expr, columns) = condition(model, own[1], own[2], own[3], known);
            let name = (own[4] % 3 == 2).then(|| format!("ck{}", own[4] % 2)).filter(|it| names.insert(it.clone()));
            model.checks.push(Check {
                name,
                not_valid: limits.postgres() && own[0] % 12 == 11,
                no_inherit: limits.postgres() && own[4] % 12 == 11,
                ..check(expr, columns)
            });
        }
    }
}

/// A check of which nothing more is said.
pub(super) fn check(expr: Expr, columns: Vec<String>) -> Check {
    Check {
        name: None,
        expr,
        columns,
        not_valid: false,
        no_inherit: false,
        not_enforced: false,
        at: "src/models.rs:1:2".to_owned(),
    }
}

pub(super) fn foreign_keys(schema: &DeclaredSchema, at: usize, genes: &[u8], limits: Limits) -> Vec<ForeignKey> {
    let model = &schema.models[at];
    let mut found: Vec<ForeignKey> = Vec::new();
    let mut names = BTreeSet::new();
    for nth in 0..2 {
        let own = part(genes, 2 * UNIQUE, FOREIGN, nth);
        let target = &schema.models[usize::from(own[1]) % schema.models.len()];
        let able: Vec<Vec<String>> = keys_of(target);
        let there = there(own[0]) && !able.is_empty();
        let Some(theirs) = there.then(|| &able[usize::from(own[2]) % able.len()]) else { continue };
        let mut ours: Vec<String> = Vec::new();
        for column in theirs {
            let ty = target.columns.iter().find(|it| it.name == *column).map(|it| &it.ty);
            let fits = |it: &&Column| Some(&it.ty) == ty && it.generated.is_none() && !ours.contains(&it.name);
            let fitting: Vec<&Column> = model.columns.iter().filter(fits).collect();
            if !fitting.is_empty() {
                ours.push(fitting[usize::from(own[3]) % fitting.len()].name.clone());
            }
        }
        // To a partitioned table the server makes more, and takes the next names for those.
        let is_split =
            |table: &str| schema.models.iter().any(|it| it.table == table && it.inheritance.partition_by.is_some());
        let same = |it: &ForeignKey| {
            let both = [&it.references_table, &target.table];
            it.columns == ours && (both[0] == both[1] || both.iter().any(|it| is_split(it)))
        };
        if ours.len() != theirs.len() || found.iter().any(same) {
            continue;
        }
        use ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
        let actions = [NoAction, Cascade, SetNull, Restrict, SetDefault];
        let on_delete = pick(&actions, own[4]);
        let sets = ours.len() > 1 && limits.version >= 15 && matches!(on_delete, SetNull | SetDefault);
        let on_delete_columns = if sets && rare(own[4] / 6) { vec![ours[0].clone()] } else { Vec::new() };
        let split = model.inheritance.partition_by.is_some() || target.inheritance.partition_by.is_some();
        found.push(ForeignKey {
            name: (own[7] % 3 == 2).then(|| format!("fk{}", own[7] % 2)).filter(|it| names.insert(it.clone())),
            columns: ours,
            references_namespace: target.namespace.clone(),
            references_table: target.table.clone(),
            references_columns: theirs.clone(),
            on_delete,
            on_delete_columns,
            on_update: pick(&actions, own[5]),
            match_full: limits.postgres() && rare(own[5] / 6),
            period: false,
            deferrable: deferrable(own[6]),
            not_valid: limits.postgres() && !split && own[0] % 12 == 11,
            not_enforced: false,
            at: "src/models.rs:1:4".to_owned(),
        });
    }
    found
}

/// The lists of columns that a foreign key may point at.
pub(super) fn keys_of(model: &Model) -> Vec<Vec<String>> {
    let keys = model.uniques.iter().filter(|it| it.deferrable == Deferrable::No).map(|it| it.columns.clone());
    let plain = |it: &&Index| it.unique && it.predicate.is_none() && it.include.is_empty();
    let indexes = model.indexes.iter().filter(plain).filter_map(|it| {
        let column = |key: &IndexKey| match &key.what {
            IndexKeyWhat::Column(name) if key.opclass.is_none() && key.collation.is_none() => Some(name.clone()),
            _ => None,
        };
        it.keys.iter().map(column).collect::<Option<Vec<String>>>()
    });
    let primary = [&model.primary_key].into_iter().filter(|it| it.deferrable == Deferrable::No);
    let all = primary.map(|it| it.columns.clone()).chain(keys).chain(indexes);
    all.filter(|columns| !columns.is_empty()).collect()
}
