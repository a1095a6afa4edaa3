//! What needs what within one schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::text::{mentions, names};
use crate::schema::{ForeignKey, Index, IndexKey, IndexKeyWhat, Name, Object, ObjectId, ObjectKind, Schema, Table};

/// Pairs of (what needs, what it needs), in no order that means anything.
#[must_use]
pub fn dependencies(schema: &Schema) -> Vec<(ObjectId, ObjectId)> {
    let mut edges = schema.needs.clone();
    let home = |id: ObjectId, name: &Name, edges: &mut Vec<(ObjectId, ObjectId)>| {
        edges.extend(name.namespace.clone().map(|it| (id, ObjectId::Namespace(it))));
    };
    let functions = |text: &str| -> Vec<ObjectId> {
        let named = schema.objects.keys().filter(|id| match id {
            ObjectId::Object(ObjectKind::Function, name) => mentions(text, name.name.split('(').next().unwrap_or("")),
            _ => false,
        });
        named.cloned().collect()
    };
    let counted = counted(schema);
    let parts = parts(schema);
    schema.enums.keys().for_each(|name| home(ObjectId::Enum(name.clone()), name, &mut edges));
    schema.sequences.keys().for_each(|name| home(ObjectId::Sequence(name.clone()), name, &mut edges));
    for (id, object) in &schema.objects {
        if let ObjectId::Object(_, name) = id {
            home(id.clone(), name, &mut edges);
        }
        edges.extend(object.depends_on.iter().map(|needs| (id.clone(), needs.clone())));
        edges.extend(columns_of(object, schema).into_iter().map(|needs| (id.clone(), needs)));
    }
    for (name, table) in &schema.tables {
        let own = ObjectId::Table(name.clone());
        home(own.clone(), name, &mut edges);
        edges.extend(table.inheritance.parents.iter().map(|parent| (own.clone(), ObjectId::Table(parent.clone()))));
        let column = |it: &String| ObjectId::Column(name.clone(), it.clone());
        let named = |text: &str| -> Vec<ObjectId> {
            table.columns.iter().filter(|it| mentions(text, &it.name)).map(|it| column(&it.name)).collect()
        };
        for it in &table.columns {
            let id = column(&it.name);
            edges.push((id.clone(), own.clone()));
            let parents = table.inheritance.parents.iter();
            edges.extend(parents.map(|parent| (id.clone(), ObjectId::Column(parent.clone(), it.name.clone()))));
            edges.extend(it.ty.depends_on.clone().map(|ty| (id.clone(), ObjectId::Enum(ty))));
            if let Some(default) = &it.default {
                let used = schema.sequences.keys().filter(|seq| default.sql.contains(seq.name.as_str()));
                edges.extend(used.map(|seq| (id.clone(), ObjectId::Sequence(seq.clone()))));
                let owner = counts(&default.sql).and_then(|name| counted.get(name));
                edges.extend(owner.filter(|owner| **owner != id).map(|owner| (id.clone(), owner.clone())));
                edges.extend(functions(&default.sql).into_iter().map(|needs| (id.clone(), needs)));
            }
            if let Some(text) = &it.generated {
                let needs = named(text).into_iter().filter(|needs| *needs != id).chain(functions(text));
                edges.extend(needs.map(|needs| (id.clone(), needs)));
            }
        }
        for it in table.primary_key.iter().chain(&table.uniques) {
            let id = ObjectId::Constraint(name.clone(), it.name.clone());
            edges.push((id.clone(), own.clone()));
            edges.extend(it.columns.iter().chain(&it.include).map(|it| (id.clone(), column(it))));
        }
        for it in &table.checks {
            let id = ObjectId::Constraint(name.clone(), it.name.clone());
            edges.push((id.clone(), own.clone()));
            edges.extend(named(&it.expr).into_iter().chain(functions(&it.expr)).map(|needs| (id.clone(), needs)));
        }
        for it in &table.foreign_keys {
            let id = ObjectId::Constraint(name.clone(), it.name.clone());
            edges.push((id.clone(), own.clone()));
            edges.push((id.clone(), ObjectId::Table(it.references.clone())));
            edges.extend(
                parts.get(&it.references).into_iter().flatten().map(|it| (id.clone(), ObjectId::Table((*it).clone()))),
            );
            edges.extend(it.columns.iter().map(|it| (id.clone(), column(it))));
            let far = it.references_columns.iter().map(|far| ObjectId::Column(it.references.clone(), far.clone()));
            edges.extend(far.map(|far| (id.clone(), far)));
            let Some(target) = schema.tables.get(&it.references) else { continue };
            edges.extend(stands_on(it, target).into_iter().map(|needs| (id.clone(), needs)));
            // A partition's key goes with its parent's.
            let above = target.inheritance.bound.iter().flat_map(|_| schema.ancestors(target));
            let above = above.filter_map(|name| schema.tables.get(name));
            edges.extend(above.flat_map(|parent| stands_on(it, parent)).map(|needs| (id.clone(), needs)));
        }
        for it in &table.indexes {
            let id = ObjectId::Index(name.clone(), it.name.clone());
            edges.push((id.clone(), own.clone()));
            edges.extend(it.include.iter().map(|it| (id.clone(), column(it))));
            let texts = it.keys.iter().filter_map(|key| match &key.what {
                IndexKeyWhat::Expr(text) => Some(text),
                IndexKeyWhat::Column(_) => None,
            });
            for text in texts.chain(&it.predicate) {
                edges.extend(named(text).into_iter().chain(functions(text)).map(|needs| (id.clone(), needs)));
            }
            for key in &it.keys {
                if let IndexKeyWhat::Column(it) = &key.what {
                    edges.push((id.clone(), column(it)));
                }
            }
        }
    }
    edges
}

