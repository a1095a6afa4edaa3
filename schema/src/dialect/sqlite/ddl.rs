//! `CREATE TABLE` and `CREATE INDEX`.

use super::expr;
use super::token::{self, Kind, quote};
use crate::schema::{
    Check, Column, Deferrable, ForeignKey, ForeignKeyAction, IdentityKind, Index, IndexKeyWhat, Key, Table,
};

pub(super) fn key(name: String, columns: Vec<String>) -> Key {
    let (nulls_not_distinct, without_overlaps) = (false, false);
    let (include, deferrable) = (Vec::new(), Deferrable::No);
    Key { name, columns, include, nulls_not_distinct, without_overlaps, deferrable, comment: None }
}

pub(super) fn check(name: String, expr: String) -> Check {
    Check { name, expr, no_inherit: false, validated: true, enforced: true, comment: None }
}

/// The columns that an expression mentions, each once, in the order of the table.
pub(super) fn columns_of(sql: &str, columns: &[&str]) -> Vec<String> {
    let tokens = token::tokens(sql);
    let names: Vec<String> =
        tokens.iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted)).filter_map(token::Token::name).collect();
    columns
        .iter()
        .filter(|column| names.iter().any(|name| name.eq_ignore_ascii_case(column)))
        .map(|column| (*column).to_owned())
        .collect()
}

/// Names in parentheses.
pub(super) fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

/// `CREATE TABLE`, with every constraint inside, under the name given.
pub(super) fn create_table(table: &Table, name: &str) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    if let Some(key) = &table.primary_key {
        let autoincrement = table
            .columns
            .iter()
            .any(|column| column.identity.as_ref().is_some_and(|i| i.kind == IdentityKind::Autoincrement));
        let autoincrement = if autoincrement { " AUTOINCREMENT" } else { "" };
        lines.push(format!("CONSTRAINT {} PRIMARY KEY ({}{autoincrement})", quote(&key.name), list(&key.columns)));
    }
    lines.extend(table.uniques.iter().map(|k| format!("CONSTRAINT {} UNIQUE ({})", quote(&k.name), list(&k.columns))));
    lines.extend(table.checks.iter().map(|c| format!("CONSTRAINT {} CHECK ({})", quote(&c.name), c.expr)));
    lines.extend(table.foreign_keys.iter().map(foreign_key));
    let options = if table.options.is_empty() { String::new() } else { format!(" {}", table.options.join(", ")) };
    format!("CREATE TABLE {} (\n    {}\n){options}", quote(name), lines.join(",\n    "))
}

/// A column's definition.
pub(super) fn column(column: &Column) -> String {
    let mut sql = quote(&column.name);
    if !column.ty.sql.is_empty() {
        sql.push(' ');
        sql.push_str(&column.ty.sql);
    }
    if !column.nullable {
        sql.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        let bare = expr::is_literal(&default.sql);
        sql.push_str(&if bare { format!(" DEFAULT {}", default.sql) } else { format!(" DEFAULT ({})", default.sql) });
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", quote(collation)));
    }
    if let Some(generated) = &column.generated {
        let how = if column.is_virtual { "VIRTUAL" } else { "STORED" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({generated}) {how}"));
    }
    sql
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}",
        quote(&key.name),
        list(&key.columns),
        quote(&key.references.name)
    );
    if !key.references_columns.is_empty() {
        sql.push_str(&format!(" ({})", list(&key.references_columns)));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match action {
            ForeignKeyAction::NoAction => continue,
            ForeignKeyAction::Restrict => "RESTRICT",
            ForeignKeyAction::Cascade => "CASCADE",
            ForeignKeyAction::SetNull => "SET NULL",
            ForeignKeyAction::SetDefault => "SET DEFAULT",
        };
        sql.push_str(&format!(" ON {event} {action}"));
    }
    sql.push_str(match key.deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    sql
}

/// `CREATE INDEX`.
pub(super) fn create_index(index: &Index, table: &str) -> String {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| {
            let mut sql = match &key.what {
                IndexKeyWhat::Column(name) => quote(name),
                // In parentheses: `a COLLATE x` behind it would bind to the last operand only.
                IndexKeyWhat::Expr(expr) => format!("({expr})"),
            };
            if let Some(collation) = &key.collation {
                sql.push_str(&format!(" COLLATE {}", quote(collation)));
            }
            if key.descending {
                sql.push_str(" DESC");
            }
            sql
        })
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let predicate = index.predicate.as_ref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
    format!("CREATE {unique}INDEX {} ON {} ({}){predicate}", quote(&index.name), quote(table), keys.join(", "))
}
