//! Reads a live schema from `pg_catalog`, in one query inside one read-only snapshot.
//!
//! `search_path` is pinned to `public` while it runs, so that expressions print the same whatever the role or
//! the database sets. Where a transaction is open already, that one is used and left open: the settings are put
//! back afterwards, and no savepoint is needed because nothing is written (a failure aborts the caller's
//! transaction, as any failed query does).

mod assemble;
mod queries;

use std::collections::BTreeMap;

use diesel::QueryResult;

use super::quote;
use crate::connection::SqlConnection;
use crate::schema::Schema;

/// A row of one part: its columns, without the kind.
pub(super) struct Row(Vec<Option<String>>);

impl Row {
    fn opt(&self, at: usize) -> Option<&str> {
        self.0.get(at + 1).and_then(Option::as_deref)
    }

    fn text(&self, at: usize) -> &str {
        self.opt(at).unwrap_or_default()
    }

    fn string(&self, at: usize) -> Option<String> {
        self.opt(at).map(str::to_owned)
    }

    fn flag(&self, at: usize) -> bool {
        matches!(self.text(at), "true" | "t")
    }

    fn number(&self, at: usize) -> i64 {
        self.text(at).parse().unwrap_or_default()
    }

    fn list(&self, at: usize) -> Vec<&str> {
        self.text(at).split_whitespace().collect()
    }
}

pub(super) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
    // What is set for the transaction outlives this statement only inside a transaction block. (Timestamps can't
    // tell: the extended protocol sets the statement's anew with each message.)
    connection.batch("SELECT set_config('diesel_schema.open', 'yes', true)")?;
    let probe = connection.rows(
        "SELECT current_setting('server_version_num'), current_setting('search_path'), current_setting('jit'), \
         (current_setting('diesel_schema.open', true) = 'yes')::text",
    )?;
    let probe = Row(std::iter::once(None).chain(probe.into_iter().flatten()).collect());
    let version = u32::try_from(probe.number(0)).unwrap_or_default();
    let open = probe.flag(3);
    let settings = "SET LOCAL search_path = public; SET LOCAL jit = off";
    if open {
        connection.batch(settings)?;
    } else {
        connection.batch(&format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {settings}"))?;
    }
    let rows = connection.rows(&queries::query(version));
    if open {
        let rows = rows?;
        connection.batch(&format!(
            "SELECT set_config('search_path', {}, true), set_config('jit', {}, true)",
            quote::literal(probe.text(1)),
            quote::literal(probe.text(2))
        ))?;
        return Ok(assemble::assemble(sort(rows)));
    }
    let ended = connection.batch(if rows.is_ok() { "COMMIT" } else { "ROLLBACK" });
    let rows = rows?;
    ended?;
    Ok(assemble::assemble(sort(rows)))
}

fn sort(rows: Vec<Vec<Option<String>>>) -> BTreeMap<String, Vec<Row>> {
    let mut kinds: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let Some(Some(kind)) = row.first() else { continue };
        match kinds.get_mut(kind.as_str()) {
            Some(of_kind) => of_kind.push(Row(row)),
            None => {
                kinds.insert(kind.clone(), vec![Row(row)]);
            }
        }
    }
    kinds
}
