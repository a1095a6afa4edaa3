//! PostgreSQL 13 and newer.

mod cast;
mod connect;
mod ddl;
mod default;
mod expand;
mod grain;
mod lower;
mod online;
mod planned;
mod privileges;
pub(super) mod quote;
mod read;
mod remembered;
mod scratch;
mod since;
mod stand_in;
#[cfg(test)]
mod tests;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

pub(crate) use connect::connect;
pub use planned::Planned;

use super::{Busy, DialectImpl, Refusal, Scratch, Subject, Unsupported};
use crate::change::{Change, Constraint, Step};
use crate::connection::SqlConnection;
use crate::schema::{Index, Name, ObjectId, Privileges, Schema};

/// How PostgreSQL says things.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

impl DialectImpl for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
        lower::lower(declared)
    }

    fn subject(&self, sql: &str) -> Option<Subject> {
        lower::subject(sql)
    }

    fn read(&self, connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
        read::read(connection)
    }

    fn too_old(&self, schema: &Schema, connection: &mut dyn SqlConnection) -> QueryResult<Option<String>> {
        since::too_old(schema, connection)
    }

    fn even(&self, old: &mut Schema, new: &mut Schema) {
        grain::even(old, new);
    }

    fn privileges(&self, connection: &mut dyn SqlConnection) -> QueryResult<Privileges> {
        read::privileges(connection)
    }

    fn privilege_steps(&self, old: &Privileges, new: &Privileges, made: &BTreeSet<ObjectId>) -> Vec<Step> {
        privileges::steps(old, new, made)
    }

    fn can_alter(&self, _change: &Change, _old: &Schema, _new: &Schema) -> bool {
        true
    }

    fn expand(&self, changes: Vec<Change>, _old: &Schema, _new: &Schema) -> Vec<Change> {
        expand::expand(changes)
    }

    fn render(&self, change: &Change, old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        ddl::render(change, old, new)
    }

    fn key_of_index(
        &self,
        table: &Name,
        index: &Index,
        key: &Constraint,
        old: &Schema,
        new: &Schema,
    ) -> Option<Vec<Step>> {
        ddl::key_of_index(table, index, key, old, new)
    }

    fn online<'a>(&'a self, busy: &'a Busy<'a>) -> Option<Box<dyn DialectImpl + 'a>> {
        Some(Box::new(online::Online { plain: *self, busy }))
    }

    fn row_estimates(&self, connection: &mut dyn SqlConnection) -> QueryResult<BTreeMap<Name, u64>> {
        online::row_estimates(connection)
    }

    fn table_bytes(&self, connection: &mut dyn SqlConnection) -> QueryResult<BTreeMap<Name, u64>> {
        online::table_bytes(connection)
    }

    fn privileges_kept(&self, remade: &BTreeSet<ObjectId>) -> Option<(Option<Step>, Step)> {
        remembered::steps(remade)
    }

    fn granted_alike(&self, table: &Name, view: &Name) -> Vec<Step> {
        stand_in::granted_alike(table, view)
    }

    fn rebuild(&self, changes: &[Change], old: &Schema, new: &Schema) -> Result<Vec<Step>, Refusal> {
        // ALTER TABLE can do all of it here, so a rebuild is the changes one after the other.
        let mut steps = Vec::new();
        for change in changes {
            steps.extend(ddl::render(change, old, new)?);
        }
        Ok(steps)
    }

    fn quote(&self, identifier: &str) -> String {
        quote::ident(identifier)
    }

    fn scratch(&self, url: Option<&str>) -> Result<Box<dyn Scratch>, String> {
        scratch::create(url)
    }
}
