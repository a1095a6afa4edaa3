//! What is said of names that change under a release that still uses them.

use super::{in_step, name};
use crate::change::Change;
use crate::schema::{Name, ObjectId, ObjectKind};
use diesel_schema_core::declared::DeclaredSchema;

/// What `--rename` says that is still to be renamed, where the new name is not beside the old one.
pub(in crate::generate) fn left(renames: &[String], expanded: &DeclaredSchema) -> Vec<String> {
    let is_beside = |rename: &&String| {
        let Some((from, to)) = rename.split_once('=') else { return false };
        let Some((table, from)) = from.trim().rsplit_once('.') else { return false };
        let to = to.trim().rsplit_once('.').map_or(to.trim(), |(_, to)| to);
        let Some(model) = expanded.models.iter().find(|it| name(it).to_string() == table) else { return false };
        let file = in_step::file(model, from, to);
        expanded.sql.iter().any(|it| it.path == file.path)
    };
    renames.iter().filter(|it| !is_beside(it)).cloned().collect()
}

/// What to think about before a name changes under a release that still uses it.
pub(in crate::generate) fn renamed(changes: &[Change], heeded: &dyn Fn(&Name) -> bool) -> Vec<String> {
    let before = |table: &Name| {
        let from = changes.iter().find_map(|change| match change {
            Change::RenameTable { from, to } if to == table => Some(from),
            _ => None,
        });
        from.unwrap_or(table).clone()
    };
    let stands_in = |from: &Name| {
        let view = ObjectId::Object(ObjectKind::View, from.clone());
        changes.iter().any(|change| matches!(change, Change::CreateObject(object) if object.id == view))
    };
    let of = |change: &Change| match change {
        Change::RenameTable { from, .. } if stands_in(from) => None,
        Change::RenameColumn { table, .. } if stands_in(&before(table)) => None,
        Change::RenameTable { from, to } if heeded(from) => {
            Some((format!("table {from} is renamed to {to}"), format!("#[model(table = {:?})]", from.name)))
        }
        Change::RenameColumn { table, from, to } if heeded(&before(table)) => {
            Some((format!("column {table}.{from} is renamed to {to}"), format!("#[sql_name({from:?})]")))
        }
        _ => None,
    };
    let said = |(what, attribute): (String, String)| {
        format!(
            "{what}, and a release that still runs fails from then on; in Rust alone it is renamed with \
             `{attribute}`, without a revision"
        )
    };
    let views = changes.iter().filter_map(|change| match change {
        Change::RenameTable { from, to } if stands_in(from) => Some(format!(
            "table {from} is renamed to {to}, and a view has the old name for a release that still runs: it reads and \
             writes it as before, but for COPY, TRUNCATE, ON CONFLICT ON CONSTRAINT, and GROUP BY the key alone"
        )),
        _ => None,
    });
    changes.iter().filter_map(of).map(said).chain(views).collect()
}
