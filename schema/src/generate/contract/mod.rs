//! Expand and contract: what the release that still runs needs stays until it is gone.
//!
//! While a new release is deployed, the one of before goes on reading and writing the same tables. What the models no
//! longer have is therefore kept, so that nobody has to write it (a column that goes may be NULL), and what they demand
//! now (`NOT NULL`) is not demanded yet. `schema.lock` remembers it (`waiting`), and `autogenerate --contract` does it.

mod kept_objects;
mod said;
mod told;

use std::collections::BTreeSet;

use diesel_schema_core::declared::{Column, DeclaredSchema, Default, ForeignKey, Model, Sequence, TypeKind};
use diesel_schema_core::lock::Lock;

use super::error::Error;
use super::{in_step, old_name};
use crate::schema::Name;
use said::Said;

pub(super) use told::{left, renamed, retyped};

/// What a revision does about the release of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// It is heeded for tables that the database knows to be large; of others nothing is kept.
    #[default]
    BySize,
    /// It is heeded for every table.
    Expand,
    /// It is gone: whatever waits is done, and nothing is kept.
    Contract,
}

/// The models with what the database keeps besides.
///
/// # Errors
/// Lines of the lock that contradict each other.
pub(super) fn expanded(
    declared: &DeclaredSchema,
    lock: Option<&Lock>,
    renames: &[String],
    heeded: &dyn Fn(&Name) -> bool,
) -> Result<DeclaredSchema, Error> {
    let Some(lock) = lock else { return Ok(declared.clone()) };
    let before = lock.expanded().map_err(|error| Error::Lock(error.to_string()))?;
    let said = Said::new(declared, &before, &lock.declared, renames);
    let mut out = declared.clone();
    let mut enums = BTreeSet::new();
    let mut files = Vec::new();
    for was in &before.models {
        let heeded = heeded(&name(was));
        if heeded {
            enums.extend(was.columns.iter().filter_map(enum_of));
        }
        match out.models.iter_mut().find(|model| name(model) == name(was)) {
            _ if said.is_renamed(was) => files.extend(heeded.then(|| said.old_name(was)).flatten()),
            Some(model) => said.keep_columns(was, model, heeded, (&mut enums, &mut files)),
            None if heeded || find(&lock.declared, was).is_none() => {
                enums.extend(was.columns.iter().filter_map(enum_of));
                out.models.push(said.with_free_names(was));
            }
            None => {}
        }
    }
    said.keep_values(&mut out, &enums);
    files.extend(old_name::kept(&before, &out).into_iter().cloned());
    files.extend(kept_objects::of(&before, declared, &out));
    for file in files {
        if !out.sql.iter().any(|it| it.path == file.path) {
            out.sql.push(file);
        }
    }
    let asked = before.sequences.iter().filter(|was| {
        let stands = |it: &Sequence| it.name == was.name && it.namespace == was.namespace;
        !out.sequences.iter().any(stands) && is_asked(&out, was)
    });
    let asked: Vec<Sequence> = asked.cloned().collect();
    out.sequences.extend(asked);
    let stands: Vec<Name> = out.models.iter().map(name).collect();
    for model in &mut out.models {
        model.foreign_keys.retain(|key| stands.contains(&target(key)));
    }
    Ok(out)
}

fn name(model: &Model) -> Name {
    Name::qualified(model.namespace.clone(), &model.table)
}

fn target(key: &ForeignKey) -> Name {
    Name::qualified(key.references_namespace.clone(), &key.references_table)
}

fn find<'a>(schema: &'a DeclaredSchema, model: &Model) -> Option<&'a Model> {
    schema.models.iter().find(|it| name(it) == name(model))
}

/// Whether the default of a column takes a sequence's values.
fn is_asked(schema: &DeclaredSchema, sequence: &Sequence) -> bool {
    let name = Name::qualified(sequence.namespace.clone(), &sequence.name).to_string();
    let asks = |sql: &str| {
        sql.split("nextval('").skip(1).filter_map(|rest| rest.split('\'').next()).any(|it| it.replace('"', "") == name)
    };
    let defaults = schema.models.iter().flat_map(|model| &model.columns).filter_map(|column| column.default.as_ref());
    defaults.into_iter().any(|default| match default {
        Default::Expr(expr) => asks(expr.postgres.as_deref().unwrap_or(&expr.sql)),
        _ => false,
    })
}

fn enum_of(column: &Column) -> Option<(Option<String>, String)> {
    (column.ty.kind == TypeKind::Enum).then(|| (column.ty.namespace.clone(), column.ty.name.clone()))
}
