//! From the query's rows to what is handled as text.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::name;
use super::kinds::KINDS;
use super::queries::SEPARATOR;
use super::{Kinds, record::Row};
use crate::dialect::postgres::quote;
use crate::schema::*;

/// What a setting that gives a sequence to a column begins with.
const OWNERSHIP: &str = "ALTER SEQUENCE ";

/// An object with its oid, and that of what it belongs to where `pg_depend` does not say so.
struct Found<'a> {
    oid: &'a str,
    owner: Option<&'a str>,
    /// A constraint that it is about, as its table's oid and its name.
    about: Option<(&'a str, &'a str)>,
    object: Object,
}

pub(super) fn objects(kinds: &Kinds, schema: &mut Schema, mut ids: BTreeMap<String, ObjectId>) {
    let of = |kind: &str| kinds.of(kind);
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut add = |oid, kind: ObjectKind, name: Name, definition: String| {
        let id = ObjectId::Object(kind, name);
        ids.insert(str::to_owned(oid), id.clone());
        let object = Object { id, definition, drop: None, columns: Vec::new(), depends_on: Vec::new() };
        found.push(Found { oid, owner: None, about: None, object });
    };
    for row in of("extension") {
        let place = match row.text(2) {
            "public" | "pg_catalog" => String::new(),
            namespace => format!(" WITH SCHEMA {}", quote::ident(namespace)),
        };
        let definition = format!("CREATE EXTENSION {}{place}", quote::ident(row.text(1)));
        add(row.text(0), ObjectKind::Extension, Name::new(row.text(1)), definition);
    }
    for row in of("function") {
        let named = name(row.text(1), &format!("{}({})", row.text(2), row.text(4)));
        add(row.text(0), ObjectKind::Function, named, row.text(3).trim_end().to_owned());
    }
    for row in of("view") {
        let named = name(row.text(1), row.text(2));
        let (kind, words) = match row.text(3) {
            "m" => (ObjectKind::MaterializedView, "MATERIALIZED VIEW"),
            _ => (ObjectKind::View, "VIEW"),
        };
        let with = row.opt(5).map(|options| format!(" WITH ({options})")).unwrap_or_default();
        let body = row.text(4).trim_end().trim_end_matches(';');
        let definition = format!("CREATE {words} {}{with} AS\n{body}", quote::name(&named));
        add(row.text(0), kind, named, definition);
    }
    let views: BTreeMap<&str, Vec<String>> =
        of("view").iter().map(|row| (row.text(0), row.text(6).split(SEPARATOR).map(str::to_owned).collect())).collect();
    for row in of("trigger") {
        let named = name(row.text(1), &format!("{}.{}", row.text(2), row.text(3)));
        add(row.text(0), ObjectKind::Trigger, named, row.text(4).to_owned());
    }
    for row in of("object") {
        let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == row.text(1)) else { continue };
        // What a column that it numbers says of the sequence stands there.
        if row.text(4).starts_with(OWNERSHIP) && row.opt(6).is_none_or(|oid| !ids.contains_key(oid)) {
            continue;
        }
        let named = match row.opt(2) {
            Some(namespace) => name(namespace, row.text(3)),
            None => Name::new(row.text(3)),
        };
        let id = ObjectId::Object(*kind, named);
        ids.extend(row.opt(0).map(|oid| (oid.to_owned(), id.clone())));
        let definition = row.text(4).trim_end().to_owned();
        let object = Object { id, definition, drop: row.string(5), columns: Vec::new(), depends_on: Vec::new() };
        found.push(Found { oid: row.text(0), owner: row.opt(6), about: row.opt(7).zip(row.opt(8)), object });
    }
    let tables = |oid: &str| match ids.get(oid) {
        Some(ObjectId::Table(table)) => Some(table.clone()),
        _ => None,
    };
    let wanted: BTreeSet<&str> = found.iter().filter_map(|it| it.owner).filter(|oid| !ids.contains_key(*oid)).collect();
    let mut more = Vec::new();
    let keys: BTreeMap<&str, &Row> =
        of("constraint").iter().filter(|row| row.text(2) != "f").map(|row| (row.text(13), row)).collect();
    for row in of("index").iter().filter(|row| wanted.contains(row.text(1))) {
        let key = keys.get(row.text(1));
        if let Some(table) = tables(row.text(0)) {
            let index = || ObjectId::Index(table.clone(), row.text(2).to_owned());
            let id = key.map_or_else(index, |key| ObjectId::Constraint(table.clone(), key.text(1).to_owned()));
            more.push((row.text(1).to_owned(), id));
        }
    }
    ids.extend(more);
    let sequences: BTreeMap<&str, &Row> = of("sequence").iter().map(|row| (row.text(11), row)).collect();
    let columns: BTreeMap<(&str, i64), &str> =
        of("column").iter().map(|row| ((row.text(0), row.number(1)), row.text(2))).collect();
    // Whatever casts depends on the function that does it, as the server has it.
    let casts: Vec<(&str, &ObjectId)> = found
        .iter()
        .filter(|it| matches!(it.object.id, ObjectId::Object(ObjectKind::Cast, _)))
        .filter_map(|it| Some((it.owner?, &it.object.id)))
        .collect();
    let mut edges: BTreeMap<&str, Vec<ObjectId>> = BTreeMap::new();
    for row in of("depend").iter().filter(|row| row.text(0) != row.text(2)) {
        let Some(id) = ids.get(row.text(2)) else { continue };
        // A column's enum stands in its type.
        if matches!(id, ObjectId::Enum(_)) && row.opt(4).is_some() {
            continue;
        }
        let mut needs = Vec::new();
        if let ObjectId::Table(table) = id
            && let Some(column) = columns.get(&(row.text(2), row.number(3)))
        {
            needs.push(ObjectId::Column(table.clone(), (*column).to_owned()));
        }
        needs.push(id.clone());
        if !matches!(ids.get(row.text(0)), Some(ObjectId::Object(ObjectKind::Cast, _))) {
            needs.extend(casts.iter().filter(|(does, _)| *does == row.text(2)).map(|(_, cast)| (*cast).clone()));
        }
        match row
            .opt(4)
            .filter(|_| !ids.contains_key(row.text(0)) || matches!(ids.get(row.text(0)), Some(ObjectId::Table(_))))
        {
            Some(relation) => {
                let user = holder(row, ids.get(relation), columns.get(&(relation, row.number(5))).copied());
                schema
                    .needs
                    .extend(user.into_iter().flat_map(|user| needs.iter().map(move |it| (user.clone(), it.clone()))));
            }
            None => edges.entry(row.text(0)).or_default().extend(needs),
        }
    }
    schema.needs.sort();
    schema.needs.dedup();
    for Found { oid, owner, about, mut object } in found {
        object.columns = views.get(oid).cloned().unwrap_or_default();
        object.depends_on = owner.and_then(|owner| ids.get(owner)).into_iter().cloned().collect();
        if let Some((oid, constraint)) = about
            && let Some(ObjectId::Table(table)) = ids.get(oid)
        {
            object.depends_on.push(ObjectId::Constraint(table.clone(), constraint.to_owned()));
        }
        if object.definition.starts_with(OWNERSHIP)
            && let Some(row) = owner.and_then(|oid| sequences.get(oid))
            && let Some(ObjectId::Table(table)) = ids.get(row.text(9))
        {
            let column = columns.get(&(row.text(9), row.number(10)));
            object.depends_on.extend(column.map(|column| ObjectId::Column(table.clone(), (*column).to_owned())));
            object.depends_on.push(ObjectId::Table(table.clone()));
        }
        object.depends_on.extend(edges.get(oid).into_iter().flatten().cloned());
        object.depends_on.retain(|id| *id != object.id);
        object.depends_on.sort();
        object.depends_on.dedup();
        schema.objects.insert(object.id.clone(), object);
    }
}

/// Whose need a row of `depend` is, where that is no object of its own: a column, a constraint or an index.
fn holder(row: &Row, relation: Option<&ObjectId>, column: Option<&str>) -> Option<ObjectId> {
    let Some(ObjectId::Table(table)) = relation else { return None };
    match row.string(6) {
        Some(name) if row.flag(7) => Some(ObjectId::Index(table.clone(), name)),
        Some(name) => Some(ObjectId::Constraint(table.clone(), name)),
        None => column.map(|column| ObjectId::Column(table.clone(), column.to_owned())),
    }
}
