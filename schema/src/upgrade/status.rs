//! Where a database stands, for `/health` and the commands.

use std::collections::BTreeSet;

use super::run::graph_of;
use super::{Migrations, UpgradeError, applied};
use crate::connection::AsSqlConnection;

/// Where a database stands against the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The rows of Diesel's table, sorted.
    pub applied: Vec<String>,
    /// What is not applied yet, in order.
    pub pending: Vec<String>,
    /// What is applied and not known to this binary, sorted.
    pub unknown: Vec<String>,
    /// The binary's heads.
    pub heads: Vec<String>,
    /// The database's heads among what is known.
    pub current: Vec<String>,
}

impl Status {
    /// Whether nothing is pending and nothing unknown.
    #[must_use]
    pub fn at_head(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }
}

/// Asks with one query; changes nothing.
///
/// # Errors
/// The query fails, or the binary has no revisions for this dialect.
pub fn status(connection: &mut impl AsSqlConnection, migrations: &Migrations) -> Result<Status, UpgradeError> {
    let connection = connection.as_sql_connection();
    let set = migrations.set(connection.dialect())?;
    let graph = graph_of(&set)?;
    let rows: BTreeSet<String> = applied(connection)?.unwrap_or_default().into_iter().collect();
    let ids = || rows.iter().map(String::as_str);
    let done = graph.ancestors(ids());
    let parents: BTreeSet<&str> =
        done.iter().filter_map(|id| graph.get(id)).flat_map(|node| node.down_revision.iter().copied()).collect();
    let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
    Ok(Status {
        pending: owned(graph.pending(ids())),
        unknown: owned(ids().filter(|id| !graph.knows(id)).collect()),
        heads: owned(graph.heads()),
        current: owned(done.iter().copied().filter(|id| !parents.contains(id)).collect()),
        applied: rows.into_iter().collect(),
    })
}
