//! From the query's rows to a schema.

use std::collections::BTreeMap;

use super::objects;
use super::queries::SEPARATOR;
use super::{Kinds, record::Row};
use crate::dialect::postgres::default::is_volatile;
use crate::dialect::postgres::quote::{self, bare};
use crate::schema::*;

/// The comments, by the catalog, oid and number of what they are about.
struct Said<'a>(BTreeMap<(&'a str, &'a str, &'a str), &'a str>);

impl<'a> Said<'a> {
    fn new(rows: &'a [Row]) -> Self {
        Self(rows.iter().map(|row| ((row.text(0), row.text(1), row.text(2)), row.text(3))).collect())
    }

    fn of(&self, catalog: &str, oid: &str) -> Option<String> {
        self.of_part(catalog, oid, "0")
    }

    fn of_part(&self, catalog: &str, oid: &str, number: &str) -> Option<String> {
        self.0.get(&(catalog, oid, number)).map(|text| (*text).to_owned())
    }
}

/// A table while it is put together: columns keep their numbers until everything that names them is resolved.
struct Draft {
    table: Table,
    numbers: BTreeMap<i64, (usize, String)>,
    backing: Vec<String>,
}

impl Draft {
    fn names(&self, numbers: &[&str]) -> Vec<String> {
        let name =
            |number: &&str| self.numbers.get(&number.parse().ok()?).map(|(at, _)| self.table.columns[*at].name.clone());
        numbers.iter().filter_map(name).collect()
    }
}

pub(super) fn name(namespace: &str, name: &str) -> Name {
    Name::qualified((namespace != "public").then(|| namespace.to_owned()), name)
}

fn deferrable(row: &Row, at: usize) -> Deferrable {
    match (row.flag(at), row.flag(at + 1)) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}

