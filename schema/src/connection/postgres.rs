//! Diesel's own PostgreSQL connection.

use std::any::Any;

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, QueryableByName};
use diesel::pg::{Pg, PgConnection, PgRowByRowLoadingMode};
use diesel::row::{Field, NamedRow};
use diesel::{QueryResult, RunQueryDsl};
use diesel_schema_core::Dialect;

use super::{AsSqlConnection, SqlConnection, TextRow};

/// A row whose width is known only when it arrives.
struct Arrived(TextRow);

impl QueryableByName<Pg> for Arrived {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let width = row.field_count();
        // Most columns of most rows are short words and numbers.
        let mut arrived = TextRow::with_capacity(width, 8 * width);
        for at in 0..width {
            match diesel::row::Row::get(row, at) {
                Some(field) => match field.value() {
                    Some(value) => arrived.push(Some(std::str::from_utf8(value.as_bytes())?)),
                    None => arrived.push(None),
                },
                None => arrived.push(None),
            }
        }
        Ok(Self(arrived))
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
        let rows = self.text_rows(sql)?;
        let columns = |row: &TextRow| (0..row.width()).map(|at| row.get(at).map(str::to_owned)).collect();
        Ok(rows.iter().map(columns).collect())
    }

    fn text_rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        // Row by row, so that what has come is taken apart while the server still works on the rest.
        let rows = diesel::sql_query(sql).load_iter::<Arrived, PgRowByRowLoadingMode>(self)?;
        rows.map(|row| row.map(|row| row.0)).collect()
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
