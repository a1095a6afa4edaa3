//! A connection that keeps the plan of what it is asked again.

use std::any::Any;

use diesel::{PgConnection, QueryResult};
use diesel_schema_core::Dialect;

use crate::connection::{SqlConnection, TextRow};

/// The statement, as `pg_prepared_statements` has it.
pub(super) const NAME: &str = "__diesel_schema_again";

/// A PostgreSQL connection for reading schemas again and again, behind which no pooler stands. To plan the query that
/// reads a schema takes the server ten times as long as to run it on a small one.
///
/// One query at a time is kept: the last. The server is asked for it each time, because what ran meanwhile may have been
/// `DISCARD ALL`.
pub struct Planned {
    inner: PgConnection,
    kept: Option<String>,
}

impl Planned {
    /// Takes a connection over.
    #[must_use]
    pub fn new(inner: PgConnection) -> Self {
        Self { inner, kept: None }
    }

    /// Whether the server has the query, and the path that it is to come back to. A plan is for one path, and a schema
    /// `public` that was made anew is another one: meanwhile there is none.
    fn step_aside(&mut self) -> QueryResult<(bool, String)> {
        let mut row = self.inner.rows(&format!(
            "SELECT EXISTS (SELECT FROM pg_prepared_statements WHERE name = '{NAME}')::text, \
             current_setting('search_path'), set_config('search_path', '', false)"
        ))?;
        let mut columns = row.pop().unwrap_or_default().into_iter().map(Option::unwrap_or_default);
        let there = columns.next().is_some_and(|it| it == "true");
        Ok((there, columns.next().unwrap_or_default()))
    }

    fn execute(&mut self, there: bool, sql: &str) -> QueryResult<Vec<TextRow>> {
        if !there || self.kept.as_deref() != Some(sql) {
            let before = if there { format!("DEALLOCATE {NAME};") } else { String::new() };
            self.inner.batch(&format!("{before}PREPARE {NAME} AS {sql}"))?;
            self.kept = Some(sql.to_owned());
        }
        self.inner.text_rows(&format!("EXECUTE {NAME}"))
    }
}

impl SqlConnection for Planned {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.inner.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.inner.rows(sql)
    }

    fn text_rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        self.inner.text_rows(sql)
    }

    fn repeated_rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        let (there, path) = self.step_aside()?;
        let rows = self.execute(there, sql);
        let back = self.inner.rows(&format!("SELECT set_config('search_path', '{}', false)", path.replace('\'', "''")));
        // Why the query failed says more than that the transaction takes nothing else now.
        rows.and_then(|rows| back.map(|_| rows))
    }

    fn typed(&mut self, visit: &mut dyn FnMut(&mut dyn Any) -> bool) -> bool {
        self.inner.typed(visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_planned_once_and_again_where_the_server_forgot_it() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let mut connection = Planned::new(super::super::connect(&url).expect("connect"));
        let counted = format!("SELECT generic_plans::text FROM pg_prepared_statements WHERE name = '{NAME}'");
        // PostgreSQL 13 does not count.
        let counts = connection.rows("SHOW server_version_num").expect("version")[0][0].as_deref() >= Some("140000");
        let mut ask = |sql: &str, before: &str| {
            connection.batch(before).expect(before);
            let path = connection.rows("SHOW search_path").expect("path");
            let rows = connection.repeated_rows(sql).expect("rows");
            assert_eq!(connection.rows("SHOW search_path").expect("path"), path);
            let times = if counts { connection.rows(&counted).expect("count")[0][0].clone() } else { None };
            (rows[0].get(0).map(str::to_owned), times)
        };
        let is = |value: &str, times: &str| (Some(value.to_owned()), counts.then(|| times.to_owned()));
        assert_eq!(ask("SELECT 'a'::text", "SELECT"), is("a", "1"));
        assert_eq!(ask("SELECT 'a'::text", "SET search_path = 'o''clock', public"), is("a", "2"));
        assert_eq!(ask("SELECT 'b'::text", "SELECT"), is("b", "1"));
        assert_eq!(ask("SELECT 'b'::text", "DISCARD ALL"), is("b", "1"));
        assert_eq!(ask("SELECT 'b'::text", "BEGIN"), is("b", "2"));
    }
}
