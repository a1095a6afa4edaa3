//! Partitions and children: what they have of their parents is said there.

use diesel_schema_core::declared;

use super::not_public;
use crate::schema::parts::{Part, given};
use crate::schema::*;

/// Ties the tables to their parents, and leaves to those what they give: a model may say it again, and of an index it says
/// then what the part is called.
pub(super) fn tie(models: &[declared::Model], schema: &mut Schema) {
    let mut open: Vec<Name> = Vec::new();
    let name = |namespace: Option<&str>, table: &str| Name::qualified(not_public(namespace), table);
    for model in models.iter().filter(|model| model.inheritance != declared::Inheritance::default()) {
        let own = name(model.namespace.as_deref(), &model.table);
        let declared::Inheritance { partition_by, parents, bound } = &model.inheritance;
        if let Some(table) = schema.tables.get_mut(&own) {
            let trimmed = |text: &String| text.trim().to_owned();
            table.inheritance.partition_by = partition_by.as_ref().map(trimmed);
            table.inheritance.bound = bound.as_ref().map(trimmed);
            table.inheritance.parents = parents.iter().map(|(of, table)| name(of.as_deref(), table)).collect();
            open.push(own);
        }
    }
    let parents = |schema: &Schema, name: &Name| schema.tables[name].inheritance.parents.clone();
    // A circle is nobody's to tie.
    while let Some(at) = open.iter().position(|name| !parents(schema, name).iter().any(|it| open.contains(it))) {
        let name = open.remove(at);
        let Some(mut table) = schema.tables.remove(&name) else { continue };
        for parent in table.inheritance.parents.clone() {
            if let Some(parent) = schema.tables.get(&parent) {
                inherit(&mut table, parent, schema);
            }
        }
        table.inheritance.attached.sort_by(|a, b| a.name.cmp(&b.name));
        schema.tables.insert(name, table);
    }
}

fn inherit(table: &mut Table, parent: &Table, schema: &Schema) {
    for column in &parent.columns {
        if table.column(&column.name).is_none() {
            table.columns.push(inherited(column, column));
        }
    }
    let mut above = vec![parent];
    while let Some(parent) = above.pop() {
        above.extend(parent.inheritance.parents.iter().filter_map(|name| schema.tables.get(name)));
        let gives =
            |own: &Check| parent.checks.iter().any(|it| !it.no_inherit && it.name == own.name && it.expr == own.expr);
        table.checks.retain(|own| !gives(own));
        if table.inheritance.bound.is_some() {
            let bare = |key: &ForeignKey| ForeignKey { name: String::new(), comment: None, ..key.clone() };
            table.foreign_keys.retain(|own| !parent.foreign_keys.iter().any(|it| bare(it) == bare(own)));
        }
    }
    if table.inheritance.bound.is_some() {
        // Only the parent's can be numbered so.
        let identity =
            |column: &&mut Column| column.identity.as_ref().is_some_and(|it| it.kind != IdentityKind::Serial);
        table.columns.iter_mut().filter(identity).for_each(|column| column.identity = None);
        given(schema, parent).into_iter().for_each(|(of, part)| attach(table, of, part));
    }
}

/// Finds what the model says of the part of a parent's index or key.
fn attach(table: &mut Table, of: String, part: Part<'_>) {
    let same = |a: &Key, b: &Key| Key { name: b.name.clone(), comment: b.comment.clone(), ..a.clone() } == *b;
    let said = match part {
        Part::PrimaryKey(key) => {
            let name = table.primary_key.take().map_or_else(|| part.usual(&table.name.name), |own| own.name);
            table.primary_key = Some(Key { name: name.clone(), comment: None, ..key.clone() });
            table.inheritance.has_parents_key = true;
            Some(name)
        }
        Part::Unique(key) => {
            let at = table.uniques.iter().position(|own| same(own, key));
            at.map(|at| table.uniques.remove(at).name)
        }
        Part::Index(index) => {
            let bare = |it: &Index| Index { name: String::new(), comment: None, ..it.clone() };
            let at = table.indexes.iter().position(|own| bare(own) == bare(index));
            at.map(|at| table.indexes.remove(at).name)
        }
    };
    let attached = &mut table.inheritance.attached;
    if let Some(name) = said {
        if !part.may_be_called(&name, &table.name.name) {
            attached.push(Attached { name, of, alike: true, own_key: None });
        }
    } else if let Part::Index(index) = part {
        // A key of its own may stand on the part of an index that backs none.
        let plain = |key: &IndexKey, column: &String| key.what == IndexKeyWhat::Column(column.clone());
        let stands = |key: &&Key| {
            index.unique
                && index.predicate.is_none()
                && key.columns.len() == index.keys.len()
                && index.keys.iter().zip(&key.columns).all(|(key, column)| plain(key, column))
        };
        let own = table.primary_key.as_ref().filter(stands).map(|key| (key, "PRIMARY KEY"));
        let own = own.or_else(|| table.uniques.iter().find(stands).map(|key| (key, "UNIQUE")));
        if let Some((key, kind)) = own {
            let (name, own_key) = (key.name.clone(), Some(kind.to_owned()));
            attached.push(Attached { name, of, alike: false, own_key });
        }
    }
}
