//! The rows of the history, read.

use diesel_schema_core::Dialect;
use serde::Serialize;

use super::UpgradeError;
use super::applied::is_there;
use super::history::HISTORY;
use crate::connection::SqlConnection;

/// Something that was done to a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The revision.
    pub revision: String,
    /// `up`, `down`, `stamp`, `unstamp` or `repair`.
    pub direction: String,
    /// When it began, in UTC.
    pub started: String,
    /// When it ended, in UTC.
    pub finished: String,
    /// How long it took.
    pub milliseconds: u64,
    /// The checksum of the revision's files.
    pub checksum: Option<String>,
    /// The program that did it.
    pub application_name: String,
    /// The machine that it ran on.
    pub host: String,
    /// The database's role that it had; SQLite has none.
    pub database_role: Option<String>,
    /// `done` or `failed`.
    pub outcome: String,
    /// Why it failed.
    pub error: Option<String>,
}

impl Event {
    /// One line of it.
    #[must_use]
    pub fn line(&self) -> String {
        let role = self.database_role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
        let ended = self.error.as_ref().map_or_else(|| self.outcome.clone(), |error| format!("failed: {error}"));
        let Self { direction, started, milliseconds, application_name, host, .. } = self;
        format!("{direction} {started}, {milliseconds} ms, by {application_name} on {host}{role}: {ended}")
    }
}

/// All of them, the oldest first; none where there is no history.
///
/// # Errors
/// It can't be read.
pub fn events(connection: &mut dyn SqlConnection) -> Result<Vec<Event>, UpgradeError> {
    let failed = |error: diesel::result::Error| UpgradeError::query("reading the history", &error);
    if !is_there(connection, HISTORY).map_err(failed)? {
        return Ok(Vec::new());
    }
    let (started, finished, text) = match connection.dialect() {
        Dialect::Sqlite => ("started".to_owned(), "finished".to_owned(), "TEXT"),
        _ => {
            let utc = |column| format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS\"Z\"')");
            (utc("started"), utc("finished"), "text")
        }
    };
    let sql = format!(
        "SELECT CAST(revision AS {text}), direction, {started}, {finished}, CAST(milliseconds AS {text}), checksum, \
         application_name, host, database_role, outcome, error FROM {HISTORY} ORDER BY id"
    );
    let rows = connection.rows(&sql).map_err(failed)?;
    Ok(rows.into_iter().map(event).collect())
}

fn event(row: Vec<Option<String>>) -> Event {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let (revision, direction) = (next().unwrap_or_default(), next().unwrap_or_default());
    let (started, finished) = (next().unwrap_or_default(), next().unwrap_or_default());
    Event {
        revision,
        direction,
        started,
        finished,
        milliseconds: next().and_then(|it| it.parse().ok()).unwrap_or_default(),
        checksum: next(),
        application_name: next().unwrap_or_default(),
        host: next().unwrap_or_default(),
        database_role: next(),
        outcome: next().unwrap_or_default(),
        error: next(),
    }
}
