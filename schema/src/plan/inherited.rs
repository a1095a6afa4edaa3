//! What a statement on a parent does to its partitions and children, which is no change of theirs.

use crate::change::Change;
use crate::schema::{Column, Name, Schema, Table};

/// A column that a parent gets is its children's from then on, before those that they get themselves: told at once, so
/// that their columns stand in the order in which the server has them.
pub(super) fn pass_on(now: &mut Schema, new: &Schema, change: &Change) {
    let Change::AddColumn { table: parent, column } = change else { return };
    let is_child = |it: &&Table| {
        !it.inheritance.parents.is_empty() && now.ancestors(it).contains(parent) && it.column(&column.name).is_none()
    };
    let children: Vec<Name> = now.tables.values().filter(is_child).map(|it| it.name.clone()).collect();
    for name in children {
        let is = new.tables.get(&name).and_then(|it| it.column(&column.name));
        if let (Some(child), Some(is)) = (now.tables.get_mut(&name), is) {
            child.columns.push(is.clone());
        }
    }
}

/// All else that came of the parents' statements, told at the end, when each table is what it will be.
pub(super) fn follow_parents(now: &mut Schema, new: &Schema) {
    for table in now.tables.values_mut().filter(|it| !it.inheritance.parents.is_empty()) {
        let Some(is) = new.tables.get(&table.name) else { continue };
        let stay: Vec<Column> = table.columns.iter().filter_map(|it| is.column(&it.name)).cloned().collect();
        let come = is.columns.iter().filter(|it| table.column(&it.name).is_none()).cloned();
        table.columns = stay.into_iter().chain(come).collect();
        table.primary_key.clone_from(&is.primary_key);
        table.inheritance.has_parents_key = is.inheritance.has_parents_key;
    }
}
