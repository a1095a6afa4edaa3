//! What no struct can say: a file for each kind of object.

use std::collections::BTreeMap;

use crate::schema::{ObjectId, ObjectKind, Schema};

const fn file(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Extension => "sql/extensions.sql",
        ObjectKind::Collation => "sql/collations.sql",
        ObjectKind::Domain | ObjectKind::Type => "sql/types.sql",
        ObjectKind::Function | ObjectKind::Aggregate => "sql/functions.sql",
        ObjectKind::View => "sql/views.sql",
        ObjectKind::MaterializedView | ObjectKind::Index => "sql/materialized_views.sql",
        ObjectKind::Exclusion => "sql/exclusions.sql",
        ObjectKind::Statistics => "sql/statistics.sql",
        ObjectKind::Rule => "sql/rules.sql",
        ObjectKind::Trigger | ObjectKind::EventTrigger => "sql/triggers.sql",
        ObjectKind::Policy => "sql/policies.sql",
        ObjectKind::Publication => "sql/publications.sql",
        ObjectKind::ForeignDataWrapper
        | ObjectKind::Server
        | ObjectKind::UserMapping
        | ObjectKind::ForeignTable
        | ObjectKind::Subscription => "sql/foreign.sql",
        ObjectKind::Setting => "sql/settings.sql",
        ObjectKind::Comment => "sql/comments.sql",
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
