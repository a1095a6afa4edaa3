//! Names that a server takes for one: SQLite's, which differ in more than their case or not at all.

use super::{Renames, apply};
use crate::change::{Change, Constraint};
use crate::schema::{Index, Name, ObjectId, Schema};

/// Calls the tables and columns of `new` as `old` does where the server takes both names for one, and takes out of
/// `renames` those that it would not notice.
pub(crate) fn follow(same: &dyn Fn(&str, &str) -> bool, old: &Schema, new: &mut Schema, renames: &mut Renames) {
    let alike = |a: &str, b: &str| a != b && same(a, b);
    let tables: Vec<(Name, Name)> = new
        .tables
        .keys()
        .filter_map(|name| {
            let same = old.tables.keys().find(|was| alike(&was.name, &name.name) && was.namespace == name.namespace)?;
            Some((name.clone(), same.clone()))
        })
        .collect();
    renames.tables.retain(|(from, to)| from.namespace != to.namespace || !alike(&from.name, &to.name));
    renames.columns.retain(|(_, from, to)| !alike(from, to));
    for (from, to) in tables {
        renames.columns.iter_mut().filter(|(table, ..)| *table == from).for_each(|(table, ..)| table.clone_from(&to));
        called(new, &Change::RenameTable { from, to });
    }
    for (name, was) in &old.tables {
        let Some(is) = new.tables.get(name).cloned() else { continue };
        for column in is.columns.iter().map(|column| column.name.clone()) {
            if let Some(same) = was.columns.iter().find(|it| alike(&it.name, &column)) {
                let to = same.name.clone();
                called(new, &Change::RenameColumn { table: name.clone(), from: column, to });
            }
        }
        let table = || name.clone();
        let had = Constraint::all_of(was);
        for from in Constraint::all_of(&is).into_keys() {
            if let Some(to) = had.keys().find(|it| alike(it, &from)).cloned() {
                called(new, &Change::RenameConstraint { table: table(), from, to });
            }
        }
        for Index { name: from, .. } in is.indexes {
            if let Some(to) = was.indexes.iter().map(|it| &it.name).find(|it| alike(it, &from)).cloned() {
                called(new, &Change::RenameIndex { table: table(), from, to });
            }
        }
    }
}

/// Carries out a rename that is none: what is text stays as it was written.
fn called(schema: &mut Schema, rename: &Change) {
    let objects = std::mem::take(&mut schema.objects);
    apply(schema, rename);
    for mut object in objects.into_values() {
        if let Change::RenameTable { from, to } = rename {
            for table in object.depends_on.iter_mut().filter(|id| **id == ObjectId::Table(from.clone())) {
                *table = ObjectId::Table(to.clone());
            }
            if let ObjectId::Object(_, name) = &mut object.id
                && let Some(own) = name.name.strip_prefix(&from.name).filter(|own| own.starts_with('.'))
            {
                name.name = format!("{}{own}", to.name);
            }
        }
        schema.objects.insert(object.id.clone(), object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::tests::table;

    #[test]
    fn names_that_differ_in_case_alone_are_the_ones_of_before() {
        let was = table("Users", &[0, 1], None, false);
        let mut is = table("uSERS", &[0, 1], None, false);
        is.columns[1].name = was.columns[1].name.to_uppercase();
        let of =
            |table: crate::schema::Table| Schema { tables: [(table.name.clone(), table)].into(), ..Schema::default() };
        let (old, mut new) = (of(was), of(is));
        let mut renames = Renames {
            tables: vec![(Name::new("Users"), Name::new("uSERS")), (Name::new("a"), Name::new("b"))],
            columns: vec![
                (Name::new("uSERS"), "c1".to_owned(), "C1".to_owned()),
                (Name::new("uSERS"), "c".to_owned(), "d".to_owned()),
            ],
        };
        follow(&str::eq_ignore_ascii_case, &old, &mut new, &mut renames);
        assert_eq!(new, old);
        assert_eq!(renames.tables, [(Name::new("a"), Name::new("b"))]);
        assert_eq!(renames.columns, [(Name::new("Users"), "c".to_owned(), "d".to_owned())]);
    }
}
