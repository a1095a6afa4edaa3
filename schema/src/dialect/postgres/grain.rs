//! Two schemas in one grain: a sequence that numbers a column on one side and stands by itself on the other.

use std::collections::BTreeMap;

use super::default::is_volatile;
use super::quote;
use crate::schema::*;

/// Takes such a sequence out of its column, so that what stays of it is compared and kept.
pub(super) fn even(old: &mut Schema, new: &mut Schema) {
    let (was, is) = (old.sequences.clone(), new.sequences.clone());
    release(old, &is);
    release(new, &was);
}

fn release(schema: &mut Schema, by_itself: &BTreeMap<Name, Sequence>) {
    let mut found = Vec::new();
    for table in schema.tables.values_mut() {
        for column in &mut table.columns {
            let serial = column.identity.as_ref().filter(|it| it.kind == IdentityKind::Serial);
            let Some((name, options)) = serial.and_then(|it| it.sequence.clone()) else { continue };
            if !by_itself.contains_key(&name) {
                continue;
            }
            let sql = format!("nextval({}::regclass)", quote::literal(&quote::name(&name)));
            column.identity = None;
            column.default = Some(Default { volatile: is_volatile(&sql), sql });
            found.push((ownership(&name, &table.name, &column.name), Sequence { name, options, comment: None }));
        }
    }
    for (owner, sequence) in found {
        schema.objects.insert(owner.id.clone(), owner);
        schema.sequences.insert(sequence.name.clone(), sequence);
    }
}

/// That a column owns a sequence, as it is read where the sequence stands by itself.
fn ownership(sequence: &Name, table: &Name, column: &str) -> Object {
    let subject = format!("ALTER SEQUENCE {} OWNED BY", quote::name(sequence));
    let own = Name::qualified(sequence.namespace.clone(), format!("{}.owner", sequence.name));
    Object {
        id: ObjectId::Object(ObjectKind::Setting, own),
        definition: format!("{subject} {}.{}", quote::name(table), quote::ident(column)),
        drop: Some(format!("{subject} NONE")),
        columns: Vec::new(),
        depends_on: vec![
            ObjectId::Sequence(sequence.clone()),
            ObjectId::Table(table.clone()),
            ObjectId::Column(table.clone(), column.to_owned()),
        ],
    }
}
