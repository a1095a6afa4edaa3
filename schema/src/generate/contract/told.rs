//! What is said of names and types that change under a release that still uses them.

use super::{find, in_step, name};
use crate::change::{Change, Works};
use crate::schema::{Name, ObjectId, ObjectKind};
use diesel_schema_core::declared::{DeclaredSchema, Model};

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
    let before = |table: &Name| name_before(changes, table);
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

/// What to think about before the type of a column changes under a release that still uses it. `before` are the models of
/// that release.
pub(in crate::generate) fn retyped(
    changes: &[Change],
    declared: &DeclaredSchema,
    before: Option<&DeclaredSchema>,
    heeded: &dyn Fn(&Name) -> bool,
) -> Vec<String> {
    // Whether the new type could have another name, and the column of before stand beside it.
    let both = |table: &Name, column: &str| {
        let is = declared.models.iter().find(|model| name(model) == *table)?;
        let was = find(before?, is)?;
        let column_of = |model: &Model| model.columns.iter().find(|it| it.name == column).cloned();
        let in_key = [was, is].iter().any(|model| model.primary_key.columns.iter().any(|it| it == column));
        Some(!in_key && in_step::can_be(declared, &column_of(was)?, &column_of(is)?))
    };
    let of = |change: &Change| match change {
        Change::AlterColumn { table, old, new }
            if old.ty != new.ty && change.fit().old == Works::No && heeded(&name_before(changes, table)) =>
        {
            let next = if both(table, &new.name) == Some(true) {
                format!(
                    "under another name (`#[renamed_from({:?})]`), the new type has a column beside this one until \
                     `--contract`",
                    new.name
                )
            } else {
                "it has to be gone when this is applied".to_owned()
            };
            let is = &new.ty.sql;
            Some(format!(
                "column {table}.{} becomes {is}, and a release that still runs fails from then on; {next}",
                new.name
            ))
        }
        _ => None,
    };
    changes.iter().filter_map(of).collect()
}

fn name_before(changes: &[Change], table: &Name) -> Name {
    let from = changes.iter().find_map(|change| match change {
        Change::RenameTable { from, to } if to == table => Some(from),
        _ => None,
    });
    from.unwrap_or(table).clone()
}
