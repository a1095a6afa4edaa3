//! From the query's rows to what is handled as text.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Assembly, name};
use super::kinds::KINDS;
use super::queries::SEPARATOR;
use super::record::{Oid, Row};
use super::{Kinds, spelling};
use crate::dialect::postgres::quote;
use crate::schema::*;

/// What a setting that gives a sequence to a column begins with.
const OWNERSHIP: &str = "ALTER SEQUENCE ";

/// An object with its oid, and that of what it belongs to where `pg_depend` does not say so.
struct Found {
    oid: Oid,
    owner: Option<Oid>,
    /// A constraint that it is about, as its table's oid and its name.
    about: Option<(Oid, String)>,
    object: Object,
}

impl Found {
    fn new(oid: Oid, id: ObjectId, definition: String) -> Self {
        let object = Object { id, definition, drop: None, columns: Vec::new(), depends_on: Vec::new() };
        Self { oid, owner: None, about: None, object }
    }
}

impl Assembly {
    /// Adds what is handled as text, when all else is there, and what needs what.
    pub(super) fn objects(&mut self, kinds: &Kinds) {
        let mut found = self.named(kinds);
        found.extend(self.of_kinds(kinds));
        self.indexes_of(&found);
        let edges = self.edges(kinds, &found);
        let views: BTreeMap<Oid, &Row> = kinds.of("view").iter().map(|row| (row.oid(0), row)).collect();
        for Found { oid, owner, about, mut object } in found {
            object.columns = match views.get(&oid) {
                Some(view) => view.text(6).split(SEPARATOR).map(str::to_owned).collect(),
                None => Vec::new(),
            };
            object.depends_on = owner.and_then(|owner| self.ids.get(&owner)).into_iter().cloned().collect();
            if let Some((oid, constraint)) = about
                && let Some(ObjectId::Table(table)) = self.ids.get(&oid)
            {
                object.depends_on.push(ObjectId::Constraint(table.clone(), constraint));
            }
            if object.definition.starts_with(OWNERSHIP)
                && let Some((table, number)) = owner.and_then(|oid| self.owned.get(&oid))
                && let Some(ObjectId::Table(name)) = self.ids.get(table)
            {
                object.depends_on.extend(self.column_id(name, *table, *number));
                object.depends_on.push(ObjectId::Table(name.clone()));
            }
            object.depends_on.extend(edges.get(&oid).into_iter().flatten().cloned());
            object.depends_on.retain(|id| *id != object.id);
            object.depends_on.sort();
            object.depends_on.dedup();
            self.schema.objects.insert(object.id.clone(), object);
        }
    }

