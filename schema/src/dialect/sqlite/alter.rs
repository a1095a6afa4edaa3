//! What `ALTER TABLE` and its like can do (<https://www.sqlite.org/lang_altertable.html>).

use super::token::quote;
use super::{ddl, objects, rebuild};
use crate::change::{Change, Hazard, HazardKind, Step, TableLock};
use crate::dialect::Refusal;
use crate::schema::{Column, IndexKeyWhat, Name, Schema, Table};

pub(super) fn loss(message: String) -> Hazard {
    Hazard { kind: HazardKind::DataLoss, message }
}

pub(super) fn may_fail(message: String) -> Hazard {
    Hazard { kind: HazardKind::MayFail, message }
}

pub(super) fn can_alter(change: &Change, old: &Schema, new: &Schema) -> bool {
    match change {
        Change::AddColumn { column, .. } => can_add(column),
        Change::DropColumn { table, column } => {
            let old_table = old.tables.get(table);
            !column_is_used(old, old_table, &column.name) && !object_mentions(new, &column.name)
        }
        Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::SetOptions { .. } => false,
        _ => true,
    }
}

fn can_add(column: &Column) -> bool {
    let stored = column.generated.is_some() && !column.is_virtual;
    let constant = column.default.as_ref().is_none_or(|default| !super::expr::is_volatile(&default.sql));
    let has_value = column.nullable || column.default.is_some() || column.generated.is_some();
    column.identity.is_none() && !stored && constant && has_value
}

fn object_mentions(schema: &Schema, column: &str) -> bool {
    schema.objects.values().any(|object| objects::mentions(&object.definition, column))
}

/// Whether anything would keep `DROP COLUMN` from working. A table that isn't found has been renamed: not known, so yes.
fn column_is_used(schema: &Schema, table: Option<&Table>, column: &str) -> bool {
    let Some(table) = table else { return true };
    let has = |columns: &[String]| columns.iter().any(|name| name == column);
    table.columns.len() == 1
        || table.primary_key.as_ref().is_some_and(|key| has(&key.columns))
        || table.uniques.iter().any(|key| has(&key.columns))
        || table.foreign_keys.iter().any(|key| has(&key.columns))
        || table.checks.iter().any(|check| objects::mentions(&check.expr, column))
        || table.columns.iter().filter_map(|c| c.generated.as_ref()).any(|expr| objects::mentions(expr, column))
        || table.indexes.iter().any(|index| {
            index.predicate.as_ref().is_some_and(|sql| objects::mentions(sql, column))
                || index.keys.iter().any(|key| match &key.what {
                    IndexKeyWhat::Column(name) => name == column,
                    IndexKeyWhat::Expr(sql) => objects::mentions(sql, column),
                })
        })
        || object_mentions(schema, column)
}

/// The statements of one change; see [`crate::dialect::DialectImpl::render`].
pub(super) fn render(change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
    let locking = |sql: String| Step { lock: Some(TableLock::Database), ..Step::harmless(sql) };
    let on = |table: &Name| quote(&table.name);
    Ok(match change {
        Change::CreateTable(table) => {
            let mut steps = vec![Step::harmless(ddl::create_table(table, &table.name.name))];
            steps.extend(table.indexes.iter().map(|i| Step::harmless(ddl::create_index(i, &table.name.name))));
            steps
        }
        Change::DropTable(table) => {
            let needed = if rebuild::needs_foreign_keys_off(table, old, new) { rebuild::FOREIGN_KEYS_OFF } else { "" };
            let mut step = locking(format!("DROP TABLE {}{needed}", on(&table.name)));
            step.hazards.push(loss(format!("every row of table {} is gone", table.name)));
            vec![step]
        }
        Change::RenameTable { from, to } => vec![locking(format!("ALTER TABLE {} RENAME TO {}", on(from), on(to)))],
        Change::AddColumn { table, column } => {
            vec![locking(format!("ALTER TABLE {} ADD COLUMN {}", on(table), ddl::column(column)))]
        }
        Change::DropColumn { table, column } => {
            let mut step = locking(format!("ALTER TABLE {} DROP COLUMN {}", on(table), quote(&column.name)));
            step.hazards.push(loss(format!("the values of column {table}.{} are gone", column.name)));
            vec![step]
        }
        Change::RenameColumn { table, from, to } => {
            vec![locking(format!("ALTER TABLE {} RENAME COLUMN {} TO {}", on(table), quote(from), quote(to)))]
        }
        Change::CreateIndex { table, index } => {
            let mut step = locking(ddl::create_index(index, &table.name));
            if index.unique {
                step.hazards.push(may_fail(format!("index {}: it fails if two rows are equal", index.name)));
            }
            vec![step]
        }
        Change::DropIndex { index, .. } => vec![locking(format!("DROP INDEX {}", quote(&index.name)))],
        Change::RenameIndex { table, from, to } => {
            let index = new.tables.get(table).and_then(|table| table.indexes.iter().find(|index| index.name == *to));
            let Some(index) = index else {
                return Err(Refusal(format!("index {from} can't become {to}: the schema to reach does not hold {to}")));
            };
            vec![locking(format!("DROP INDEX {}", quote(from))), locking(ddl::create_index(index, &table.name))]
        }
        Change::SetComment { .. } => Vec::new(),
        Change::CreateObject(object) => vec![Step::harmless(object.definition.clone())],
        Change::DropObject(object) => objects::drop(object).map(Step::harmless).into_iter().collect(),
        Change::ReplaceObject { old, new } => {
            objects::drop(old).into_iter().chain([new.definition.clone()]).map(Step::harmless).collect()
        }
        Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::SetOptions { .. } => {
            return Err(Refusal("SQLite can't alter this; the table has to be rebuilt".to_owned()));
        }
        Change::SetInheritance { .. }
        | Change::CreateNamespace(_)
        | Change::DropNamespace(_)
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::AlterEnum { .. }
        | Change::CreateSequence(_)
        | Change::DropSequence(_)
        | Change::AlterSequence { .. }
        | Change::RenameSequence { .. } => {
            return Err(Refusal("SQLite has no schemas, enum types and sequences".to_owned()));
        }
    })
}
