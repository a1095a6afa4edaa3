//! What belongs to the whole database and is often another's: a platform's publications, event triggers, foreign servers.

use std::collections::BTreeSet;

use crate::schema::{ObjectId, ObjectKind, Schema};

const KINDS: &[ObjectKind] = &[
    ObjectKind::Publication,
    ObjectKind::EventTrigger,
    ObjectKind::Subscription,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::Server,
    ObjectKind::UserMapping,
    ObjectKind::ForeignTable,
];

/// Gives `declared` the objects of `old` that belong to the whole database, kind by kind, where neither it nor the schema
/// that was declared before (`ours`) has one of that kind: with their comments and settings, and with the functions and namespaces that they need. One that needs what
/// `declared` has no longer can't stay.
pub(crate) fn keep_undeclared(old: &Schema, declared: &mut Schema, ours: &BTreeSet<ObjectId>) {
    let kind_of = |id: &ObjectId| match id {
        ObjectId::Object(kind, _) => Some(*kind),
        _ => None,
    };
    let said: BTreeSet<ObjectKind> = declared.objects.keys().chain(ours).filter_map(kind_of).collect();
    let left = |id: &ObjectId| kind_of(id).is_some_and(|kind| KINDS.contains(&kind) && !said.contains(&kind));
    let mut kept: BTreeSet<ObjectId> = old.objects.keys().filter(|id| left(id)).cloned().collect();
    if kept.is_empty() {
        return;
    }
    let mut open: Vec<ObjectId> = kept.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let needs = old.objects.get(&id).into_iter().flat_map(|it| &it.depends_on);
        let more = needs.filter(|it| old.objects.contains_key(it) && !declared.objects.contains_key(it));
        open.extend(more.filter(|it| kept.insert((*it).clone())).cloned());
    }
    // Where something of it can't stay, what stands on that can't either.
    let stands = |id: &ObjectId, kept: &BTreeSet<ObjectId>| match id {
        ObjectId::Object(..) => kept.contains(id) || declared.objects.contains_key(id),
        ObjectId::Table(name) => declared.tables.contains_key(name),
        ObjectId::Column(name, column) => declared.tables.get(name).is_some_and(|it| it.column(column).is_some()),
        ObjectId::Enum(name) => declared.enums.contains_key(name),
        ObjectId::Sequence(name) => declared.sequences.contains_key(name),
        _ => true,
    };
    loop {
        let fits = |id: &ObjectId| {
            old.objects.get(id).is_some_and(|it| it.depends_on.iter().all(|needs| stands(needs, &kept)))
        };
        let lost: Vec<ObjectId> = kept.iter().filter(|id| !fits(id)).cloned().collect();
        if lost.is_empty() {
            break;
        }
        kept.retain(|id| !lost.contains(id));
    }
    let said_of = old.objects.values().filter(|it| {
        matches!(kind_of(&it.id), Some(ObjectKind::Comment | ObjectKind::Setting))
            && it.depends_on.iter().any(|id| kept.contains(id))
    });
    kept.extend(said_of.map(|it| it.id.clone()).collect::<Vec<_>>());
    for id in kept {
        if let Some(object) = old.objects.get(&id) {
            if let ObjectId::Object(_, name) = &id
                && let Some(namespace) = name.namespace.as_ref().and_then(|it| old.namespaces.get(it))
            {
                declared.namespaces.entry(namespace.name.clone()).or_insert_with(|| namespace.clone());
            }
            declared.objects.entry(id).or_insert_with(|| object.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::keep_undeclared;
    use crate::schema::{Name, Object, ObjectId, ObjectKind, Schema};

    fn object(kind: ObjectKind, name: &str, depends_on: Vec<ObjectId>) -> Object {
        let id = ObjectId::Object(kind, Name::new(name));
        Object { id, definition: format!("CREATE {name}"), drop: None, columns: Vec::new(), depends_on }
    }

    fn schema(objects: &[Object]) -> Schema {
        let objects = objects.iter().map(|it| (it.id.clone(), it.clone())).collect();
        Schema { objects, ..Schema::default() }
    }

    #[test]
    fn what_no_model_names_stays_with_what_it_needs() {
        let function = object(ObjectKind::Function, "f()", vec![]);
        let trigger = object(ObjectKind::EventTrigger, "e", vec![function.id.clone()]);
        let comment = object(ObjectKind::Comment, "EVENT TRIGGER e", vec![trigger.id.clone()]);
        let view = object(ObjectKind::View, "v", vec![]);
        let old = schema(&[function.clone(), trigger.clone(), comment.clone(), view]);
        let mut declared = Schema::default();
        keep_undeclared(&old, &mut declared, &BTreeSet::new());
        assert_eq!(declared, schema(&[function, trigger, comment]));
    }

    #[test]
    fn one_that_is_declared_makes_the_kind_ours() {
        let old = schema(&[object(ObjectKind::Publication, "platform", vec![])]);
        let own = schema(&[object(ObjectKind::Publication, "own", vec![])]);
        let mut declared = own.clone();
        keep_undeclared(&old, &mut declared, &BTreeSet::new());
        assert_eq!(declared, own);
    }

    #[test]
    fn one_that_was_declared_goes_with_its_declaration() {
        let own = object(ObjectKind::Publication, "own", vec![]);
        let mut declared = Schema::default();
        keep_undeclared(&schema(std::slice::from_ref(&own)), &mut declared, &BTreeSet::from([own.id]));
        assert_eq!(declared, Schema::default());
    }

    #[test]
    fn what_shows_a_table_that_goes_can_not_stay() {
        let old = schema(&[object(ObjectKind::Publication, "p", vec![ObjectId::Table(Name::new("t"))])]);
        let mut declared = Schema::default();
        keep_undeclared(&old, &mut declared, &BTreeSet::new());
        assert_eq!(declared, Schema::default());
    }
}
