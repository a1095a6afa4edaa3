//! `SqliteConnection`.

use std::any::Any;

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::{Field, NamedRow};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};
use diesel_schema_core::Dialect;

use super::{AsSqlConnection, SqlConnection};

/// A row of any width, every value read as text.
struct TextRow(Vec<Option<String>>);

impl QueryableByName<Sqlite> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        (0..row.field_count())
            .map(|index| match diesel::row::Row::get(row, index) {
                Some(field) => {
                    <Option<String> as FromSql<diesel::sql_types::Nullable<Text>, Sqlite>>::from_nullable_sql(
                        field.value(),
                    )
                }
                None => Ok(None),
            })
            .collect::<deserialize::Result<_>>()
            .map(Self)
    }
}

impl SqlConnection for SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
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

impl AsSqlConnection for SqliteConnection {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}
