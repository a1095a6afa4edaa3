//! Enum types.

use super::{exclusive, other, risk};
use crate::change::{HazardKind, Step};
use crate::dialect::Refusal;
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

pub(super) fn alter(old: &Enum, new: &Enum, from: &Schema, to: &Schema) -> Result<Vec<Step>, Refusal> {
    let kept: Vec<&String> = new.values.iter().filter(|value| old.values.contains(value)).collect();
    if kept.iter().copied().eq(&old.values) {
        return Ok(add_values(old, new, to));
    }
    swap(old, new, from)
}

fn add_values(old: &Enum, new: &Enum, to: &Schema) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<&String> = None;
    // A value that was added may not be used before its transaction ends: a default that uses it would fail.
    let added: Vec<String> = new.values.iter().filter(|value| !old.values.contains(value)).cloned().collect();
    let used = to.tables.values().flat_map(|table| &table.columns).any(|column| {
        column.ty.depends_on.as_ref() == Some(&new.name)
            && column
                .default
                .as_ref()
                .is_some_and(|default| added.iter().any(|value| default.sql.contains(&quote::literal(value))))
    });
    for value in &new.values {
        if added.contains(value) {
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

/// Values that go or change places need a new type, and every column moved over to it.
fn swap(old: &Enum, new: &Enum, from: &Schema) -> Result<Vec<Step>, Refusal> {
    let (name, aside) = (quote::name(&old.name), format!("{}__old", old.name.name));
    let aside_name = Name::qualified(old.name.namespace.clone(), naming_clip(&aside));
    let mut steps = vec![
        Step::harmless(format!("ALTER TYPE {name} RENAME TO {}", quote::ident(&aside_name.name))),
        Step::harmless(create_sql(&name, &new.values)),
    ];
    for table in from.tables.values() {
        let uses: Vec<&Column> =
            table.columns.iter().filter(|column| column.ty.depends_on.as_ref() == Some(&old.name)).collect();
        for column in &uses {
            let typed = format!("::{name}");
            let held = table.checks.iter().any(|check| check.expr.contains(&typed))
                || table.indexes.iter().any(|index| index.predicate.as_ref().is_some_and(|expr| expr.contains(&typed)))
                || table.columns.iter().any(|other| other.generated.as_ref().is_some_and(|expr| expr.contains(&typed)));
            if held {
                return Err(Refusal(format!(
                    "enum {} loses or reorders values while a check, partial index or generated column of {} uses it: \
                     drop that in a revision before, and make it again in one after",
                    old.name, table.name
                )));
            }
            let on =
                format!("ALTER TABLE {}\n    ALTER COLUMN {}", quote::name(&table.name), quote::ident(&column.name));
            let array = if column.ty.sql.ends_with("[]") { "[]" } else { "" };
            if column.default.is_some() {
                steps.push(exclusive(format!("{on} DROP DEFAULT")));
            }
            let column_name = quote::ident(&column.name);
            let step = exclusive(format!("{on} TYPE {name}{array} USING {column_name}::text{array}::{name}{array}"));
            let step = risk(step, HazardKind::TableRewrite, format!("every row of {} is written anew", table.name));
            let message = format!("fails if {}.{} holds a value that goes", table.name, column.name);
            steps.push(risk(step, HazardKind::MayFail, message));
            if let Some(default) = &column.default {
                let gone = old.values.iter().filter(|value| !new.values.contains(value));
                if !gone.into_iter().any(|value| default.sql.starts_with(&format!("{}::", quote::literal(value)))) {
                    steps.push(exclusive(format!("{on} SET DEFAULT {}", default.sql)));
                }
            }
        }
    }
    steps.push(Step::harmless(format!("DROP TYPE {}", quote::name(&aside_name))));
    let id = ObjectId::Enum(new.name.clone());
    steps.extend(old.comment.iter().map(|text| other::comment(&id, Some(text))));
    Ok(steps)
}

fn naming_clip(name: &str) -> String {
    use diesel_schema_core::naming;
    match name.len() <= naming::MAX_IDENTIFIER_BYTES {
        true => name.to_owned(),
        false => format!("{}__old", naming::clip(name, naming::MAX_IDENTIFIER_BYTES - 5)),
    }
}
