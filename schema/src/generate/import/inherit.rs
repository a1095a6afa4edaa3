//! Partitions and children of other tables.

use diesel_schema_core::declared::{self, Model};

use super::constraints;
use super::raise::Raising;
use crate::schema::parts::{Part, given};
use crate::schema::{Index, Key, Table};

pub(super) fn inheritance(table: &Table) -> declared::Inheritance {
    let ties = &table.inheritance;
    declared::Inheritance {
        partition_by: ties.partition_by.clone(),
        parents: ties.parents.iter().map(|it| (it.namespace.clone(), it.name.clone())).collect(),
        bound: ties.bound.clone(),
    }
}

/// Says the names of the parts of the parents' indexes that the server would call otherwise: in a model, by saying the
/// index again.
pub(super) fn name_parts(raising: &Raising<'_>, table: &Table, model: &mut Model) {
    let parents = table.inheritance.parents.iter().filter_map(|name| raising.schema.tables.get(name));
    for (of, part) in parents.flat_map(|parent| given(raising.schema, parent)) {
        let attached = table.inheritance.attached.iter().find(|it| it.of == of && it.alike);
        let Some(attached) = attached.filter(|it| !part.may_be_called(&it.name, &table.name.name)) else { continue };
        let name = attached.name.clone();
        match part {
            Part::PrimaryKey(_) => model.primary_key.name = Some(name),
            Part::Unique(key) => model.uniques.push(constraints::key(&Key { name, ..key.clone() })),
            Part::Index(index) => model.indexes.push(constraints::index(&Index { name, ..index.clone() })),
        }
    }
}
