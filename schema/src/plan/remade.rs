//! What has to be dropped and made again although it stays the same: PostgreSQL changes no type under a view, a
//! generated column or a foreign key, and replaces nothing that something stands on.

use std::collections::BTreeSet;

use super::action::{Action, columns_of, covering, loses_values};
use super::dependencies;
use crate::change::{Change, Constraint};
use crate::schema::{Column, Name, Object, ObjectId, ObjectKind, Schema, Table};

/// Adds a drop before and a creation after for everything that stands on what is altered.
///
/// Where foreign keys are part of their tables (`inline`), they are made again with them.
pub(super) fn around(actions: &mut Vec<Action>, old: &Schema, new: &Schema, inline: bool) {
    let mut retyped: BTreeSet<ObjectId> = BTreeSet::new();
    let mut swapped: BTreeSet<ObjectId> = BTreeSet::new();
    let mut remade: BTreeSet<ObjectId> = BTreeSet::new();
    let mut emptied: BTreeSet<ObjectId> = BTreeSet::new();
    for action in actions.iter() {
        match action {
            Action::One(Change::AlterColumn { table, old: was, new: is }) => {
                let id = ObjectId::Column(table.clone(), is.name.clone());
                if was.ty != is.ty || was.collation != is.collation {
                    emptied.extend(covering(old, table, &is.name));
                    retyped.insert(id);
                }
            }
            Action::One(Change::AlterEnum { old: was, new: is }) if loses_values(&was.values, &is.values) => {
                for id in columns_of(old, &was.name) {
                    if let ObjectId::Column(table, column) = &id {
                        emptied.extend(covering(old, table, column));
                    }
                    swapped.insert(id);
                }
                swapped.insert(ObjectId::Enum(was.name.clone()));
            }
            // It is split in another way: what points at it or shows it has to let go of it.
            Action::One(Change::DropTable(table)) if new.tables.contains_key(&table.name) => {
                emptied.insert(ObjectId::Table(table.name.clone()));
                let columns = table.columns.iter();
                emptied.extend(columns.map(|it| ObjectId::Column(table.name.clone(), it.name.clone())));
            }
            Action::One(Change::DropObject(object)) => {
                emptied.insert(object.id.clone());
            }
            // Taken apart by the dialect: what stands on it stays, and has to let go of it.
            Action::One(Change::DropColumn { table, column }) if has_column(new, table, &column.name) => {
                emptied.insert(ObjectId::Column(table.clone(), column.name.clone()));
            }
            Action::Swap(changes) => {
                for change in changes {
                    let Change::AlterColumn { table, new, .. } = change else { continue };
                    emptied.insert(ObjectId::Column(table.clone(), new.name.clone()));
                }
            }
            // A foreign key stands on one key of its target, and another over the same columns does not take over.
            Action::One(Change::DropConstraint {
                table,
                constraint: Constraint::PrimaryKey(key) | Constraint::Unique(key),
            }) => {
                emptied.insert(ObjectId::Constraint(table.clone(), key.name.clone()));
            }
            Action::One(Change::DropIndex { table, index }) if index.unique && !inline => {
                emptied.insert(ObjectId::Index(table.clone(), index.name.clone()));
            }
            _ => {}
        }
    }
    if retyped.is_empty() && swapped.is_empty() && emptied.is_empty() {
        return;
    }
    // A view keeps its columns' types where it is replaced: one that comes to show a column which changes its type would
    // have to wait for that, and that may wait for what the view shows before.
    let shows = |needs: &ObjectId| retyped.contains(needs) || swapped.contains(needs);
    remade.extend(actions.iter().filter_map(|action| match action {
        Action::One(Change::ReplaceObject { new, .. }) if new.depends_on.iter().any(shows) => Some(new.id.clone()),
        _ => None,
    }));
    let edges = dependencies(old);
    let again_whole: BTreeSet<&Name> =
        emptied.iter().filter(|id| matches!(id, ObjectId::Table(_))).filter_map(ObjectId::table).collect();
    loop {
        let more = edges.iter().find(|(user, needs)| {
            !remade.contains(user)
                && user.table().is_none_or(|table| !again_whole.contains(table))
                && stands_in_both(user, old, new)
                && (remade.contains(needs)
                    || emptied.contains(needs)
                    || (retyped.contains(needs) || swapped.contains(needs))
                        && blocks(user, swapped.contains(needs), old))
        });
        let Some((user, _)) = more else { break };
        remade.insert(user.clone());
    }
    for id in &remade {
        again(id, actions, old, new);
    }
}

