//! Indexes, built and dropped beside the writes (PostgreSQL manual, `CREATE INDEX`, "Building Indexes Concurrently").

use super::without;
use crate::change::{HazardKind, Stage, Step, TableLock};
use crate::schema::{ForeignKey, Index, IndexKey, IndexKeyWhat, Key, Name, ObjectId, Schema};

/// Built behind all else, where nothing else needs it.
pub(super) fn create(steps: Vec<Step>, needed: bool) -> Vec<Step> {
    let stage = if needed { Stage::Main } else { Stage::Build };
    steps
        .into_iter()
        .map(|step| concurrently(Step { stage, ..step }, &["CREATE INDEX", "CREATE UNIQUE INDEX"]))
        .collect()
}

/// Dropped behind all else, where nothing else takes it along or takes its name.
pub(super) fn drop(table: &Name, index: &Index, (old, new): (&Schema, &Schema), steps: Vec<Step>) -> Vec<Step> {
    let waits = can_wait(table, index, old, new);
    let stage = if waits { Stage::Build } else { Stage::Main };
    steps.into_iter().map(|step| concurrently(Step { stage, ..step }, &["DROP INDEX"])).collect()
}

/// The statement that begins with one of these words, beside the writes; any other is left as it is.
fn concurrently(step: Step, verbs: &[&str]) -> Step {
    let found = verbs.iter().find_map(|verb| Some((verb, step.sql.strip_prefix(verb)?)));
    let Some(sql) = found.map(|(verb, rest)| format!("{verb} CONCURRENTLY{rest}")) else { return step };
    let step = Step { sql, lock: Some(TableLock::ShareUpdateExclusive), in_transaction: false, ..step };
    without(step, HazardKind::BlockingLock)
}

/// Whether a foreign key of the new schema points at these columns, so that the index has to stand before it.
pub(super) fn is_referenced(table: &Name, columns: &[String], new: &Schema) -> bool {
    let to_these = |key: &ForeignKey| {
        key.references == *table
            && key.references_columns.len() == columns.len()
            && key.references_columns.iter().all(|column| columns.contains(column))
    };
    new.tables.values().flat_map(|table| &table.foreign_keys).any(to_these)
}

/// Whether something of the new schema needs the unique constraint before the plan ends.
pub(super) fn is_waited_for(table: &Name, key: &Key, new: &Schema) -> bool {
    is_referenced(table, &key.columns, new) || is_needed(table, &key.name, new)
}

/// Whether an object of the new schema depends on the index, or on the constraint of that name, such as
/// `REPLICA IDENTITY USING INDEX`.
pub(super) fn is_needed(table: &Name, name: &str, new: &Schema) -> bool {
    let ids = [ObjectId::Index(table.clone(), name.to_owned()), ObjectId::Constraint(table.clone(), name.to_owned())];
    new.objects.values().any(|object| ids.iter().any(|id| object.depends_on.contains(id)))
}

/// The columns, where the index is of columns alone.
pub(super) fn columns(index: &Index) -> Option<Vec<String>> {
    let column = |key: &IndexKey| match &key.what {
        IndexKeyWhat::Column(name) => Some(name.clone()),
        IndexKeyWhat::Expr(_) => None,
    };
    index.keys.iter().map(column).collect()
}

/// A foreign key could come to depend on a unique one in the meantime, and a column that changes would take it along.
fn can_wait(table: &Name, index: &Index, old: &Schema, new: &Schema) -> bool {
    let of = |schema: &Schema, column: &str| schema.tables.get(table).and_then(|table| table.column(column).cloned());
    let stays = |column: &String| of(new, column).is_some() && of(new, column) == of(old, column);
    let Some(columns) = columns(index) else { return false };
    !index.unique
        && index.predicate.is_none()
        && columns.iter().chain(&index.include).all(stays)
        && !is_taken(table, &index.name, new)
}

/// Whether another relation of the namespace has the name.
fn is_taken(table: &Name, name: &str, new: &Schema) -> bool {
    let relation = Name::qualified(table.namespace.clone(), name);
    let mut beside = new.tables.values().filter(|it| it.name.namespace == table.namespace);
    new.tables.contains_key(&relation)
        || new.sequences.contains_key(&relation)
        || beside.any(|table| table.relation_names().any(|it| it == name))
}
