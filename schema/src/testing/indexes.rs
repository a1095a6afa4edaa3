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
            let array = column.ty.array > 0 || matches!(column.ty.name.as_str(), "Jsonb" | "tsvector" | "d0[]");
            using = Some(if array { "gin" } else { "hash" }.to_owned());
            let what = IndexKeyWhat::Column(column.name.clone());
            keys = vec![IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None }];
        }
        let uses_gin = using.as_deref() == Some("gin");
        let include = match some_columns(model, own[7], 0, |it| !columns.contains(&it.name)) {
            columns if limits.postgres() && using.is_none() && rare(own[7]) => columns,
            _ => Vec::new(),
        };
        model.indexes.push(Index {
            name: name(own[6], names),
            keys,
            unique,
            nulls_not_distinct: unique && limits.version >= 15 && rare(own[5]),
            using,
            include,
            with: (limits.postgres() && !uses_gin && rare(own[3] / 3)).then(|| "fillfactor = 70".to_owned()),
            predicate: (own[8] % 3 == 2).then(|| condition(model, own[8] / 3, own[9], 0, known).0),
            ..index(Vec::new())
        });
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
        nulls_first: (limits.postgres() && byte % 8 == 2).then_some(true),
        opclass: (limits.postgres() && column.ty.name == "Text" && kind == Kind::Text && byte % 8 == 3)
            .then(|| "text_pattern_ops".to_owned()),
        collation: (kind == Kind::Text && byte % 8 == 6).then(|| known.to_owned()),
    }
}
