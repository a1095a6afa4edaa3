//! How long a revision waits for a lock on PostgreSQL, and how long its statements may take.
//!
//! Whoever waits for a strong lock has everybody behind it who wants the same table: an upgrade that waits for one long
//! query stops the application. So each attempt waits for a short while only, and is made again. `SET LOCAL` alone: a
//! `SET` would stay on the connection, and behind a pooler on somebody else's.

use std::time::{Duration, Instant};

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split;

use super::Options;
use super::job::words;
use super::transient::jitter;

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(5);

/// What a revision is run with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Timeouts {
    lock: Option<Duration>,
    statement: Option<Duration>,
    budget: Duration,
}

impl From<&Options> for Timeouts {
    fn from(options: &Options) -> Self {
        Self { lock: options.lock_timeout, statement: options.statement_timeout, budget: options.lock_budget }
    }
}

impl Timeouts {
    /// The `SET LOCAL`s, each with its semicolon.
    pub(super) fn set_local(self) -> String {
        let one = |name: &str, time: Option<Duration>| {
            // 0 would be no limit at all.
            time.map(|time| format!("SET LOCAL {name} = '{}ms';", time.as_millis().max(1))).unwrap_or_default()
        };
        one("lock_timeout", self.lock) + &one("statement_timeout", self.statement)
    }

    /// Whether a lock is waited for no longer than some time.
    pub(super) const fn lock_is_limited(self) -> bool {
        self.lock.is_some()
    }

    /// The same for one statement or transaction of a file that sets some of them itself, which wins.
    pub(super) fn unless_set_in(self, sql: &str) -> Self {
        let text = sql.to_ascii_lowercase();
        let lock = self.lock.filter(|_| !text.contains("lock_timeout"));
        Self { lock, statement: self.statement.filter(|_| !text.contains("statement_timeout")), ..self }
    }

    /// The same for a statement that may wait for its locks as long as the server lets it.
    pub(super) fn for_any_lock(self) -> Self {
        Self { lock: None, ..self }
    }

    pub(super) fn attempts(self) -> Attempts {
        Attempts { until: Instant::now() + self.budget, pause: Duration::from_millis(200) }
    }
}

/// Attempts at a lock, until the budget is spent.
pub(super) struct Attempts {
    until: Instant,
    pause: Duration,
}

impl Attempts {
    /// Waits before the next one; `false` where there is to be none.
    pub(super) fn again(&mut self, revision: &str) -> bool {
        if Instant::now() + self.pause >= self.until {
            return false;
        }
        let pause = jitter(self.pause);
        tracing::warn!(revision, ?pause, "it had no lock in time, and is tried again after a pause");
        std::thread::sleep(pause);
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}

/// Whether a statement that stands alone takes a lock that others queue behind, and may run in a transaction: all that
/// says CONCURRENTLY, and what only validates, stands in nobody's way.
pub(super) fn waits_for_a_strong_lock(sql: &str) -> bool {
    // What is long is data.
    let first = words(sql, Dialect::Postgres, 1);
    if !matches!(first.first().map(String::as_str), Some("ALTER" | "DROP" | "CREATE" | "TRUNCATE" | "REFRESH")) {
        return false;
    }
    let tokens = split::tokens(sql, Dialect::Postgres);
    let words: Vec<String> = tokens.iter().map(|token| token.sql.to_ascii_uppercase()).collect();
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    if words.iter().any(|word| word == "CONCURRENTLY" || word == "VALIDATE") {
        return false;
    }
    match word(0) {
        "ALTER" => matches!(word(1), "TABLE" | "INDEX" | "VIEW" | "MATERIALIZED" | "SEQUENCE" | "TRIGGER" | "POLICY"),
        "DROP" => !matches!(word(1), "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" | "ROLE" | "USER"),
        "CREATE" => {
            let words: Vec<&str> = words.iter().map(String::as_str).take(5).collect();
            words.iter().any(|word| matches!(*word, "INDEX" | "TRIGGER" | "RULE" | "POLICY"))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_queue_behind_is_told_from_what_stands_in_nobodys_way() {
        for sql in ["alter table a add b int", "DROP INDEX i", "CREATE UNIQUE INDEX i ON a (b)", "TRUNCATE a"] {
            assert!(waits_for_a_strong_lock(sql), "{sql}");
        }
        for sql in [
            "CREATE INDEX CONCURRENTLY i ON a (b)",
            "DROP INDEX /* x */ CONCURRENTLY i",
            "ALTER TABLE a VALIDATE CONSTRAINT c",
            "ALTER TYPE e ADD VALUE 'x'",
            "VACUUM a",
            "UPDATE a SET b = 1",
            "CREATE TABLE index_of (a int)",
        ] {
            assert!(!waits_for_a_strong_lock(sql), "{sql}");
        }
    }

    #[test]
    fn what_a_file_sets_itself_wins() {
        let seconds = |number| Some(Duration::from_secs(number));
        let timeouts = Timeouts { lock: seconds(5), statement: seconds(7), budget: Duration::ZERO };
        assert_eq!(timeouts.set_local(), "SET LOCAL lock_timeout = '5000ms';SET LOCAL statement_timeout = '7000ms';");
        let left = timeouts.unless_set_in("SET Lock_Timeout = 0");
        assert_eq!(left.set_local(), "SET LOCAL statement_timeout = '7000ms';");
        assert_eq!(Timeouts::default().set_local(), "");
    }
}