/// The partitions of each table, of all levels: a foreign key stands on each of them.
fn parts(schema: &Schema) -> BTreeMap<&Name, Vec<&Name>> {
    let mut found: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
    for part in schema.tables.values().filter(|it| it.inheritance.bound.is_some()) {
        let mut above: Vec<&Name> = part.inheritance.parents.iter().collect();
        while let Some(parent) = above.pop() {
            found.entry(parent).or_default().push(&part.name);
            let parents = schema.tables.get(parent).filter(|it| it.inheritance.bound.is_some());
            above.extend(parents.into_iter().flat_map(|it| &it.inheritance.parents));
        }
    }
    found
}

/// The columns whose own sequence another column's default may count with, by its bare name.
fn counted(schema: &Schema) -> BTreeMap<&str, ObjectId> {
    let columns = schema.tables.values().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let numbered = columns.filter_map(|(table, column)| {
        let (sequence, _) = column.identity.as_ref()?.sequence.as_ref()?;
        Some((sequence.name.as_str(), ObjectId::Column(table.name.clone(), column.name.clone())))
    });
    numbered.collect()
}

/// The bare name of the sequence that a default counts with: `nextval('side."S"'::regclass)`.
fn counts(default: &str) -> Option<&str> {
    let named = default.strip_prefix("nextval('")?.split('\'').next()?;
    Some(named.rsplit_once('.').map_or(named, |(_, name)| name).trim_matches('"'))
}

/// The columns of its table that a setting, a comment or statistics are of: they are read as the table's.
fn columns_of(object: &Object, schema: &Schema) -> Vec<ObjectId> {
    let ObjectId::Object(ObjectKind::Setting | ObjectKind::Comment | ObjectKind::Statistics, _) = &object.id else {
        return Vec::new();
    };
    let tables = object.depends_on.iter().filter_map(|needs| match needs {
        ObjectId::Table(name) => schema.tables.get(name),
        _ => None,
    });
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (&table.name, &column.name)));
    let named = columns.filter(|(_, column)| mentions(&object.definition, column));
    named.map(|(table, column)| ObjectId::Column(table.clone(), column.clone())).collect()
}

/// What its text names, for what the server keeps no account of: a function's body is a string, but the server looks at
/// it when it creates the function, or when an index or a default runs it; and of what no server has seen nothing else is
/// known. Two may name each other, so this is a wish.
pub(super) fn wished(schema: &Schema) -> Vec<(ObjectId, ObjectId)> {
    let mut by_name: BTreeMap<String, Vec<&ObjectId>> = BTreeMap::new();
    for id in schema.objects.keys() {
        if let ObjectId::Object(_, name) = id {
            let bare = name.name.split('(').next().unwrap_or_default();
            by_name.entry(bare.to_ascii_lowercase()).or_default().push(id);
        }
    }
    let mut edges = Vec::new();
    if by_name.is_empty() {
        return edges;
    }
    // A table may wait for a function that its default calls, and would come behind all others then.
    let tables: Vec<ObjectId> = schema.tables.keys().cloned().map(ObjectId::Table).collect();
    for id in &tables {
        let ObjectId::Table(name) = id else { continue };
        by_name.entry(name.name.to_ascii_lowercase()).or_default().push(id);
    }
    let mut wish = |id: &ObjectId, text: &str| {
        let named = names(text);
        // A function's body may be read under any search path. Elsewhere a bare word is an alias, where the object that it
        // could mean is not in the default namespace.
        let any_path = matches!(id, ObjectId::Object(ObjectKind::Function, _));
        let meant = |needs: &ObjectId| match needs {
            ObjectId::Object(_, Name { namespace: Some(it), .. })
            | ObjectId::Table(Name { namespace: Some(it), .. }) => any_path || named.contains(&it.to_ascii_lowercase()),
            _ => true,
        };
        for needs in named.iter().filter_map(|name| by_name.get(name)).flatten().filter(|needs| meant(needs)) {
            edges.extend((*needs != id).then(|| (id.clone(), (*needs).clone())));
        }
    };
    let spelled = |object: &&Object| !object.depends_on.is_empty() || object.drop.is_some();
    for (id, object) in &schema.objects {
        if matches!(id, ObjectId::Object(ObjectKind::Function, _)) {
            // Its body is a string.
            wish(id, &object.definition.replace(['\'', '$'], " "));
        } else if !spelled(&object) {
            wish(id, &object.definition);
        }
    }
    for table in schema.tables.values() {
        for column in table.columns.iter().filter(|column| column.ty.depends_on.is_none()) {
            wish(&ObjectId::Table(table.name.clone()), &column.ty.sql);
        }
    }
    // A column of a domain, where it has a default, runs the domain's checks, and with them all that they call.
    for (user, domain) in
        schema.needs.iter().filter(|(_, needs)| matches!(needs, ObjectId::Object(ObjectKind::Domain, _)))
    {
        let mut seen: BTreeSet<&ObjectId> = BTreeSet::from([domain]);
        let mut open = vec![domain];
        while let Some(object) = open.pop().and_then(|id| schema.objects.get(id)) {
            let named = names(&object.definition);
            let called = named.iter().filter_map(|name| by_name.get(name)).flatten().copied();
            open.extend(called.filter(|id| matches!(id, ObjectId::Object(ObjectKind::Function, _)) && seen.insert(id)));
        }
        edges.extend(seen.into_iter().map(|needs| (user.clone(), needs.clone())));
    }
    edges
}

