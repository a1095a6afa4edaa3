//! Which columns can be made a second time.

use std::collections::BTreeSet;

use crate::change::Change;
use crate::dialect::End;
use crate::dialect::postgres::ddl;
use crate::schema::{Column, Identity, IdentityKind, Name, ObjectId, ObjectKind, Schema, Table};

/// Whether the type is changed in a way that writes every row anew, of a column that another one can take the place of.
pub(super) fn can_be_second(
    (table, was, is): (&Name, &Column, &Column),
    changes: &[Change],
    (old, new): (End<'_>, End<'_>),
) -> bool {
    let alone = |End { schema, .. }: End<'_>| schema.tables.get(table).is_some_and(|it| is_alone(it, schema));
    was.ty != is.ty
        && ddl::is_rewritten(was, is)
        && was.generated.is_none()
        && is.generated.is_none()
        // It can't be added empty, or is checked under the lock.
        && !new.schema.is_domain(&is.ty.sql)
        && counts_alike(was.identity.as_ref(), is.identity.as_ref())
        && alone(old)
        && alone(new)
        && stands_before((table, is), changes, (old.schema, new.schema))
        && [old, new].into_iter().all(|end| !is_held(&ObjectId::Column(table.clone(), is.name.clone()), end))
}

/// Whether its rows are its own: what a statement does to a column is done to a child's too, and a second one of the
/// child's would not be the parent's.
fn is_alone(table: &Table, schema: &Schema) -> bool {
    let has_children = schema.tables.values().any(|it| it.inheritance.parents.contains(&table.name));
    table.inheritance.partition_by.is_none() && table.inheritance.parents.is_empty() && !has_children
}

/// Whether the numbers go on from the same sequence, or from another one of the same kind.
fn counts_alike(was: Option<&Identity>, is: Option<&Identity>) -> bool {
    let serial = |it: &Identity| it.kind == IdentityKind::Serial;
    match (was, is) {
        (None, None) => true,
        (Some(was), Some(is)) => serial(was) == serial(is) && was.sequence.is_some() && is.sequence.is_some(),
        _ => false,
    }
}

/// Whether the new type is there before anything else of the plan.
fn stands_before((table, is): (&Name, &Column), changes: &[Change], (old, new): (&Schema, &Schema)) -> bool {
    let id = ObjectId::Column(table.clone(), is.name.clone());
    let own = is
        .ty
        .depends_on
        .iter()
        .all(|ty| old.enums.get(ty).map(|it| &it.values) == new.enums.get(ty).map(|it| &it.values));
    let needs = new.needs.iter().filter(|(user, _)| *user == id).all(|(_, needs)| is_there(needs, old, new));
    // What no server was asked about is known by its name alone.
    let makes = |change: &Change| match change {
        Change::CreateObject(object) => matches!(
            &object.id,
            ObjectId::Object(ObjectKind::Domain | ObjectKind::Type | ObjectKind::Collation | ObjectKind::Extension, _)
        ),
        Change::AlterEnum { old, .. } => is.ty.depends_on.as_ref() == Some(&old.name),
        _ => false,
    };
    own && needs && !changes.iter().any(makes)
}

/// Whether it is in both schemas, and the same.
pub(super) fn is_there(id: &ObjectId, old: &Schema, new: &Schema) -> bool {
    match id {
        ObjectId::Object(..) => {
            let said = |schema: &Schema| schema.objects.get(id).map(|it| it.definition.clone());
            said(old).is_some() && said(old) == said(new)
        }
        ObjectId::Enum(name) => old.enums.contains_key(name),
        ObjectId::Namespace(name) => old.namespaces.contains_key(name),
        ObjectId::Sequence(name) => old.sequences.contains_key(name),
        ObjectId::Table(name) => old.tables.contains_key(name),
        _ => true,
    }
}

/// Whether something stands on the column that is made from all rows, under the lock, when the two have changed places: a
/// generated column, an exclusion constraint, a materialized view; or that would not be the same when it is made again, as
/// statistics, which the server lists by the order of the columns.
fn is_held(column: &ObjectId, End { schema, needs: edges }: End<'_>) -> bool {
    let mut seen: BTreeSet<&ObjectId> = BTreeSet::from([column]);
    let mut open = vec![column];
    while let Some(id) = open.pop() {
        let users = edges.iter().filter(|(user, needs)| needs == id && user != id).map(|(user, _)| user);
        for user in users.filter(|user| seen.insert(user)).collect::<Vec<_>>() {
            match user {
                ObjectId::Column(..) => return true,
                ObjectId::Object(
                    ObjectKind::Exclusion
                    | ObjectKind::MaterializedView
                    | ObjectKind::Function
                    | ObjectKind::Statistics,
                    _,
                ) => return true,
                // A foreign key of a partitioned table can't be proven afterwards by each server.
                ObjectId::Constraint(table, name) => {
                    let Some(table) = schema.tables.get(table) else { continue };
                    let Some(key) = table.foreign_keys.iter().find(|it| it.name == *name) else {
                        open.push(user);
                        continue;
                    };
                    let ends = [Some(table), schema.tables.get(&key.references)];
                    if !ends.into_iter().flatten().all(|it| is_alone(it, schema)) {
                        return true;
                    }
                }
                _ => open.push(user),
            }
        }
    }
    false
}
