//! From the query's rows to a schema, while they come: most of the work is done before the server has made the last.

use std::collections::BTreeMap;

use super::Kinds;
use super::constraint::OnIndex;
use super::draft::{Draft, Number, Said};
use super::index::{Spelled, index};
use super::queries::SEPARATOR;
use super::record::{Oid, Row};
use crate::dialect::postgres::default::is_volatile;
use crate::dialect::postgres::quote::{self, bare};
use crate::schema::*;

pub(super) fn name(namespace: &str, name: &str) -> Name {
    Name::qualified((namespace != "public").then(|| namespace.to_owned()), name)
}

fn options(row: &Row) -> SequenceOptions {
    SequenceOptions {
        data_type: row.text(2).to_owned(),
        start: row.number(3),
        increment: row.number(4),
        min: row.number(5),
        max: row.number(6),
        cache: row.number(7),
        cycle: row.flag(8),
    }
}

/// A schema of which some rows are there. They come kind by kind, in the order of the query's parts.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) schema: Schema,
    pub(super) said: Said,
    /// The server's own types, by their oid.
    types: BTreeMap<Oid, String>,
    /// The enums, and their arrays.
    enums: BTreeMap<Oid, Name>,
    pub(super) drafts: BTreeMap<Oid, Draft>,
    pub(super) indexes: BTreeMap<Oid, Row>,
    /// The constraints that stand on an index, by its oid.
    pub(super) keys: BTreeMap<Oid, OnIndex>,
    /// What objects are about, by its oid.
    pub(super) ids: BTreeMap<Oid, ObjectId>,
    /// Which column an owned sequence belongs to, by the sequence's oid: the table's, and the column's number.
    pub(super) owned: BTreeMap<Oid, (Oid, i64)>,
    /// What is worked on when all is there.
    kept: Kinds,
    settled: bool,
}

impl Assembly {
    pub(super) fn take(&mut self, record: &str) {
        let row = Row::new(record);
        match row.kind() {
            // Its comment comes behind it.
            "namespace" => self.kept.keep(row),
            "description" => self.said.add(row.text(0), (row.oid(1), row.number(2)), row.text(3).to_owned()),
            "type" => {
                self.types.insert(row.oid(0), row.text(1).to_owned());
            }
            "enum" => self.enumeration(&row),
            "enum type" => {
                self.enums.insert(row.oid(0), name(row.text(1), row.text(2)));
            }
            "domain" => {
                let domain = Domain { base: row.text(1).to_owned(), not_null: row.flag(2) };
                self.schema.domains.insert(row.text(0).to_owned(), domain);
            }
            "table" => self.table(&row),
            "column" => self.column(&row),
            kind => {
                self.settle();
                match kind {
                    "inherits" => self.inherits(&row),
                    "sequence" => self.sequence(&row),
                    "index" => {
                        self.indexes.insert(row.oid(1), row);
                    }
                    "constraint" => self.constraint(&row),
                    _ => self.kept.keep(row),
                }
            }
        }
    }

    /// Gives the columns their places, when the last has come.
    fn settle(&mut self) {
        if !std::mem::replace(&mut self.settled, true) {
            self.drafts.values_mut().for_each(Draft::settle);
        }
    }

    /// The subscriptions of which there is but the name, and whether more may be asked of it.
    pub(super) fn subscriptions(&self) -> &[Row] {
        self.kept.of("subscription")
    }

    pub(super) fn forget_subscriptions(&mut self) {
        self.kept.0.remove("subscription");
    }

    pub(super) fn finish(mut self) -> Schema {
        self.settle();
        let kinds = std::mem::take(&mut self.kept);
        kinds.of("namespace").iter().for_each(|row| self.namespace(row));
        kinds.of("attached").iter().for_each(|row| self.attached(row));
        let spelled = Spelled::new(&kinds);
        for row in self.indexes.values() {
            let Some(draft) = self.drafts.get_mut(&row.oid(0)) else { continue };
            let index = index(row, draft, &spelled, &self.said);
            draft.table.indexes.extend(index);
        }
        let tables = self.drafts.iter().map(|(oid, draft)| (*oid, ObjectId::Table(draft.table.name.clone())));
        self.ids.extend(tables);
        self.objects(&kinds);
        let unread = &mut self.schema.unread;
        unread.extend(kinds.of("subscription").iter().map(|row| format!("subscription {}", row.text(0))));
        unread.extend(kinds.of("unread").iter().map(|row| row.text(0).to_owned()));
        unread.sort();
        let tables = self.drafts.into_values().map(Draft::finish);
        self.schema.tables = tables.map(|table| (table.name.clone(), table)).collect();
        self.schema
    }

    fn namespace(&mut self, row: &Row) {
        if row.text(0) == "public" {
            return;
        }
        let comment = self.said.of("pg_namespace", row.oid(1));
        let namespace = Namespace { name: row.text(0).to_owned(), comment };
        self.schema.namespaces.insert(namespace.name.clone(), namespace);
    }

