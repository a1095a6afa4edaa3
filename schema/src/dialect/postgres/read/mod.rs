//! Reads a live schema from `pg_catalog`: one statement, one round trip, one snapshot; before it, one that asks what there
//! is any of.
//!
//! The statement pins `search_path` to `public` for itself, so that expressions print the same whatever the role or
//! the database sets, and puts it back in its last part: a setting that is local to a transaction ends with the
//! statement outside of a transaction block, and would outlive it inside one. It reads nothing else and writes
//! nothing, so it runs in a caller's transaction, in a read-only one, and behind a transaction pooler.

mod assemble;
mod constraint;
mod draft;
mod index;
mod kinds;
mod objects;
mod operators;
mod privileges;
mod queries;
mod record;
mod remote;
mod search;
mod seldom;
mod settings;
mod spelling;
#[cfg(test)]
mod tests;
mod unread;

use std::collections::BTreeMap;

use diesel::QueryResult;

use crate::connection::SqlConnection;
use crate::schema::Schema;
use assemble::Assembly;
pub(super) use privileges::read as privileges;
use record::Row;

/// The rows by their kind, which is the first column of each.
#[derive(Default)]
struct Kinds(BTreeMap<String, Vec<Row>>);

impl Kinds {
    fn keep(&mut self, row: Row) {
        match self.0.get_mut(row.kind()) {
            Some(of_kind) => of_kind.push(row),
            None => {
                self.0.insert(row.kind().to_owned(), vec![row]);
            }
        }
    }

    fn of(&self, kind: &str) -> &[Row] {
        self.0.get(kind).map(Vec::as_slice).unwrap_or_default()
    }
}

pub(super) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
    let (mut there, mut assembly) = (Vec::new(), Assembly::default());
    connection.each_repeated_text(&seldom::question(), &mut |row| there.extend(seldom::answer(row)))?;
    connection.each_repeated_text(&queries::query(&there), &mut |record| assembly.take(record))?;
    // Only who may read the secret in it may ask for more of a subscription, and few databases have one.
    let subscriptions = assembly.subscriptions();
    if !subscriptions.is_empty() && subscriptions.iter().all(|row| row.flag(1)) {
        assembly.forget_subscriptions();
        connection.each_text(&remote::subscriptions(), &mut |record| assembly.take(record))?;
    }
    Ok(assembly.finish())
}
