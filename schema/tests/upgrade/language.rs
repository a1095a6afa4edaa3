//! A server that says everything in German.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{PgConnection, QueryResult};
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{Options, UpgradeError, upgrade_connection};

use crate::embed::MIGRATIONS;
use crate::support::Pg;

/// As PostgreSQL's own translation has it.
const WORDS: [(&str, &str); 2] = [
    ("canceling statement due to lock timeout", "storniere Anfrage wegen Zeitüberschreitung einer Sperre"),
    ("deadlock detected", "Verklemmung (Deadlock) entdeckt"),
];

struct German {
    inner: PgConnection,
    /// What the first message that holds the first text fails with.
    fault: Option<(&'static str, &'static str)>,
    sent: usize,
}

impl German {
    fn to(pg: &Pg) -> Self {
        Self { inner: pg.connect(), fault: None, sent: 0 }
    }
}

fn translated(error: Error) -> Error {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, said) = &error else { return error };
    let german = WORDS.iter().find(|(english, _)| said.message() == *english);
    german.map_or(error, |(_, german)| unknown(german))
}

fn unknown(text: &str) -> Error {
    Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(text.to_owned()))
}

impl SqlConnection for German {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        if let Some((_, say)) = self.fault.take_if(|(part, _)| sql.contains(*part)) {
            return Err(unknown(say));
        }
        self.sent += usize::from(sql.contains("CREATE TABLE first"));
        self.inner.batch_execute(sql).map_err(translated)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        if sql.contains("lc_messages") {
            return Ok(vec![vec![Some("de_DE.UTF-8".to_owned())]]);
        }
        self.inner.rows(sql).map_err(translated)
    }
}

impl AsSqlConnection for German {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}

fn options(retries: usize) -> Options {
    Options {
        retries: vec![Duration::from_millis(10); retries],
        lock_timeout: Some(Duration::from_millis(20)),
        lock_budget: Duration::from_millis(400),
        ..Options::default()
    }
}

#[test]
fn a_lock_timeout_is_known_by_its_code() {
    let pg = Pg::new("german_lock");
    let mut holder = pg.connect();
    holder.batch("CREATE TABLE first (id int); BEGIN; LOCK TABLE first").unwrap();
    let error = upgrade_connection(&mut German::to(&pg), &MIGRATIONS, options(0)).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("Zeitüberschreitung einer Sperre (lock timeout)"), "{text}");
    assert!(text.contains("raise MIGRATIONS_LOCK_BUDGET") && !error.is_transient(), "{text}");
    holder.batch("DROP TABLE first; COMMIT").unwrap();
    assert_eq!(upgrade_connection(&mut German::to(&pg), &MIGRATIONS, options(0)).unwrap().applied.len(), 2);
}

#[test]
fn what_passes_is_tried_again() {
    let pg = Pg::new("german_deadlock");
    let mut german = German::to(&pg);
    german.fault = Some(("CREATE TABLE first", WORDS[1].1));
    assert_eq!(upgrade_connection(&mut german, &MIGRATIONS, options(1)).unwrap().applied.len(), 2);
    // Once to see whether it passes, and once for good.
    assert_eq!(german.sent, 2);
}

#[test]
fn what_does_not_pass_is_told_at_once_and_in_the_servers_words() {
    let pg = Pg::new("german_mistake");
    pg.connect().batch("CREATE TABLE first (id int)").unwrap();
    let mut german = German::to(&pg);
    let error = upgrade_connection(&mut german, &MIGRATIONS, options(5)).unwrap_err();
    assert!(matches!(error, UpgradeError::Revision(_)) && !error.is_transient(), "{error}");
    let text = error.to_string();
    assert!(text.contains("up.sql: ") && text.contains("first") && text.contains("mend the file"), "{text}");
    assert_eq!(german.sent, 2);
}
