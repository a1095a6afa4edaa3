//! Diesel's own PostgreSQL connection.

use std::any::Any;

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::{Pg, PgConnection};
use diesel::row::{Field, NamedRow};
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl};
use diesel_schema_core::Dialect;

use super::{AsSqlConnection, SqlConnection};

/// A row whose width is known only when it arrives.
struct TextRow(Vec<Option<String>>);

impl QueryableByName<Pg> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        (0..row.field_count())
            .map(|at| {
                let Some(field) = diesel::row::Row::get(row, at) else { return Ok(None) };
                field.value().map(<String as FromSql<Text, Pg>>::from_sql).transpose()
            })
            .collect::<deserialize::Result<_>>()
            .map(Self)
    }
}

impl SqlConnection for PgConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.batch_execute(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        let rows: Vec<TextRow> = diesel::sql_query(sql).load(self)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    fn typed(&mut self, visit: &mut dyn FnMut(&mut dyn Any) -> bool) -> bool {
        visit(self)
    }
}

impl AsSqlConnection for PgConnection {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}
