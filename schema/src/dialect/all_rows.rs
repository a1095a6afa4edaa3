//! Row-level security hides rows from a table's owner, too, where it is forced: what copies rows aside or fills them
//! would pass over those, and nobody would be told.

use crate::change::Step;
use crate::schema::{Name, Schema};

/// Whether policies may hide rows of the table, under any of its names, before the plan or behind it.
pub(super) fn is_secured(names: &[&Name], schemas: &[&Schema]) -> bool {
    names.iter().any(|name| schemas.iter().any(|schema| schema.has_row_security(name)))
}

/// What has the server refuse those that policies would hide rows of such a table from, until the transaction ends.
pub(super) fn or_refuse(names: &[&Name], schemas: &[&Schema]) -> Option<Step> {
    is_secured(names, schemas).then(|| Step::harmless("SET LOCAL row_security = off"))
}