/// The keys and unique indexes of its target, any of which the server may have chosen for a foreign key to stand on.
pub(super) fn stands_on(key: &ForeignKey, target: &Table) -> Vec<ObjectId> {
    let same = |columns: &[&String]| {
        columns.len() == key.references_columns.len() && key.references_columns.iter().all(|it| columns.contains(&it))
    };
    let listed = |index: &Index| {
        let columns: Option<Vec<&String>> = index.keys.iter().map(column_of).collect();
        index.unique && index.predicate.is_none() && columns.is_some_and(|columns| same(&columns))
    };
    let keys = target.primary_key.iter().chain(&target.uniques);
    let keys = keys.filter(|it| same(&it.columns.iter().collect::<Vec<_>>()));
    let keys = keys.map(|it| ObjectId::Constraint(target.name.clone(), it.name.clone()));
    let indexes = target.indexes.iter().filter(|index| listed(index));
    keys.chain(indexes.map(|it| ObjectId::Index(target.name.clone(), it.name.clone()))).collect()
}

const fn column_of(key: &IndexKey) -> Option<&String> {
    match &key.what {
        IndexKeyWhat::Column(name) => Some(name),
        IndexKeyWhat::Expr(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Default, Identity, IdentityKind, SequenceOptions};

    fn object(kind: ObjectKind, namespace: Option<&str>, name: &str, definition: &str) -> (ObjectId, Object) {
        let id = ObjectId::Object(kind, Name::qualified(namespace.map(str::to_owned), name));
        let definition = definition.to_owned();
        (id.clone(), Object { id, definition, drop: None, columns: Vec::new(), depends_on: Vec::new() })
    }

    #[test]
    fn an_alias_is_no_view_of_another_namespace() {
        let sums = object(
            ObjectKind::MaterializedView,
            Some("a"),
            "sums",
            "CREATE MATERIALIZED VIEW a.sums AS SELECT x.id FROM t x",
        );
        let x = object(ObjectKind::View, Some("b"), "x", "CREATE VIEW b.x AS SELECT sums.id FROM a.sums");
        let schema = Schema { objects: [sums.clone(), x.clone()].into(), ..Schema::default() };
        assert_eq!(wished(&schema), [(x.0, sums.0)]);
    }

    #[test]
    fn a_default_may_count_with_another_columns_sequence() {
        let mut own = crate::diff::tests::table("t", &[0], None, false);
        let mut other = crate::diff::tests::table("u", &[0], None, false);
        let sequence = Name::qualified(Some("side".to_owned()), "T_id_seq");
        let sequence = Some((sequence, SequenceOptions::of_type("integer")));
        own.columns[0].identity = Some(Identity { kind: IdentityKind::Serial, sequence });
        let sql = "nextval('side.\"T_id_seq\"'::regclass)".to_owned();
        other.columns[0].default = Some(Default { sql, volatile: true });
        let schema = Schema { tables: [own, other].map(|it| (it.name.clone(), it)).into(), ..Schema::default() };
        let id = |table: &str| ObjectId::Column(Name::new(table), "c0".to_owned());
        assert!(dependencies(&schema).contains(&(id("u"), id("t"))));
    }
}
