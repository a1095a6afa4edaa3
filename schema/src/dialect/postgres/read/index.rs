//! From an index's row to the index.

use std::collections::BTreeMap;

use super::Kinds;
use super::draft::{Draft, Said};
use super::queries::SEPARATOR;
use super::record::{Oid, Row};
use crate::dialect::postgres::quote::{self, bare};
use crate::schema::*;

/// How what an index's row gives by its oid is written.
pub(super) struct Spelled<'a> {
    opclasses: BTreeMap<Oid, String>,
    collations: BTreeMap<Oid, String>,
    /// By index and number of the key: an operator class with its parameters, also where it is the usual one.
    parameters: BTreeMap<(Oid, i64), &'a str>,
}

impl<'a> Spelled<'a> {
    pub(super) fn new(kinds: &'a Kinds) -> Self {
        let spell = |row: &Row| match row.text(2) {
            "pg_catalog" | "public" => quote::ident(row.text(1)),
            namespace => format!("{}.{}", quote::ident(namespace), quote::ident(row.text(1))),
        };
        let spelled = |kind: &str| kinds.of(kind).iter().map(|row| (row.oid(0), spell(row))).collect();
        let parameters = kinds.of("opclass parameters").iter();
        let parameters = parameters.map(|row| ((row.oid(0), row.number(1)), row.text(2))).collect();
        Self { opclasses: spelled("opclass"), collations: spelled("collation"), parameters }
    }

    fn opclass(&self, index: Oid, number: usize, oid: Option<&&str>) -> Option<String> {
        let number = i64::try_from(number).ok()?;
        let with = self.parameters.get(&(index, number)).map(|said| (*said).to_owned());
        with.or_else(|| self.opclasses.get(&oid?.parse().ok()?).cloned())
    }
}

/// The index of a row, where it is neither a constraint's nor made with that of the table's parent.
pub(super) fn index(row: &Row, draft: &Draft, spelled: &Spelled<'_>, said: &Said) -> Option<Index> {
    let oid = row.oid(1);
    if row.flag(15) || draft.backing.contains(&oid) {
        return None;
    }
    let (attributes, keys) = (row.list(6), usize::try_from(row.number(10)).unwrap_or_default());
    let expressions: Vec<&str> = row.opt(12).map(|text| text.split(SEPARATOR).collect()).unwrap_or_default();
    let (flags, classes, collated) = (row.list(7), row.list(8), row.list(9));
    let key = |at: usize| {
        let number = attributes.get(at)?.parse::<i64>().ok()?;
        let flags: i64 = flags.get(at).and_then(|flags| flags.parse().ok()).unwrap_or_default();
        let (descending, first) = (flags & 1 != 0, flags & 2 != 0);
        let column = draft.column(number);
        let collation: Oid = collated.get(at).and_then(|oid| oid.parse().ok()).unwrap_or_default();
        Some(IndexKey {
            what: match column {
                Some((column, _)) => IndexKeyWhat::Column(column.name.clone()),
                None => IndexKeyWhat::Expr(bare(expressions.get(at).copied().unwrap_or_default())),
            },
            descending,
            nulls: match (descending, first) {
                (false, true) => NullsOrder::First,
                (true, false) => NullsOrder::Last,
                _ => NullsOrder::Default,
            },
            opclass: spelled.opclass(oid, at + 1, classes.get(at)),
            collation: column
                .filter(|(_, own)| collation != 0 && *own != collation)
                .and_then(|_| spelled.collations.get(&collation).cloned()),
        })
    };
    let with: Vec<String> =
        row.opt(13).map(|text| text.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
    Some(Index {
        name: row.text(2).to_owned(),
        unique: row.flag(3),
        nulls_not_distinct: row.flag(4),
        method: row.text(5).to_owned(),
        keys: (0..keys).filter_map(key).collect(),
        include: draft.names(attributes.get(keys..).unwrap_or_default()),
        predicate: row.opt(11).map(bare),
        with,
        valid: row.flag(14),
        comment: said.of("pg_class", oid),
    })
}
