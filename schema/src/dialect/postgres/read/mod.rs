//! Reads a live schema from `pg_catalog`: one statement, one round trip, one snapshot; before it, one that asks what there
//! is any of.
//!
//! The statement pins `search_path` to `public` for itself, so that expressions print the same whatever the role or
//! the database sets, and puts it back in its last part: a setting that is local to a transaction ends with the
//! statement outside of a transaction block, and would outlive it inside one. It reads nothing else and writes
//! nothing, so it runs in a caller's transaction, in a read-only one, and behind a transaction pooler.

mod assemble;
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
#[cfg(test)]
mod tests;
mod unread;

use std::collections::BTreeMap;

use diesel::QueryResult;

use crate::connection::{SqlConnection, TextRow};
use crate::schema::Schema;
pub(super) use privileges::read as privileges;

/// A row of one part: its columns, without the kind.
pub(super) struct Row(TextRow);

impl Row {
    fn of(record: &TextRow) -> Self {
        Self(record::columns(record.get(0).unwrap_or_default()))
    }

    fn opt(&self, at: usize) -> Option<&str> {
        self.0.get(at + 1)
    }

    fn text(&self, at: usize) -> &str {
        self.opt(at).unwrap_or_default()
    }

    fn string(&self, at: usize) -> Option<String> {
        self.opt(at).map(str::to_owned)
    }

    fn flag(&self, at: usize) -> bool {
        self.text(at) == "t"
    }

    fn number(&self, at: usize) -> i64 {
        self.text(at).parse().unwrap_or_default()
    }

    fn list(&self, at: usize) -> Vec<&str> {
        self.text(at).split_whitespace().collect()
    }
}

pub(super) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
    let there = seldom::answer(&connection.repeated_rows(&seldom::question())?);
    let mut kinds = sort(connection.repeated_rows(&queries::query(&there))?);
    // Only who may read the secret in it may ask for more of a subscription, and few databases have one.
    if kinds.get("subscription").is_some_and(|rows| rows.iter().all(|row| row.flag(1))) {
        kinds
            .entry("object".to_owned())
            .or_default()
            .extend(connection.text_rows(&remote::subscriptions())?.iter().map(Row::of));
        kinds.remove("subscription");
    }
    Ok(assemble::assemble(kinds))
}

fn sort(rows: Vec<TextRow>) -> BTreeMap<String, Vec<Row>> {
    let mut kinds: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.iter().map(Row::of) {
        let Some(kind) = row.0.get(0) else { continue };
        match kinds.get_mut(kind) {
            Some(of_kind) => of_kind.push(row),
            None => {
                kinds.insert(kind.to_owned(), vec![row]);
            }
        }
    }
    kinds
}
