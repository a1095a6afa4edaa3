//! SQLite's names, which differ in more than their case or not at all.

use crate::change::Change;
use crate::diff::apply;
use crate::schema::{Name, Schema};

/// Calls the tables and columns of `new` as `old` does where their names differ in case alone.
pub(super) fn follow(old: &Schema, new: &mut Schema) {
    let alike = |a: &str, b: &str| a != b && a.eq_ignore_ascii_case(b);
    let tables: Vec<(Name, Name)> = new
        .tables
        .keys()
        .filter_map(|name| {
            let same = old.tables.keys().find(|was| alike(&was.name, &name.name) && was.namespace == name.namespace)?;
            Some((name.clone(), same.clone()))
        })
        .collect();
    for (from, to) in tables {
        apply(new, &Change::RenameTable { from, to });
    }
    for (name, was) in &old.tables {
        let columns = new.tables.get(name).map(|is| is.columns.clone()).unwrap_or_default();
        for column in columns {
            if let Some(same) = was.columns.iter().find(|it| alike(&it.name, &column.name)) {
                let (from, to) = (column.name, same.name.clone());
                apply(new, &Change::RenameColumn { table: name.clone(), from, to });
            }
        }
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
        follow(&old, &mut new);
        assert_eq!(new, old);
    }
}