fn action(code: &str) -> ForeignKeyAction {
    match code {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
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

pub(super) fn assemble(kinds: &Kinds) -> Schema {
    let of = |kind: &str| kinds.of(kind);
    let mut schema = Schema::default();
    let said = Said::new(of("description"));
    for row in of("namespace").iter().filter(|row| row.text(0) != "public") {
        let comment = said.of("pg_namespace", row.text(1));
        let namespace = Namespace { name: row.text(0).to_owned(), comment };
        schema.namespaces.insert(namespace.name.clone(), namespace);
    }
    for row in of("enum") {
        let name = name(row.text(0), row.text(1));
        let values = row.opt(2).map(|text| text.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
        let comment = row.list(3).first().and_then(|oid| said.of("pg_type", oid));
        schema.enums.insert(name.clone(), Enum { name, values, comment });
    }
    for row in of("domain") {
        let domain = Domain { base: row.text(1).to_owned(), not_null: row.flag(2) };
        schema.domains.insert(row.text(0).to_owned(), domain);
    }
    let types: BTreeMap<&str, &str> = of("type").iter().map(|row| (row.text(0), row.text(1))).collect();
    let enums: BTreeMap<&str, &Row> = of("enum type").iter().map(|row| (row.text(0), row)).collect();
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for row in of("table") {
        let name = name(row.text(1), row.text(2));
        let table = Table {
            name,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            comment: said.of("pg_class", row.text(0)),
            options: Vec::new(),
            inheritance: Inheritance { partition_by: row.string(3), bound: row.string(4), ..Inheritance::default() },
        };
        drafts.insert(row.text(0).to_owned(), Draft { table, numbers: BTreeMap::new(), backing: Vec::new() });
    }
    for row in of("inherits") {
        let Some(parent) = drafts.get(row.text(1)).map(|draft| draft.table.name.clone()) else { continue };
        if let Some(draft) = drafts.get_mut(row.text(0)) {
            draft.table.inheritance.parents.push(parent);
        }
    }
    // The constraints that stand on an index: one of a foreign key names it, too.
    let keys: BTreeMap<&str, &Row> = of("constraint")
        .iter()
        .filter(|row| matches!(row.text(2), "p" | "u" | "x"))
        .map(|row| (row.text(13), row))
        .collect();
    for row in of("attached") {
        if let Some(draft) = drafts.get_mut(row.text(0)) {
            let (name, of) = (row.text(1).to_owned(), row.text(2).to_owned());
            let [own, parents] = [3, 4].map(|at| keys.get(row.text(at)));
            let kind = |key: Option<&&Row>| key.map(|key| key.text(2).to_owned());
            let own_key = own.filter(|own| parents.is_none() && !own.flag(9)).and_then(|own| match own.text(2) {
                "p" => Some("PRIMARY KEY".to_owned()),
                "u" => Some("UNIQUE".to_owned()),
                _ => None,
            });
            let attached = &mut draft.table.inheritance.attached;
            attached.push(Attached { name, of, alike: kind(own) == kind(parents), own_key });
            // Which was made first is no difference.
            attached.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
    let mut columns: Vec<&Row> = of("column").iter().collect();
    columns.sort_by_cached_key(|row| row.number(1));
    for row in columns {
        if let Some(draft) = drafts.get_mut(row.text(0)) {
            draft.numbers.insert(row.number(1), (draft.table.columns.len(), row.text(9).to_owned()));
            let comment = said.of_part("pg_class", row.text(0), row.text(1));
            draft.table.columns.push(Column { comment, ..column(row, &types, &enums) });
        }
    }
    for row in of("sequence") {
        let name = name(row.text(0), row.text(1));
        let owner = row.opt(9).map(|table| (table, row.number(10)));
        let Some((table, number)) = owner else {
            let sequence =
                Sequence { name: name.clone(), options: options(row), comment: said.of("pg_class", row.text(11)) };
            schema.sequences.insert(name, sequence);
            continue;
        };
        let Some(draft) = drafts.get_mut(table) else { continue };
        let Some((at, _)) = draft.numbers.get(&number) else { continue };
        let column = &mut draft.table.columns[*at];
        let next = format!("nextval({}::regclass)", quote::literal(&quote::name(&name)));
        match &mut column.identity {
            // Another sequence may name the column its owner.
            Some(identity) if row.text(12) == "i" => identity.sequence = Some((name, options(row))),
            None if column.default.as_ref().is_some_and(|default| default.sql == next) => {
                column.default = None;
                column.identity = Some(Identity { kind: IdentityKind::Serial, sequence: Some((name, options(row))) });
            }
            _ => {
                let sequence = Sequence { name: name.clone(), options: options(row), comment: None };
                schema.sequences.insert(name, sequence);
            }
        }
    }
    constraints(of("constraint"), of("index"), &said, &mut drafts, &mut schema.unread);
    indexes(of("index"), &Spelled::new(&of), &said, &mut drafts);
    let mut ids: BTreeMap<String, ObjectId> = BTreeMap::new();
    for (oid, draft) in &drafts {
        ids.insert(oid.clone(), ObjectId::Table(draft.table.name.clone()));
    }
    for row in of("enum") {
        // A function may name the array type, which is another object.
        for oid in row.list(3) {
            ids.insert(oid.to_owned(), ObjectId::Enum(name(row.text(0), row.text(1))));
        }
    }
    for row in of("sequence") {
        let name = name(row.text(0), row.text(1));
        if schema.sequences.contains_key(&name) {
            ids.insert(row.text(11).to_owned(), ObjectId::Sequence(name));
        }
    }
    objects::objects(kinds, &mut schema, ids);
    schema.unread.extend(of("subscription").iter().map(|row| format!("subscription {}", row.text(0))));
    schema.unread.extend(of("unread").iter().map(|row| row.text(0).to_owned()));
    schema.unread.sort();
    for mut draft in drafts.into_values() {
        let table = &mut draft.table;
        table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        if table.inheritance.bound.is_some() {
            // From PostgreSQL 17 on, a partition is numbered by its parent's sequence.
            let parents = |column: &&mut Column| column.identity.as_ref().is_some_and(|it| it.sequence.is_none());
            table.columns.iter_mut().filter(parents).for_each(|column| column.identity = None);
        }
        schema.tables.insert(table.name.clone(), draft.table);
    }
    schema
}

fn column(row: &Row, types: &BTreeMap<&str, &str>, enums: &BTreeMap<&str, &Row>) -> Column {
    let sql = row.opt(4).or_else(|| types.get(row.text(3)).copied()).unwrap_or_default().to_owned();
    let depends_on = enums.get(row.text(3)).map(|ty| name(ty.text(1), ty.text(2)));
    let kind = match row.text(7) {
        "d" => Some(IdentityKind::ByDefault),
        "a" => Some(IdentityKind::Always),
        _ => None,
    };
    let (default, generated) = if row.text(8).is_empty() { (row.string(6), None) } else { (None, row.opt(6)) };
    Column {
        name: row.text(2).to_owned(),
        ty: ColumnType { sql, depends_on },
        nullable: !row.flag(5),
        default: default.map(|sql| Default { volatile: is_volatile(&sql), sql }),
        identity: kind.map(|kind| Identity { kind, sequence: None }),
        generated: generated.map(bare),
        is_virtual: row.text(8) == "v",
        not_null: None,
        collation: row.string(10),
        comment: None,
    }
}

/// Whether it is a name that the server gives to a NOT NULL: `users_email_not_null`.
fn is_picked(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

fn constraints(
    rows: &[Row],
    indexes: &[Row],
    said: &Said<'_>,
    drafts: &mut BTreeMap<String, Draft>,
    unread: &mut Vec<String>,
) {
    let backing: BTreeMap<&str, &Row> = indexes.iter().map(|row| (row.text(1), row)).collect();
    for row in rows {
        let target = drafts.get(row.text(4)).map(|target| (target.table.name.clone(), target.names(&row.list(5))));
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let comment = said.of("pg_constraint", row.text(15));
        let (conname, columns) = (row.text(1).to_owned(), draft.names(&row.list(3)));
        match row.text(2) {
            kind @ ("p" | "u") => {
                draft.backing.push(row.text(13).to_owned());
                let index = backing.get(row.text(13));
                let include = index.map(|index| {
                    let keys = index.list(6);
                    draft.names(&keys[columns.len().min(keys.len())..])
                });
                let key = Key {
                    name: conname,
                    columns,
                    include: include.unwrap_or_default(),
                    nulls_not_distinct: index.is_some_and(|index| index.flag(4)),
                    without_overlaps: row.flag(19),
                    deferrable: deferrable(row, 9),
                    comment,
                };
                if row.flag(16) {
                    draft.table.inheritance.has_parents_key |= kind == "p";
                    if kind == "p" {
                        draft.table.primary_key = Some(key);
                    }
                } else if kind == "p" {
                    draft.table.primary_key = Some(key);
                } else {
                    draft.table.uniques.push(key);
                }
            }
            _ if row.flag(16) => draft.backing.push(row.text(13).to_owned()),
            "f" => match target {
                Some((references, references_columns)) => draft.table.foreign_keys.push(ForeignKey {
                    name: conname,
                    columns,
                    references,
                    references_columns,
                    on_delete: action(row.text(6)),
                    on_delete_columns: draft.names(&row.list(17)),
                    on_update: action(row.text(7)),
                    match_full: row.text(8) == "f",
                    period: row.flag(19),
                    deferrable: deferrable(row, 9),
                    validated: row.flag(11),
                    enforced: row.flag(18),
                    comment,
                }),
                None => unread.push(format!("foreign key {}.{conname} to a table that is not read", draft.table.name)),
            },
            "c" => draft.table.checks.push(Check {
                name: conname,
                expr: bare(row.text(14)),
                no_inherit: row.flag(12),
                validated: row.flag(11),
                enforced: row.flag(18),
                comment,
            }),
            "n" => {
                let place =
                    row.list(3).first().and_then(|number| draft.numbers.get(&number.parse().ok()?)).map(|it| it.0);
                let name = (!is_picked(&conname)).then_some(conname);
                let said = NotNull { name, no_inherit: row.flag(12), validated: row.flag(11) };
                if let Some(column) = place.and_then(|at| draft.table.columns.get_mut(at)) {
                    column.not_null = Some(said);
                }
            }
            // An exclusion constraint, which is read as text.
            _ => draft.backing.push(row.text(13).to_owned()),
        }
    }
}

/// How what an index's row gives by its oid is written.
struct Spelled<'a> {
    opclasses: BTreeMap<&'a str, String>,
    collations: BTreeMap<&'a str, String>,
    /// By index and number of the key: an operator class with its parameters, also where it is the usual one.
    parameters: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Spelled<'a> {
    fn new(of: &impl Fn(&str) -> &'a [Row]) -> Self {
        let spell = |row: &Row| match row.text(2) {
            "pg_catalog" | "public" => quote::ident(row.text(1)),
            namespace => format!("{}.{}", quote::ident(namespace), quote::ident(row.text(1))),
        };
        let spelled = |kind: &str| of(kind).iter().map(|row| (row.text(0), spell(row))).collect();
        let parameters = of("opclass parameters").iter().map(|row| ((row.text(0), row.text(1)), row.text(2)));
        Self { opclasses: spelled("opclass"), collations: spelled("collation"), parameters: parameters.collect() }
    }

    fn opclass(&self, index: &Row, at: usize, oid: Option<&str>) -> Option<String> {
        let number = (at + 1).to_string();
        let with = self.parameters.get(&(index.text(1), number.as_str())).map(|said| (*said).to_owned());
        with.or_else(|| self.opclasses.get(oid?).cloned())
    }
}

fn indexes(rows: &[Row], spelled: &Spelled<'_>, said: &Said<'_>, drafts: &mut BTreeMap<String, Draft>) {
    for row in rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        if row.flag(15) || draft.backing.iter().any(|oid| oid == row.text(1)) {
            continue;
        }
        let (attributes, keys) = (row.list(6), usize::try_from(row.number(10)).unwrap_or_default());
        let expressions: Vec<&str> = row.opt(12).map(|text| text.split(SEPARATOR).collect()).unwrap_or_default();
        let (flags, classes, collated) = (row.list(7), row.list(8), row.list(9));
        let key = |at: usize| {
            let number = attributes.get(at)?.parse::<i64>().ok()?;
            let flags: i64 = flags.get(at).and_then(|flags| flags.parse().ok()).unwrap_or_default();
            let (descending, first) = (flags & 1 != 0, flags & 2 != 0);
            let column = draft.numbers.get(&number);
            let collation = collated.get(at).copied().unwrap_or_default();
            Some(IndexKey {
                what: match column {
                    Some((at, _)) => IndexKeyWhat::Column(draft.table.columns[*at].name.clone()),
                    None => IndexKeyWhat::Expr(bare(expressions.get(at).copied().unwrap_or_default())),
                },
                descending,
                nulls: match (descending, first) {
                    (false, true) => NullsOrder::First,
                    (true, false) => NullsOrder::Last,
                    _ => NullsOrder::Default,
                },
                opclass: spelled.opclass(row, at, classes.get(at).copied()),
                collation: column
                    .filter(|(_, own)| collation != "0" && own != collation)
                    .and_then(|_| spelled.collations.get(collation).cloned()),
            })
        };
        let with: Vec<String> =
            row.opt(13).map(|text| text.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
        let index = Index {
            name: row.text(2).to_owned(),
            unique: row.flag(3),
            nulls_not_distinct: row.flag(4),
            method: row.text(5).to_owned(),
            keys: (0..keys).filter_map(key).collect(),
            include: draft.names(attributes.get(keys..).unwrap_or_default()),
            predicate: row.opt(11).map(bare),
            with,
            valid: row.flag(14),
            comment: said.of("pg_class", row.text(1)),
        };
        draft.table.indexes.push(index);
    }
}
