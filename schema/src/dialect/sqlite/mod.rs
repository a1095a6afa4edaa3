//! SQLite 3.35 and newer.
//!
//! What SQLite has no words for and which changes nothing a program can see is left out in lowering: comments.
//! Everything else that it can't say is an error at its place in the source, sequences and namespaces included.

mod alter;
mod beyond;
mod ddl;
mod expr;
mod lower;
mod objects;
mod parse;
mod read;
mod rebuild;
#[cfg(test)]
mod tests;
mod token;
mod types;
mod violations;

use diesel::{Connection, QueryResult, SqliteConnection};
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use super::{DialectImpl, Refusal, Scratch, Script, Unsupported};
use crate::change::{Change, Plan, Step};
use crate::connection::SqlConnection;
use crate::schema::{Name, Schema};

pub use rebuild::{envelope, needs_envelope};

/// SQLite.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sqlite;

impl DialectImpl for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
        lower::lower(declared)
    }

    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
        read::read(connection)
    }

    fn is_same_name(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b)
    }

    fn can_alter(&self, change: &Change, old: &Schema, new: &Schema) -> bool {
        alter::can_alter(change, old, new)
    }

    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        alter::render(change, old, new)
    }

    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        rebuild::rebuild(changes, old, new)
    }

    /// An index can't be renamed: it goes and comes again, so that two that swap their names need no third.
    fn expand(&self, changes: Vec<Change>, old: &Schema, new: &Schema) -> Vec<Change> {
        let find = |schema: &Schema, table: &Name, name: &str| {
            schema.tables.get(table)?.indexes.iter().find(|index| index.name == name).cloned()
        };
        let split = |change| match change {
            Change::ReplaceObject { old, new } => vec![Change::DropObject(old), Change::CreateObject(new)],
            Change::RenameIndex { table, from, to } => match (find(old, &table, &from), find(new, &table, &to)) {
                (Some(was), Some(is)) => vec![
                    Change::DropIndex { table: table.clone(), index: was },
                    Change::CreateIndex { table, index: is },
                ],
                _ => vec![Change::RenameIndex { table, from, to }],
            },
            other => vec![other],
        };
        changes.into_iter().flat_map(split).collect()
    }

    fn foreign_keys_inline(&self) -> bool {
        true
    }

    fn script(&self, plan: &Plan) -> Script {
        rebuild::script(plan)
    }

    fn quote(&self, identifier: &str) -> String {
        token::quote(identifier)
    }

    fn scratch(&self, _url: Option<&str>) -> Result<Box<dyn Scratch>, String> {
        match SqliteConnection::establish(":memory:") {
            Ok(connection) => Ok(Box::new(Memory(connection))),
            Err(error) => Err(format!("SQLite opened no database in memory: {error}; free some memory and try again")),
        }
    }
}

/// A database in memory.
struct Memory(SqliteConnection);

impl Scratch for Memory {
    fn connection(&mut self) -> &mut dyn SqlConnection {
        &mut self.0
    }
}
