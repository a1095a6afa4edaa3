//! Diesel's own PostgreSQL connection.

use std::any::Any;

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, QueryableByName};
use diesel::pg::{Pg, PgConnection, PgRowByRowLoadingMode};
use diesel::row::{Field, NamedRow};
use diesel::{QueryResult, RunQueryDsl};
use diesel_schema_core::Dialect;

use super::{AsSqlConnection, SqlConnection};

fn text<'a>(row: &impl NamedRow<'a, Pg>, at: usize) -> deserialize::Result<Option<String>> {
    let Some(field) = diesel::row::Row::get(row, at) else { return Ok(None) };
    let Some(value) = field.value() else { return Ok(None) };
    Ok(Some(std::str::from_utf8(value.as_bytes())?.to_owned()))
}

/// A row of any width, every value read as text.
struct Texts(Vec<Option<String>>);

impl QueryableByName<Pg> for Texts {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        (0..row.field_count()).map(|at| text(row, at)).collect::<deserialize::Result<_>>().map(Self)
    }
}

/// A row's first column.
struct First(String);

impl QueryableByName<Pg> for First {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self(text(row, 0)?.unwrap_or_default()))
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
        let rows: Vec<Texts> = diesel::sql_query(sql).load(self)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    fn each_text(&mut self, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        let mut rows = diesel::sql_query(sql).load_iter::<First, PgRowByRowLoadingMode>(self)?;
        rows.try_for_each(|row| row.map(|First(text)| take(&text)))
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
