//! The schema that a revision starts from: the database's, what the revisions make of a scratch, or what the lock says.

use std::collections::BTreeMap;

use super::error::Error;
use super::known::Known;
use super::prepare::{Connection, Facts, Part};
use super::proof::Replay;
use super::spelling::Server;
use super::{history, schema_rs};
use crate::connection::one_line;
use crate::schema::{Name, Schema};

/// What is there before.
pub(super) struct Before {
    pub(super) schema: Schema,
    /// How large its tables are, where a database was there to ask: rows and bytes.
    pub(super) sizes: BTreeMap<Name, (u64, u64)>,
    /// Whether the revisions can be run on a scratch.
    pub(super) replayable: bool,
}

/// Asks whoever knows: the database, if it is of this dialect.
///
/// # Errors
/// The database is not at head or refuses; a revision fails on the scratch; the lock knows other revisions.
pub(super) fn before(
    facts: &Facts<'_>,
    part: &Part,
    known: &Known<'_>,
    connection: Option<&mut Connection>,
    (scratches, replay): (&Result<Option<&str>, String>, &Replay<'_>),
) -> Result<Before, Error> {
    let Facts { request, declared, pool, rows, .. } = *facts;
    let dialect = part.dialect.dialect();
    if let Some(connection) = connection.filter(|_| request.database.as_ref().is_some_and(|url| url.dialect == dialect))
    {
        history::means_public(connection, declared)?;
        history::at_head(&history::applied(connection)?, &part.revisions, &part.folder)?;
        let failed = |error| Error::Query { dialect, doing: "reading the schema", message: one_line(error) };
        let read = part.dialect.read(connection).map_err(failed)?;
        let bytes = part.dialect.table_bytes(connection).map_err(failed)?;
        let size = |(name, rows): (&Name, &u64)| (name.clone(), (*rows, bytes.get(name).copied().unwrap_or_default()));
        return Ok(Before { schema: read, sizes: rows.iter().map(size).collect(), replayable: true });
    }
    if let Ok(url) = scratches {
        let server = Server { scratches: pool, dialect: part.dialect, url: *url };
        let mut scratch = server.scratch()?;
        replay(&mut scratch)?;
        return Ok(Before { schema: server.read(&mut scratch)?, sizes: BTreeMap::new(), replayable: true });
    }
    let mut schema = match part.revisions.as_slice() {
        [] => Schema::default(),
        _ => known.schema(part.dialect)?,
    };
    schema_rs::order_columns(&mut schema, (declared, request.project), part.dialect)?;
    Ok(Before { schema, sizes: BTreeMap::new(), replayable: false })
}

/// Does `work`, which waits for a server most of the time, and `meanwhile` on another thread.
pub(super) fn beside<A, B: Send>(meanwhile: impl FnOnce() -> B + Send, work: impl FnOnce() -> A) -> (A, B) {
    std::thread::scope(|scope| {
        let meanwhile = scope.spawn(meanwhile);
        let done = work();
        (done, meanwhile.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
