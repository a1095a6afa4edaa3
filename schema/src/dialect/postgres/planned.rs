//! A connection that keeps the plan of what it is asked again.

use std::any::Any;

use diesel::{PgConnection, QueryResult};
use diesel_schema_core::Dialect;

use crate::connection::{SqlConnection, literal_for};

/// What the statements' names in `pg_prepared_statements` begin with.
pub(super) const NAME: &str = "__diesel_schema_again_";

/// How many are kept: a schema that changes is asked for by one query or another.
const MOST: usize = 16;

/// A PostgreSQL connection for reading schemas again and again, behind which no pooler stands. To plan the query that
/// reads a schema takes the server ten times as long as to run it on a small one.
///
/// The server is asked for it each time, because what ran meanwhile may have been `DISCARD ALL`.
pub struct Planned {
    inner: PgConnection,
    /// Each query's place is part of its statement's name.
    kept: Vec<String>,
}

impl Planned {
    /// Takes a connection over.
    #[must_use]
    pub fn new(inner: PgConnection) -> Self {
        Self { inner, kept: Vec::new() }
    }

    /// The place of the query.
    fn place(&mut self, sql: &str) -> QueryResult<usize> {
        if let Some(at) = self.kept.iter().position(|it| it == sql) {
            return Ok(at);
        }
        if self.kept.len() == MOST {
            self.inner.batch(&format!(
                "DO $$ DECLARE it text; BEGIN FOR it IN SELECT name FROM pg_prepared_statements WHERE starts_with(name, '{NAME}') \
                 LOOP EXECUTE 'DEALLOCATE ' || it; END LOOP; END $$"
            ))?;
            self.kept.clear();
        }
        self.kept.push(sql.to_owned());
        Ok(self.kept.len() - 1)
    }

    /// Whether the server has the statement, and the path that it is to come back to. A plan is for one path, and a schema
    /// `public` that was made anew is another one: meanwhile there is none.
    fn step_aside(&mut self, name: &str) -> QueryResult<(bool, String)> {
        let mut row = self.inner.rows(&format!(
            "SELECT EXISTS (SELECT FROM pg_prepared_statements WHERE name = '{name}')::text, \
             current_setting('search_path'), set_config('search_path', '', false)"
        ))?;
        let mut columns = row.pop().unwrap_or_default().into_iter().map(Option::unwrap_or_default);
        let there = columns.next().is_some_and(|it| it == "true");
        Ok((there, columns.next().unwrap_or_default()))
    }

    fn execute(&mut self, there: bool, name: &str, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        if !there {
            self.inner.batch(&format!("PREPARE {name} AS {sql}"))?;
        }
        self.inner.each_text(&format!("EXECUTE {name}"), take)
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

    fn each_text(&mut self, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        self.inner.each_text(sql, take)
    }

    fn each_repeated_text(&mut self, sql: &str, take: &mut dyn FnMut(&str)) -> QueryResult<()> {
        let name = format!("{NAME}{}", self.place(sql)?);
        let (there, path) = self.step_aside(&name)?;
        let asked = self.execute(there, &name, sql, take);
        let back = self
            .inner
            .rows(&format!("SELECT set_config('search_path', {}, false)", literal_for(Dialect::Postgres, &path)));
        // Why the query failed says more than that the transaction takes nothing else now.
        asked.and(back.map(drop))
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
        let counted =
            "SELECT name || ' ' || generic_plans FROM pg_prepared_statements WHERE name ~ '^__diesel' ORDER BY name";
        // PostgreSQL 13 does not count.
        let counts = connection.rows("SHOW server_version_num").expect("version")[0][0].as_deref() >= Some("140000");
        let mut ask = |sql: &str, before: &str| {
            connection.batch(before).expect(before);
            let path = connection.rows("SHOW search_path").expect("path");
            let mut said = String::new();
            connection.each_repeated_text(sql, &mut |text| text.clone_into(&mut said)).expect("rows");
            assert_eq!(connection.rows("SHOW search_path").expect("path"), path);
            let times = if counts { connection.rows(counted).expect("count") } else { Vec::new() };
            let times: Vec<String> = times.into_iter().flatten().flatten().map(|it| it.replace(NAME, "")).collect();
            (said, times.join(", "))
        };
        let is = |value: &str, times: &str| (value.to_owned(), if counts { times.to_owned() } else { String::new() });
        assert_eq!(ask("SELECT 'a'::text", "SELECT"), is("a", "0 1"));
        assert_eq!(ask("SELECT 'a'::text", "SET search_path = 'o''clock', public"), is("a", "0 2"));
        assert_eq!(ask("SELECT 'b'::text", "SELECT"), is("b", "0 2, 1 1"));
        assert_eq!(ask("SELECT 'a'::text", "DISCARD ALL"), is("a", "0 1"));
        assert_eq!(ask("SELECT 'b'::text", "BEGIN"), is("b", "0 1, 1 1"));
        for more in 2..MOST {
            ask(&format!("SELECT '{more}'::text"), "SELECT");
        }
        assert_eq!(ask("SELECT 'c'::text", "SELECT"), is("c", "0 1"));
    }
}