/// Whether a change of a column's type fails, or means another thing, while this stands on it.
fn blocks(user: &ObjectId, swapped: bool, schema: &Schema) -> bool {
    let table = |name| schema.tables.get(name);
    match user {
        ObjectId::Column(..) => true,
        // A function's arguments and its body may name the type that is swapped.
        // What hangs on the whole table has nothing to do with one column's type; a setting does not notice it, but for
        // those that come with the type.
        ObjectId::Object(ObjectKind::Setting, _) => {
            let of_type =
                |it: &Object| [" SET STORAGE ", " SET COMPRESSION "].iter().any(|set| it.definition.contains(set));
            swapped || schema.objects.get(user).is_some_and(of_type)
        }
        ObjectId::Object(kind, _) => swapped || !matches!(kind, ObjectKind::Function | ObjectKind::Comment),
        ObjectId::Constraint(name, it) => match table(name).and_then(|table| Constraint::all_of(table).remove(it)) {
            Some(Constraint::ForeignKey(_)) => true,
            Some(Constraint::Check(_)) => swapped,
            _ => false,
        },
        // A predicate or an expression has the type's values in it; a plain key is built anew by the server.
        ObjectId::Index(name, it) => {
            let found = table(name).and_then(|table| table.indexes.iter().find(|index| index.name == *it));
            swapped
                && found.is_some_and(|index| {
                    let text = |key: &crate::schema::IndexKey| matches!(key.what, crate::schema::IndexKeyWhat::Expr(_));
                    index.predicate.is_some() || index.keys.iter().any(text)
                })
        }
        _ => false,
    }
}

/// Whether it can be dropped and made again without a loss.
fn stands_in_both(id: &ObjectId, old: &Schema, new: &Schema) -> bool {
    match id {
        ObjectId::Column(..) => {
            let generated = |schema| column(id, schema).is_some_and(|it| it.generated.is_some());
            generated(old) && generated(new)
        }
        ObjectId::Constraint(table, _) | ObjectId::Index(table, _) => new.tables.contains_key(table),
        ObjectId::Object(kind, _) => *kind != ObjectKind::Extension && new.objects.contains_key(id),
        _ => false,
    }
}

fn has_column(schema: &Schema, table: &Name, column: &str) -> bool {
    schema.tables.get(table).is_some_and(|table| table.column(column).is_some())
}

fn column<'a>(id: &ObjectId, schema: &'a Schema) -> Option<&'a Column> {
    let ObjectId::Column(table, name) = id else { return None };
    schema.tables.get(table)?.column(name)
}

/// Puts a drop and a creation in the place of whatever is done to it.
fn again(id: &ObjectId, actions: &mut Vec<Action>, old: &Schema, new: &Schema) {
    let table = |name, schema: &Schema| -> Option<Table> { schema.tables.get(name).cloned() };
    let (gone, come) = match id {
        ObjectId::Column(name, _) => {
            let (Some(was), Some(is)) = (column(id, old).cloned(), column(id, new).cloned()) else { return };
            (
                Change::DropColumn { table: name.clone(), column: was },
                Change::AddColumn { table: name.clone(), column: is },
            )
        }
        ObjectId::Object(..) => {
            let (Some(was), Some(is)) = (old.objects.get(id).cloned(), new.objects.get(id).cloned()) else { return };
            (Change::DropObject(was), Change::CreateObject(is))
        }
        ObjectId::Constraint(name, it) => {
            let to = renamed(actions, id).unwrap_or_else(|| it.clone());
            let was = table(name, old).and_then(|table| Constraint::all_of(&table).remove(it));
            let is = table(name, new).and_then(|table| Constraint::all_of(&table).remove(&to));
            let (Some(was), Some(is)) = (was, is) else { return };
            (
                Change::DropConstraint { table: name.clone(), constraint: was },
                Change::AddConstraint { table: name.clone(), constraint: is },
            )
        }
        ObjectId::Index(name, it) => {
            let to = renamed(actions, id).unwrap_or_else(|| it.clone());
            let find = |schema, it: &str| table(name, schema)?.indexes.into_iter().find(|index| index.name == it);
            let (Some(was), Some(is)) = (find(old, it), find(new, &to)) else { return };
            (
                Change::DropIndex { table: name.clone(), index: was },
                Change::CreateIndex { table: name.clone(), index: is },
            )
        }
        _ => return,
    };
    let there = |change: &Change| actions.iter().any(|action| matches!(action, Action::One(it) if it == change));
    if there(&gone) {
        // It goes anyway, and what comes under its name is another one.
        return;
    }
    actions.retain(|action| match action {
        Action::One(Change::AlterColumn { table, new, .. }) => ObjectId::Column(table.clone(), new.name.clone()) != *id,
        Action::One(Change::ReplaceObject { new, .. }) => new.id != *id,
        Action::One(Change::RenameConstraint { table, from, .. }) => {
            ObjectId::Constraint(table.clone(), from.clone()) != *id
        }
        Action::One(Change::RenameIndex { table, from, .. }) => ObjectId::Index(table.clone(), from.clone()) != *id,
        _ => true,
    });
    actions.extend([Action::One(gone), Action::One(come)]);
}

/// The name that a constraint or index gets in the same plan.
fn renamed(actions: &[Action], id: &ObjectId) -> Option<String> {
    actions.iter().find_map(|action| match action {
        Action::One(Change::RenameConstraint { table, from, to })
            if *id == ObjectId::Constraint(table.clone(), from.clone()) =>
        {
            Some(to.clone())
        }
        Action::One(Change::RenameIndex { table, from, to }) if *id == ObjectId::Index(table.clone(), from.clone()) => {
            Some(to.clone())
        }
        _ => None,
    })
}