    /// What has a query of its own.
    fn named(&mut self, kinds: &Kinds) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for row in kinds.of("extension") {
            let place = match row.text(2) {
                "public" | "pg_catalog" => String::new(),
                namespace => format!(" WITH SCHEMA {}", quote::ident(namespace)),
            };
            let id = ObjectId::Object(ObjectKind::Extension, Name::new(row.text(1)));
            found.push(Found::new(row.oid(0), id, format!("CREATE EXTENSION {}{place}", quote::ident(row.text(1)))));
        }
        for row in kinds.of("function") {
            let named = name(row.text(1), &format!("{}({})", row.text(2), row.text(4)));
            let id = ObjectId::Object(ObjectKind::Function, named);
            found.push(Found::new(row.oid(0), id, spelling::function(row.text(3))));
        }
        for row in kinds.of("view") {
            let named = name(row.text(1), row.text(2));
            let (kind, words) = match row.text(3) {
                "m" => (ObjectKind::MaterializedView, "MATERIALIZED VIEW"),
                _ => (ObjectKind::View, "VIEW"),
            };
            let with = row.opt(5).map(|options| format!(" WITH ({options})")).unwrap_or_default();
            let body = row.text(4).trim_end().trim_end_matches(';');
            let definition = format!("CREATE {words} {}{with} AS\n{body}", quote::name(&named));
            found.push(Found::new(row.oid(0), ObjectId::Object(kind, named), definition));
        }
        for row in kinds.of("trigger") {
            let named = name(row.text(1), &format!("{}.{}", row.text(2), row.text(3)));
            let id = ObjectId::Object(ObjectKind::Trigger, named);
            let mut it = Found::new(row.oid(0), id, row.text(4).to_owned());
            let on = quote::name(&name(row.text(1), row.text(2)));
            it.object.drop = Some(format!("DROP TRIGGER {} ON {on}", quote::ident(row.text(3))));
            found.push(it);
        }
        self.ids.extend(found.iter().map(|it| (it.oid, it.object.id.clone())));
        found
    }

    /// What is a row of [`KINDS`].
    fn of_kinds(&mut self, kinds: &Kinds) -> Vec<Found> {
        let mut found = Vec::new();
        for row in kinds.of("object") {
            let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == row.text(1)) else { continue };
            // What a column that it numbers says of the sequence stands there.
            if row.text(4).starts_with(OWNERSHIP) && row.opt_oid(6).is_none_or(|oid| !self.ids.contains_key(&oid)) {
                continue;
            }
            let named = match row.opt(2) {
                Some(namespace) => name(namespace, row.text(3)),
                None => Name::new(row.text(3)),
            };
            let id = ObjectId::Object(*kind, named);
            self.ids.extend(row.opt_oid(0).map(|oid| (oid, id.clone())));
            let mut it = Found::new(row.oid(0), id, row.text(4).trim_end().to_owned());
            it.object.drop = row.string(5);
            it.owner = row.opt_oid(6);
            it.about = row.opt_oid(7).zip(row.string(8));
            found.push(it);
        }
        found
    }

    /// Knows the indexes that something found belongs to.
    fn indexes_of(&mut self, found: &[Found]) {
        let wanted: BTreeSet<Oid> = found.iter().filter_map(|it| it.owner).collect();
        for oid in wanted.into_iter().filter(|oid| !self.ids.contains_key(oid)).collect::<Vec<_>>() {
            let Some(row) = self.indexes.get(&oid) else { continue };
            let Some(ObjectId::Table(table)) = self.ids.get(&row.oid(0)) else { continue };
            let id = match self.keys.get(&oid) {
                Some(key) => ObjectId::Constraint(table.clone(), key.name.clone()),
                None => ObjectId::Index(table.clone(), row.text(2).to_owned()),
            };
            self.ids.insert(oid, id);
        }
    }

    fn column_id(&self, name: &Name, table: Oid, number: i64) -> Option<ObjectId> {
        let (column, _) = self.drafts.get(&table)?.column(number)?;
        Some(ObjectId::Column(name.clone(), column.name.clone()))
    }

    /// What each object needs; what columns, constraints and indexes do, goes into [`Schema::needs`].
    fn edges(&mut self, kinds: &Kinds, found: &[Found]) -> BTreeMap<Oid, Vec<ObjectId>> {
        // Whatever casts depends on the function that does it, as the server has it.
        let casts: Vec<(Oid, &ObjectId)> = found
            .iter()
            .filter(|it| matches!(it.object.id, ObjectId::Object(ObjectKind::Cast, _)))
            .filter_map(|it| Some((it.owner?, &it.object.id)))
            .collect();
        let mut edges: BTreeMap<Oid, Vec<ObjectId>> = BTreeMap::new();
        let mut all_needs = Vec::new();
        for row in kinds.of("depend") {
            let (object, on) = (row.oid(0), row.oid(2));
            let Some(id) = self.ids.get(&on).filter(|_| object != on) else { continue };
            // A column's enum stands in its type, but for a composite type's.
            let of_table = row.opt_oid(4).is_some_and(|it| !matches!(self.ids.get(&it), Some(ObjectId::Object(..))));
            if matches!(id, ObjectId::Enum(_)) && of_table {
                continue;
            }
            let mut needs = Vec::new();
            if let ObjectId::Table(table) = id {
                needs.extend(self.column_id(table, on, row.number(3)));
            }
            needs.push(id.clone());
            let itself = self.ids.get(&object);
            if !matches!(itself, Some(ObjectId::Object(ObjectKind::Cast, _))) {
                needs.extend(casts.iter().filter(|(does, _)| *does == on).map(|(_, cast)| (*cast).clone()));
            }
            match row.opt_oid(4).filter(|_| matches!(itself, None | Some(ObjectId::Table(_)))) {
                Some(relation) => {
                    let user = self.holder(row, relation);
                    all_needs.extend(
                        user.into_iter().flat_map(|user| needs.iter().map(move |it| (user.clone(), it.clone()))),
                    );
                }
                None => edges.entry(object).or_default().extend(needs),
            }
        }
        all_needs.sort();
        all_needs.dedup();
        self.schema.needs = all_needs;
        edges
    }

    /// Whose need a row of `depend` is, where that is no object of its own: a column, a constraint or an index.
    fn holder(&self, row: &Row, relation: Oid) -> Option<ObjectId> {
        let Some(ObjectId::Table(table)) = self.ids.get(&relation) else { return None };
        match row.string(6) {
            Some(name) if row.flag(7) => Some(ObjectId::Index(table.clone(), name)),
            Some(name) => Some(ObjectId::Constraint(table.clone(), name)),
            None => self.column_id(table, relation, row.number(5)),
        }
    }
}
