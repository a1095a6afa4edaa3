//! Several databases that get the same revisions in turn, some at a time.
//!
//! A machine that others use too runs at another speed from one second to the next. Of runs of a second each, one after
//! the other, any may meet the slowest one; of runs that take steps in turn, all do.

use std::time::Duration;

use diesel::QueryResult;
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};

use crate::clock;

/// How many revisions a step has: with fewer, what one needs drives what another one needs out of the processor's caches.
const STEP: usize = 20;

/// Applies the revision of a number in another way.
pub(crate) type Apply = Box<dyn FnMut(usize)>;

/// A connection that has others apply the revisions of each step just before or after it is told to do so itself.
pub(crate) struct InStep<C> {
    connection: C,
    dialect: Dialect,
    sql: Vec<&'static str>,
    others: [Apply; 2],
    took: [Duration; 2],
    at: usize,
}

impl<C: AsSqlConnection> InStep<C> {
    pub(crate) fn new(mut connection: C, others: [Apply; 2], sql: &[&'static str]) -> Self {
        let dialect = connection.as_sql_connection().dialect();
        Self { connection, dialect, sql: sql.to_vec(), others, took: [Duration::ZERO; 2], at: 0 }
    }

    /// How long `all` took of which this was a part: the others, and what is left.
    pub(crate) fn apart(&self, all: Duration) -> [Duration; 3] {
        let [first, second] = self.took;
        [first, second, all.saturating_sub(first + second)]
    }

    /// Has the others take the step that begins with revision `at`.
    fn step(&mut self, at: usize, others: std::ops::Range<usize>) {
        let revisions = at..self.sql.len().min(at + STEP);
        for (apply, took) in self.others.iter_mut().zip(&mut self.took).take(others.end).skip(others.start) {
            *took += clock(|| revisions.clone().for_each(&mut *apply));
        }
    }
}

impl<C: AsSqlConnection> SqlConnection for InStep<C> {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        let is_revision = self.sql.get(self.at).is_some_and(|next| sql.contains(next.trim_end_matches(';')));
        if !is_revision {
            return self.connection.as_sql_connection().batch(sql);
        }
        // Nobody always comes first.
        let before = self.at / STEP % 3;
        if self.at.is_multiple_of(STEP) {
            self.step(self.at, 0..before);
        }
        let result = self.connection.as_sql_connection().batch(sql);
        self.at += 1;
        if self.at.is_multiple_of(STEP) || self.at == self.sql.len() {
            self.step((self.at - 1) / STEP * STEP, before..2);
        }
        result
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.connection.as_sql_connection().rows(sql)
    }
}

impl<C: AsSqlConnection> AsSqlConnection for InStep<C> {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}
