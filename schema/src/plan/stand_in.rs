//! Views that have the name of a table of before: they come with the table's new name, and go before it has its old one.

use super::turns::Names;
use crate::change::Change;
use crate::schema::{Name, Object, ObjectId, ObjectKind, Schema};

impl<'a> Names<'a> {
    /// The view's name, and the table that had it.
    pub(super) fn of_view<'b>(&self, object: &'b Object) -> Option<(&'b Name, &'a Name)> {
        let name = view(object)?;
        self.tables.iter().find(|(from, _)| *from == name).map(|(_, to)| (name, *to))
    }

    /// Whether a view gets the old name, and shows nothing but what is there once the tables have their new ones.
    pub(super) fn is_ready(&self, change: &Change, renamed: &Schema) -> bool {
        let Change::CreateObject(object) = change else { return false };
        // Where no server was asked, nobody knows what it needs.
        self.of_view(object).is_some()
            && !object.depends_on.is_empty()
            && object.depends_on.iter().all(|id| stands(id, renamed))
    }

    /// Whether a release of before goes on: what is renamed has its old name, too.
    pub(super) fn is_still_read(&self, change: &Change, new: &Schema) -> bool {
        let has = |from: &Name| new.objects.contains_key(&ObjectId::Object(ObjectKind::View, from.clone()));
        match change {
            Change::RenameTable { from, .. } => has(from),
            Change::RenameColumn { table, .. } => self.tables.iter().any(|(from, to)| *to == table && has(from)),
            _ => false,
        }
    }
}

pub(super) fn view(object: &Object) -> Option<&Name> {
    match &object.id {
        ObjectId::Object(ObjectKind::View, name) => Some(name),
        _ => None,
    }
}

fn stands(id: &ObjectId, schema: &Schema) -> bool {
    match id {
        ObjectId::Table(name) => schema.tables.contains_key(name),
        ObjectId::Column(table, name) => schema.tables.get(table).is_some_and(|it| it.column(name).is_some()),
        ObjectId::Namespace(name) => schema.namespaces.contains_key(name),
        ObjectId::Enum(name) => schema.enums.contains_key(name),
        ObjectId::Object(..) => schema.objects.contains_key(id),
        _ => false,
    }
}
