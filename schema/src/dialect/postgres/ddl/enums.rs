//! Enum types.

use std::collections::BTreeSet;

use super::{exclusive, other, risk};
use crate::change::{HazardKind, Step};
use crate::dialect::postgres::quote;
use crate::schema::*;

fn create_sql(name: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quote::literal(value)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}

pub(super) fn create(created: &Enum) -> Vec<Step> {
    let id = ObjectId::Enum(created.name.clone());
    let step = Step::harmless(create_sql(&quote::name(&created.name), &created.values));
    std::iter::once(step).chain(created.comment.iter().map(|text| other::comment(&id, Some(text)))).collect()
}

pub(super) fn drop(dropped: &Enum) -> Vec<Step> {
    vec![Step::harmless(format!("DROP TYPE {}", quote::name(&dropped.name)))]
}

pub(super) fn alter(old: &Enum, new: &Enum, from: &Schema, to: &Schema) -> Vec<Step> {
    if old.grows_into(new) { add_values(old, new, from, to) } else { swap(old, new, from, to) }
}

/// Every expression and body of the schema.
fn texts(schema: &Schema) -> BTreeSet<&str> {
    let mut all: BTreeSet<&str> = schema.objects.values().map(|object| object.definition.as_str()).collect();
    for table in schema.tables.values() {
        for column in &table.columns {
            all.extend(column.default.iter().map(|default| default.sql.as_str()));
            all.extend(column.generated.as_deref());
        }
        all.extend(table.checks.iter().map(|check| check.expr.as_str()));
        for index in &table.indexes {
            all.extend(index.predicate.as_deref());
            all.extend(index.keys.iter().filter_map(|key| match &key.what {
                IndexKeyWhat::Expr(text) => Some(text.as_str()),
                IndexKeyWhat::Column(_) => None,
            }));
        }
    }
    all
}

/// Whether a column that stays takes the type on, and with it the values of its rows.
fn is_taken_on(name: &Name, from: &Schema, to: &Schema) -> bool {
    let other = |column: &Column| column.ty.depends_on.as_ref() != Some(name);
    let takes = |(before, after): (&Table, &Table)| {
        let mut stay = after.columns.iter().filter_map(|it| Some((before.column(&it.name)?, it)));
        stay.any(|(was, is)| other(was) && !other(is))
    };
    to.tables.values().filter_map(|after| Some((from.tables.get(&after.name)?, after))).any(takes)
}

fn add_values(old: &Enum, new: &Enum, from: &Schema, to: &Schema) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<&String> = None;
    let added: Vec<&String> = new.values.iter().filter(|value| !old.values.contains(value)).collect();
    // A value that was added may not be used before its transaction ends: whatever is made later in the same one
    // and speaks of it would fail. An array's literal has no quotes of its own around it.
    let stood = texts(from);
    let fresh = texts(to).into_iter().filter(|text| !stood.contains(text));
    let said = fresh.into_iter().any(|text| added.iter().any(|value| text.contains(&value.replace('\'', "''"))));
    let used = said || is_taken_on(&new.name, from, to);
    for value in &new.values {
        if added.contains(&value) {
            let place = match before {
                Some(before) => format!(" AFTER {}", quote::literal(before)),
                None => {
                    old.values.first().map(|first| format!(" BEFORE {}", quote::literal(first))).unwrap_or_default()
                }
            };
            let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", quote::name(&new.name), quote::literal(value));
            steps.push(Step { in_transaction: !used, ..Step::harmless(sql) });
        }
        before = Some(value);
    }
    steps
}

/// Values that go or change places need a new type, and every column moved over to it. What speaks of the type in
/// an expression is out of the way by then, as are the columns that leave it.
fn swap(old: &Enum, new: &Enum, from: &Schema, to: &Schema) -> Vec<Step> {
    let (name, aside) = (quote::name(&old.name), other::aside(&old.name, (from, to)));
    let mut steps = vec![
        Step::harmless(format!("ALTER TYPE {name} RENAME TO {}", quote::ident(&aside.name))),
        Step::harmless(create_sql(&name, &new.values)),
    ];
    for table in from.tables.values() {
        let Some(becomes) = to.tables.get(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| column.ty.depends_on.as_ref() == Some(&old.name)) {
            let after = becomes.column(&column.name).filter(|after| after.ty.depends_on == column.ty.depends_on);
            let Some(after) = after.filter(|_| column.generated.is_none()) else { continue };
            let on =
                format!("ALTER TABLE {}\n    ALTER COLUMN {}", quote::name(&table.name), quote::ident(&column.name));
            let array = if column.ty.sql.ends_with("[]") { "[]" } else { "" };
            if column.default.is_some() {
                steps.push(exclusive(format!("{on} DROP DEFAULT")));
            }
            let column_name = quote::ident(&column.name);
            let step = exclusive(format!("{on} TYPE {name}{array} USING {column_name}::text{array}::{name}{array}"));
            let step = risk(step, HazardKind::TableRewrite, format!("every row of {} is written anew", table.name));
            let step = if old.values.iter().all(|value| new.values.contains(value)) {
                step
            } else {
                let message = format!("fails if {}.{} holds a value that goes", table.name, column.name);
                risk(step, HazardKind::MayFail, message)
            };
            steps.push(step);
            let same = |default: &&Default| after.default.as_ref().is_some_and(|after| after.sql == default.sql);
            // Another default is set by the column's own change, which comes later.
            if let Some(default) = column.default.as_ref().filter(same) {
                steps.push(exclusive(format!("{on} SET DEFAULT {}", default.sql)));
            }
        }
    }
    steps.push(Step::harmless(format!("DROP TYPE {}", quote::name(&aside))));
    let id = ObjectId::Enum(new.name.clone());
    steps.extend(old.comment.iter().map(|text| other::comment(&id, Some(text))));
    steps
}