    fn enumeration(&mut self, row: &Row) {
        let name = name(row.text(0), row.text(1));
        let values = row.opt(2).map(|text| text.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
        let oids: Vec<Oid> = row.list(3).iter().filter_map(|oid| oid.parse().ok()).collect();
        let comment = oids.first().and_then(|oid| self.said.of("pg_type", *oid));
        // A function may name the array type, which is another object.
        self.ids.extend(oids.into_iter().map(|oid| (oid, ObjectId::Enum(name.clone()))));
        self.schema.enums.insert(name.clone(), Enum { name, values, comment });
    }

    fn table(&mut self, row: &Row) {
        let (oid, name) = (row.oid(0), name(row.text(1), row.text(2)));
        let inheritance = Inheritance { partition_by: row.string(3), bound: row.string(4), ..Inheritance::default() };
        self.drafts.insert(oid, Draft::new(name, self.said.of("pg_class", oid), inheritance));
    }

    fn inherits(&mut self, row: &Row) {
        let Some(parent) = self.drafts.get(&row.oid(1)).map(|draft| draft.table.name.clone()) else { return };
        if let Some(draft) = self.drafts.get_mut(&row.oid(0)) {
            draft.table.inheritance.parents.push(parent);
        }
    }

    fn attached(&mut self, row: &Row) {
        let Some(draft) = self.drafts.get_mut(&row.oid(0)) else { return };
        let (name, of) = (row.text(1).to_owned(), row.text(2).to_owned());
        let [own, parents] = [3, 4].map(|at| self.keys.get(&row.oid(at)));
        let kind = |key: Option<&OnIndex>| key.map(|key| key.kind.clone());
        let own_key = own.filter(|own| parents.is_none() && !own.deferrable).and_then(|own| match own.kind.as_str() {
            "p" => Some("PRIMARY KEY".to_owned()),
            "u" => Some("UNIQUE".to_owned()),
            _ => None,
        });
        let attached = &mut draft.table.inheritance.attached;
        attached.push(Attached { name, of, alike: kind(own) == kind(parents), own_key });
        // Which was made first is no difference.
        attached.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn column(&mut self, row: &Row) {
        let (table, ty) = (row.oid(0), row.oid(3));
        let Some(draft) = self.drafts.get_mut(&table) else { return };
        let number = Number { number: row.number(1), collation: row.oid(9) };
        let comment = self.said.of_part("pg_class", (table, number.number));
        let sql = row.string(4).or_else(|| self.types.get(&ty).cloned()).unwrap_or_default();
        let kind = match row.text(7) {
            "d" => Some(IdentityKind::ByDefault),
            "a" => Some(IdentityKind::Always),
            _ => None,
        };
        let (default, generated) = if row.text(8).is_empty() { (row.string(6), None) } else { (None, row.opt(6)) };
        let column = Column {
            name: row.text(2).to_owned(),
            ty: ColumnType { sql, depends_on: self.enums.get(&ty).cloned() },
            nullable: !row.flag(5),
            default: default.map(|sql| Default { volatile: is_volatile(&sql), sql }),
            identity: kind.map(|kind| Identity { kind, sequence: None }),
            generated: generated.map(bare),
            is_virtual: row.text(8) == "v",
            not_null: None,
            collation: row.string(10),
            comment,
        };
        draft.add(number, column);
    }

    fn sequence(&mut self, row: &Row) {
        let (oid, name) = (row.oid(11), name(row.text(0), row.text(1)));
        let comment = match row.opt_oid(9) {
            None => self.said.of("pg_class", oid),
            Some(table) => {
                let number = row.number(10);
                self.owned.insert(oid, (table, number));
                let Some(draft) = self.drafts.get_mut(&table) else { return };
                let Some(at) = draft.place(number) else { return };
                if numbers(row, &name, &mut draft.table.columns[at]) {
                    return;
                }
                None
            }
        };
        self.ids.insert(oid, ObjectId::Sequence(name.clone()));
        self.schema.sequences.insert(name.clone(), Sequence { name, options: options(row), comment });
    }
}

/// Whether the sequence of a row numbers the column that owns it; the column says so then.
fn numbers(row: &Row, name: &Name, column: &mut Column) -> bool {
    let sequence = || Some((name.clone(), options(row)));
    let next = format!("nextval({}::regclass)", quote::literal(&quote::name(name)));
    match &mut column.identity {
        // Another sequence may name the column its owner.
        Some(identity) if row.text(12) == "i" => identity.sequence = sequence(),
        None if column.default.as_ref().is_some_and(|default| default.sql == next) => {
            column.default = None;
            column.identity = Some(Identity { kind: IdentityKind::Serial, sequence: sequence() });
        }
        _ => return false,
    }
    true
}
