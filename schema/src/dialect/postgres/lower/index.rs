//! Indexes, and the names that the server picks for them.

use std::collections::BTreeSet;

use diesel_schema_core::declared;
use diesel_schema_core::naming::{self, label};

use super::expr;
use crate::dialect::postgres::quote;
use crate::schema::parts::expression_name;
use crate::schema::*;

/// Operator classes that are what the server takes by itself for the types of that name (`pg_opclass.opcdefault`).
fn is_default_opclass(method: &str, opclass: &str) -> bool {
    let defaults: &[&str] = match method {
        "btree" | "hash" => &[
            "array",
            "bool",
            "bpchar",
            "bytea",
            "char",
            "date",
            "enum",
            "float4",
            "float8",
            "inet",
            "int2",
            "int4",
            "int8",
            "interval",
            "jsonb",
            "macaddr",
            "macaddr8",
            "name",
            "numeric",
            "oid",
            "pg_lsn",
            "range",
            "text",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid",
        ],
        "gin" => &["array", "jsonb", "tsvector"],
        "gist" => &["box", "circle", "point", "poly", "range", "tsvector"],
        _ => &[],
    };
    opclass.strip_suffix("_ops").is_some_and(|name| defaults.contains(&name))
}

pub(super) fn index(index: &declared::Index, table: &str, columns: &[Column], taken: &mut BTreeSet<String>) -> Index {
    let names: Vec<String> = index
        .keys
        .iter()
        .map(|key| match &key.what {
            declared::IndexKeyWhat::Column(column) => column.clone(),
            declared::IndexKeyWhat::Expr(text) => expression_name(&expr(text)),
        })
        .collect();
    // `ChooseIndexColumnNames`: the second `expr` is `expr1`.
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let mut candidate = name.clone();
        let mut pass = 0;
        while distinct.contains(&candidate) {
            pass += 1;
            candidate = format!("{name}{pass}");
        }
        distinct.push(candidate);
    }
    distinct.extend(index.include.iter().cloned());
    let part = naming::columns_part(distinct.iter().map(String::as_str));
    let method = index.using.as_deref().unwrap_or("btree").to_ascii_lowercase();
    let own = |key: &declared::IndexKey| match &key.what {
        declared::IndexKeyWhat::Column(name) => columns.iter().find(|column| column.name == *name),
        declared::IndexKeyWhat::Expr(_) => None,
    };
    let keys = index
        .keys
        .iter()
        .map(|key| IndexKey {
            what: match &key.what {
                declared::IndexKeyWhat::Column(column) => IndexKeyWhat::Column(column.clone()),
                declared::IndexKeyWhat::Expr(text) => IndexKeyWhat::Expr(quote::bare(&expr(text))),
            },
            descending: key.descending,
            nulls: match key.nulls_first {
                Some(true) if !key.descending => NullsOrder::First,
                Some(false) if key.descending => NullsOrder::Last,
                _ => NullsOrder::Default,
            },
            opclass: key.opclass.clone().filter(|opclass| !is_default_opclass(&method, opclass)),
            collation: key.collation.as_deref().map(quote::collation).filter(|collation| {
                own(key).is_none_or(|column| column.collation.as_deref().unwrap_or("\"default\"") != collation)
            }),
        })
        .collect();
    Index {
        name: index.name.clone().unwrap_or_else(|| naming::choose(taken, table, &part, label::INDEX)),
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        method,
        keys,
        include: index.include.clone(),
        predicate: index.predicate.as_ref().map(|text| quote::bare(&expr(text))),
        with: index.with.as_deref().map(parameters).unwrap_or_default(),
        valid: true,
        comment: None,
    }
}

/// `fillfactor = 70, fastupdate = OFF` as `reloptions` has it.
fn parameters(text: &str) -> Vec<String> {
    let parameter = |text: &str| match text.split_once('=') {
        Some((name, value)) => format!("{}={}", name.trim().to_ascii_lowercase(), value.trim().trim_matches('\'')),
        None => format!("{}=true", text.trim().to_ascii_lowercase()),
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(parameter).collect()
}
