//! `NOT NULL`: an attribute of the column, and on PostgreSQL 18 a constraint with a name.

use super::{exclusive, risk};
use crate::change::{HazardKind, Step, TableLock, Work};
use crate::dialect::postgres::quote;
use crate::schema::text::dollar_quoted;
use crate::schema::{Column, Name, NotNull};

/// The constraint as it stands in CREATE TABLE, where there is something to say of it.
pub(super) fn inline(column: &Column) -> Option<String> {
    column.not_null.as_ref().filter(|said| !column.nullable && said.validated).map(|said| words(column, said))
}

/// The same as it stands behind a column that is added: a second statement comes too late where a number makes one.
pub(super) fn of_added(column: &Column) -> Option<String> {
    let said = column.not_null.as_ref().filter(|said| !column.nullable && said.validated);
    said.map(|said| said_of(said, ""))
}

fn words(column: &Column, said: &NotNull) -> String {
    said_of(said, &format!(" {}", quote::ident(&column.name)))
}

fn said_of(said: &NotNull, column: &str) -> String {
    let name = said.name.as_ref().map(|name| format!("CONSTRAINT {} ", quote::ident(name))).unwrap_or_default();
    let inherit = if said.no_inherit { " NO INHERIT" } else { "" };
    format!("{name}NOT NULL{column}{inherit}")
}

/// One that is `NOT VALID`, which a statement that makes the column can't say.
pub(super) fn later(table: &Name, column: &Column) -> Option<Step> {
    column.not_null.as_ref().filter(|said| !said.validated)?;
    Some(Step::harmless(format!("ALTER TABLE {}\n    ADD {}", quote::name(table), constraint(column)?)))
}

/// What ADD takes in the place of `SET NOT NULL`, where there is something to say of it.
pub(in crate::dialect::postgres) fn constraint(column: &Column) -> Option<String> {
    let said = column.not_null.as_ref().filter(|_| !column.nullable)?;
    let later = if said.validated { "" } else { " NOT VALID" };
    Some(format!("{}{later}", words(column, said)))
}

/// What comes before the column's numbering changes, and what comes behind it. `alone`: a child keeps what the table loses.
pub(super) fn alter(
    table: &Name,
    (old, new): (&Column, &Column),
    on: &dyn Fn(String) -> String,
    alone: bool,
) -> (Vec<Step>, Option<Step>) {
    let drop = || {
        let sql = on("DROP NOT NULL".to_owned());
        exclusive(if alone { sql.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1) } else { sql })
    };
    match (old.nullable, new.nullable) {
        (true, false) => (vec![set(table, new, on)], None),
        (false, true) => (Vec::new(), Some(drop())),
        (false, false) if old.not_null != new.not_null => {
            let plain = NotNull { name: None, no_inherit: false, validated: true };
            let was = old.not_null.as_ref().unwrap_or(&plain);
            let is = new.not_null.as_ref().unwrap_or(&plain);
            if was.validated && !is.validated {
                return (vec![drop(), set(table, new, on)], None);
            }
            (change(table, new, was, is), None)
        }
        _ => (Vec::new(), None),
    }
}

fn set(table: &Name, new: &Column, on: &dyn Fn(String) -> String) -> Step {
    if let Some(step) = later(table, new) {
        return Step { lock: Some(TableLock::AccessExclusive), ..step };
    }
    let sql = match inline(new) {
        Some(said) => format!("ALTER TABLE {}\n    ADD {said}", quote::name(table)),
        None => on("SET NOT NULL".to_owned()),
    };
    let step = Step { work: Work::Reads, ..exclusive(sql) };
    let message = format!("fails if {table}.{} holds NULL, and reads every row to see", new.name);
    risk(step, HazardKind::MayFail, message)
}

/// From one constraint to another that keeps the column without NULL meanwhile.
fn change(table: &Name, column: &Column, was: &NotNull, is: &NotNull) -> Vec<Step> {
    let mut steps = Vec::new();
    let on = |said: &str, to: Option<&str>| exclusive(of_constraint(table, column, was.name.as_deref(), said, to));
    if was.no_inherit != is.no_inherit {
        let how = if is.no_inherit { "NO INHERIT" } else { "INHERIT" };
        steps.push(on(&format!("ALTER CONSTRAINT %I {how}"), None));
    }
    if is.validated && !was.validated {
        let step = Step { work: Work::Reads, ..on("VALIDATE CONSTRAINT %I", None) };
        let message = format!("fails if {table}.{} holds NULL, and reads every row to see", column.name);
        steps.push(risk(step, HazardKind::MayFail, message));
    }
    if was.name != is.name {
        let usual = || diesel_schema_core::naming::object_name(&table.name, &column.name, "not_null");
        let name = is.name.clone().unwrap_or_else(usual);
        steps.push(on("RENAME CONSTRAINT %I TO %I", Some(&name)));
    }
    steps
}

/// A statement on the constraint. What it is called, where nobody named it, only the server knows. `to` is its name
/// afterwards.
fn of_constraint(table: &Name, column: &Column, was: Option<&str>, said: &str, to: Option<&str>) -> String {
    if let Some(was) = was {
        let said = said.replacen("%I", &quote::ident(was), 1).replace("%I", &to.map(quote::ident).unwrap_or_default());
        return format!("ALTER TABLE {} {said}", quote::name(table));
    }
    let (on, name) = (quote::literal(&quote::name(table)), quote::literal(&column.name));
    let to = to.map(quote::literal);
    let (argument, only) = match &to {
        Some(to) => (format!(", {to}"), format!(" AND o.conname <> {to}")),
        None => (String::new(), String::new()),
    };
    let body = format!(
        "\nDECLARE said text;\nBEGIN\n    FOR said IN\n        SELECT format('ALTER TABLE %s {said}', \
         o.conrelid::regclass, o.conname{argument})\n        FROM pg_constraint o JOIN pg_attribute a ON a.attrelid = \
         o.conrelid AND o.conkey = ARRAY[a.attnum]\n        WHERE o.contype = 'n' AND o.conrelid = {on}::regclass AND \
         a.attname = {name}{only}\n    LOOP\n        EXECUTE said;\n    END LOOP;\nEND "
    );
    format!("DO {}", dollar_quoted("not_null", &body))
}
