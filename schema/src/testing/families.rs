//! Tables with parts and children: one that is split into partitions, and one that another inherits from.

use diesel_schema_core::declared::{Check, Column, IndexKey, IndexKeyWhat, Inheritance, Model};

use super::genes::*;
use super::other::expr;
use super::types::plain;
use super::{columns, constraints, indexes, model};

/// By the bytes that are theirs. A part or child that stands alone has the same columns.
pub(super) fn families(genes: &[u8]) -> Vec<Model> {
    let mut found = Vec::new();
    let (split, base) = (there(genes[0]), there(genes[6]));
    if split {
        found.push(events(genes, "p"));
        found[0].inheritance.partition_by = Some("RANGE (at)".to_owned());
    }
    let bounds = [
        "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
        "FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')",
        "DEFAULT",
    ];
    for (at, bound) in bounds.into_iter().enumerate() {
        let own = genes[3 + at];
        if !there(own) {
            continue;
        }
        let mut part = events(genes, &format!("p_{at}"));
        if split && own % 6 != 5 {
            part.inheritance = of("p", Some(bound));
        }
        if rare(own / 6) {
            part.checks.push(check("kind <> 'no'", "kind"));
        }
        found.push(part);
    }
    if base {
        found.push(people(genes, "base"));
    }
    if there(genes[7]) {
        let mut child = people(genes, "kid");
        if base && genes[7] % 6 != 5 {
            child.inheritance = of("base", None);
        }
        if rare(genes[8]) {
            child.columns.push(column("own", "Text", true));
        }
        found.push(child);
    }
    found
}

fn of(parent: &str, bound: Option<&str>) -> Inheritance {
    Inheritance { partition_by: None, parents: vec![(None, parent.to_owned())], bound: bound.map(str::to_owned) }
}

fn events(genes: &[u8], name: &str) -> Model {
    let mut model = model(None, name.to_owned(), None, &[0; HEAD], "");
    model.rust = format!("Of{name}");
    model.columns = vec![column("id", "Int8", false), column("at", "Date", false), column("kind", "Text", true)];
    if rare(genes[1]) {
        model.columns.push(column("n", "Int4", rare(genes[1] / 6)));
    }
    if there(genes[2]) {
        model.primary_key.columns = vec!["id".to_owned(), "at".to_owned()];
    }
    if rare(genes[2]) {
        model.checks.push(check("kind <> ''", "kind"));
    }
    if genes[1] % 4 == 3 {
        let what = IndexKeyWhat::Column("kind".to_owned());
        let key = IndexKey { what, descending: genes[1] % 8 == 7, nulls_first: None, opclass: None, collation: None };
        model.indexes.push(indexes::index(vec![key]));
    }
    model
}

fn people(genes: &[u8], name: &str) -> Model {
    let mut model = model(None, name.to_owned(), None, &[0; HEAD], "");
    model.rust = format!("Of{name}");
    model.columns = vec![column("id", "Int4", false), column("a", "Text", rare(genes[9]))];
    if rare(genes[10]) {
        model.columns.push(column("n", pick(&["Int4", "Int8"], genes[10] / 6), true));
    }
    if rare(genes[11]) {
        model.checks.push(check("a <> ''", "a"));
    }
    model.primary_key = constraints::key(None, vec!["id".to_owned()]);
    model
}

fn check(sql: &str, column: &str) -> Check {
    constraints::check(expr(sql.to_owned()), vec![column.to_owned()])
}

fn column(name: &str, ty: &str, nullable: bool) -> Column {
    columns::column((name.to_owned(), name.to_owned()), plain(ty), nullable)
}
