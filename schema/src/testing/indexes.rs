//! Indexes.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{Column, Enum, Index, IndexKey, IndexKeyWhat, Model};

use super::Limits;
use super::constraints::{condition, name, some_columns};
use super::defined::Defined;
use super::genes::*;
use super::other::{expr, quote};
use super::types::Kind;

pub(super) fn indexes(
    model: &mut Model,
    genes: &[u8],
    limits: Limits,
    known: (&[Enum], &Defined),
    names: &mut BTreeSet<String>,
) {
    for nth in 0..3 {
        let own = part(genes, 2 * UNIQUE + 2 * FOREIGN + 2 * CHECK, INDEX, nth);
        if !there(own[0]) {
            continue;
        }
        let mut using = None;
        let columns = some_columns(model, own[1], own[2], |_| true);
        let mut keys: Vec<IndexKey> = columns
            .iter()
            .zip([own[3], own[3] / 16])
            .filter_map(|(name, byte)| Some((model.columns.iter().find(|it| it.name == *name)?, byte)))
            .map(|(column, byte)| index_key(column, byte, limits))
            .collect();
        let only = model.columns.iter().find(|it| it.name == columns[0]).filter(|_| keys.len() == 1);
        let unique = rare(own[4]) || rare(own[4] / 2);
        // Nothing hashes a record on 13.
        let can = |column: &&Column| column.ty.name != "pair" && limits.postgres();
        if let Some(column) = only.filter(can).filter(|_| rare(own[5]) && !unique) {
            using = Some(method(column, own[5] / 6));
            let what = IndexKeyWhat::Column(column.name.clone());
            keys = vec![IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None }];
        }
        let with = match using {
            Some("gin") => None,
            Some("brin") => Some("pages_per_range = 32"),
            _ => Some("fillfactor = 70"),
        };
        let covers = limits.postgres() && matches!(using, None | Some("gist")) && rare(own[7]);
        let include = match some_columns(model, own[7], 0, |it| !columns.contains(&it.name)) {
            columns if covers => columns,
            _ => Vec::new(),
        };
        model.indexes.push(Index {
            name: name(own[6], names),
            keys,
            unique,
            nulls_not_distinct: unique && limits.version >= 15 && rare(own[5]),
            using: using.map(str::to_owned),
            include,
            with: with.filter(|_| limits.postgres() && rare(own[3] / 3)).map(str::to_owned),
            predicate: (own[8] % 3 == 2).then(|| condition(model, own[8] / 3, own[9], 0, known).0),
            ..index(Vec::new())
        });
    }
}

/// One that has a default operator class for the column's type.
fn method(column: &Column, byte: u8) -> &'static str {
    match column.ty.name.as_str() {
        _ if column.ty.array > 0 => "gin",
        "Jsonb" | "d0[]" => "gin",
        "tsvector" => pick(&["gin", "gist"], byte),
        "span" | "int4range" => pick(&["hash", "gist", "brin"], byte),
        "Bool" => "hash",
        _ if Kind::of(&column.ty) == Kind::Enum => "hash",
        _ => pick(&["hash", "brin"], byte),
    }
}

/// An index of which nothing more is said.
pub(super) fn index(keys: Vec<IndexKey>) -> Index {
    Index {
        name: None,
        keys,
        unique: false,
        nulls_not_distinct: false,
        using: None,
        include: Vec::new(),
        with: None,
        predicate: None,
        at: "src/models.rs:1:3".to_owned(),
    }
}

pub(super) fn index_key(column: &Column, byte: u8, limits: Limits) -> IndexKey {
    let name = quote(&column.name);
    let kind = Kind::of(&column.ty);
    let what = match kind {
        Kind::Text if byte % 8 == 7 => IndexKeyWhat::Expr(expr(format!("lower({name})"))),
        Kind::Number if byte % 8 == 7 => IndexKeyWhat::Expr(expr(format!("{name} * 2"))),
        _ => IndexKeyWhat::Column(column.name.clone()),
    };
    let known = if limits.postgres() { "C" } else { "NOCASE" };
    IndexKey {
        what,
        descending: byte % 4 == 1,
        // Against the default and, where a bit more is said than need be, as it is by default.
        nulls_first: match byte % 16 {
            2 | 10 | 5 => Some(true),
            9 | 12 => Some(false),
            _ => None,
        }
        .filter(|_| limits.postgres()),
        opclass: (limits.postgres() && column.ty.name == "Text" && kind == Kind::Text && byte % 8 == 3)
            .then(|| "text_pattern_ops".to_owned()),
        collation: (kind == Kind::Text && byte % 8 == 6).then(|| known.to_owned()),
    }
}
