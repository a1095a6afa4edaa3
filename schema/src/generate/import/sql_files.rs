//! What no struct can say: a file for each kind of object.

use std::collections::BTreeMap;

use crate::schema::{ObjectId, ObjectKind, Schema};

fn file(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Extension => "sql/extensions.sql",
        ObjectKind::Function => "sql/functions.sql",
        ObjectKind::View => "sql/views.sql",
        ObjectKind::MaterializedView => "sql/materialized_views.sql",
        ObjectKind::Trigger => "sql/triggers.sql",
    }
}

/// The files, by their path below the package's root.
pub(super) fn files(schema: &Schema) -> Vec<(String, String)> {
    let mut texts: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for object in schema.objects.values() {
        if let ObjectId::Object(kind, _) = &object.id {
            texts.entry(file(*kind)).or_default().push(format!("{};\n", object.definition.trim_end()));
        }
    }
    texts.into_iter().map(|(path, statements)| (path.to_owned(), statements.join("\n"))).collect()
}
