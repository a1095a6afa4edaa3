//! Enum types.

use std::collections::BTreeSet;

use super::{exclusive, other, partition, risk};
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
    if old.grows_into(new) { Ok(add_values(old, new, from, to)) } else { swap(old, new, from, to) }
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
fn swap(old: &Enum, new: &Enum, from: &Schema, to: &Schema) -> Result<Vec<Step>, Refusal> {
    let (name, aside) = (quote::name(&old.name), other::aside(&old.name, (from, to)));
    let mut steps = vec![
        Step::harmless(format!("ALTER TYPE {name} RENAME TO {}", quote::ident(&aside.name))),
        Step::harmless(create_sql(&name, &new.values)),
    ];
    let is_of_it = |column: &&Column| column.ty.depends_on.as_ref() == Some(&old.name);
    for table in from.tables.values() {
        let Some(becomes) = to.tables.get(&table.name) else { continue };
        for column in table.columns.iter().filter(is_of_it) {
            let after = becomes.column(&column.name).filter(|after| after.ty.depends_on == column.ty.depends_on);
            let Some(after) = after.filter(|_| column.generated.is_none()) else { continue };
            if is_inherited(table, &column.name, from) {
                continue;
            }
            partition::refuse_key(&table.name, &column.name, from)?;
            steps.extend(move_over(old, new, (table, column, after), (from, to)));
        }
    }
    steps.push(Step::harmless(format!("DROP TYPE {}", quote::name(&aside))));
    let id = ObjectId::Enum(new.name.clone());
    steps.extend(old.comment.iter().map(|text| other::comment(&id, Some(text))));
    Ok(steps)
}

fn is_inherited(table: &Table, column: &str, schema: &Schema) -> bool {
    schema.ancestors(table).iter().filter_map(|name| schema.tables.get(name)).any(|it| it.column(column).is_some())
}

/// A column becomes one of the new type, and with it those that inherit it.
fn move_over(
    old: &Enum,
    new: &Enum,
    (table, column, after): (&Table, &Column, &Column),
    (from, to): (&Schema, &Schema),
) -> Vec<Step> {
    let (name, column_name) = (quote::name(&old.name), quote::ident(&column.name));
    let on = |table: &Name| format!("ALTER TABLE {}\n    ALTER COLUMN {column_name}", quote::name(table));
    let array = if column.ty.sql.ends_with("[]") { "[]" } else { "" };
    let below = from.tables.values().filter(|it| from.ancestors(it).contains(&table.name));
    let heirs: Vec<(&Name, &Column)> = below.filter_map(|it| Some((&it.name, it.column(&column.name)?))).collect();
    let mut steps = Vec::new();
    // It goes from those that inherit the column as well.
    if column.default.is_some() || heirs.iter().any(|(_, heir)| heir.default.is_some()) {
        steps.push(exclusive(format!("{} DROP DEFAULT", on(&table.name))));
    }
    let using = format!("USING {column_name}::text{array}::{name}{array}");
    let step = exclusive(format!("{} TYPE {name}{array} {using}", on(&table.name)));
    let step = risk(step, HazardKind::TableRewrite, format!("every row of {} is written anew", table.name));
    steps.push(if old.values.iter().all(|value| new.values.contains(value)) {
        step
    } else {
        let message = format!("fails if {}.{} holds a value that goes", table.name, column.name);
        risk(step, HazardKind::MayFail, message)
    });
    // Another default is set by the column's own change, which comes later.
    let stays = |was: &Column, is: &Column| {
        let default = was.default.as_ref()?;
        is.default.as_ref().filter(|is| is.sql == default.sql).map(|_| default.sql.clone())
    };
    steps.extend(stays(column, after).map(|default| {
        let on = if heirs.is_empty() { on(&table.name) } else { on(&table.name).replacen("TABLE ", "TABLE ONLY ", 1) };
        exclusive(format!("{on} SET DEFAULT {default}"))
    }));
    for (heir, was) in heirs {
        let is = to.tables.get(heir).and_then(|it| it.column(&column.name));
        let default = is.and_then(|is| stays(was, is));
        steps.extend(default.map(|default| exclusive(format!("{} SET DEFAULT {default}", on(heir)))));
    }
    steps
}
