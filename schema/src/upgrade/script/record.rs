//! What a script writes into the history, as the runner does: by whoever runs it, wherever and whenever that is.
//!
//! It never ends a script that itself works: on PostgreSQL, whose role may neither create the table nor write to it, it is
//! a warning.

use std::time::Duration;

use diesel_schema_core::Dialect;

use crate::upgrade::history::{self, Clock, Direction, Ended, HISTORY, Row, Who};
use crate::upgrade::job::Job;
use crate::upgrade::{RevisionSet, TABLE, applied};

/// When the script came to the revision that it is at, where no transaction says it.
const STARTED: &str = "diesel_schema.started";

/// The same for SQLite, which keeps nothing else for a session.
const CLOCK: &str = "temp.diesel_schema_clock";

/// The statements that make what is missing. Whoever may not create tables may still write to those that are there, so
/// that CREATE is not tried then.
pub(super) fn tables(dialect: Dialect) -> String {
    let (table, history) = (applied::CREATE, history::create(dialect));
    if dialect == Dialect::Sqlite {
        let clock = format!("CREATE TABLE IF NOT EXISTS {CLOCK} (id INTEGER PRIMARY KEY, started TEXT)");
        return format!("\n{table};\n{history};\n{clock};\n");
    }
    let missing = |name: &str, create: &str| format!("IF to_regclass('{name}') IS NULL THEN {create}; END IF;");
    format!(
        "\nDO $$ BEGIN {} END $$;\nDO $$ BEGIN {} EXCEPTION WHEN OTHERS THEN \
         RAISE WARNING 'diesel_schema: no history is written: %', SQLERRM; END $$;\n",
        missing(TABLE, table),
        missing(HISTORY, &history)
    )
}

/// The statement that notes when the revision began, where no transaction does.
pub(super) fn begun(job: &Job<'_>) -> String {
    match (job.dialect, job.run_in_transaction) {
        (Dialect::Sqlite, _) => {
            format!("REPLACE INTO {CLOCK} VALUES (1, strftime('%Y-%m-%d %H:%M:%fZ', 'now'));\n")
        }
        (_, true) => String::new(),
        (_, false) => format!("SELECT set_config('{STARTED}', clock_timestamp()::text, false);\n"),
    }
}

/// The statement that writes a revision's row, behind that of Diesel's table.
pub(super) fn of(job: &Job<'_>) -> String {
    let clock = match (job.dialect, job.run_in_transaction) {
        (Dialect::Sqlite, _) => Clock {
            started: format!("(SELECT started FROM {CLOCK})").into(),
            finished: "strftime('%Y-%m-%d %H:%M:%fZ', 'now')",
            milliseconds: format!(
                "(SELECT CAST(round((julianday('now') - julianday(started)) * 86400000) AS INTEGER) FROM {CLOCK})"
            )
            .into(),
        },
        (dialect, true) => Clock::of(dialect, None),
        (_, false) => {
            let started = format!("current_setting('{STARTED}')::timestamptz");
            let milliseconds = history::milliseconds_since(&started).into();
            Clock { started: started.into(), finished: "clock_timestamp()", milliseconds }
        }
    };
    written(job.dialect, &[job.event(None, Ended::Well)], &clock)
}

/// The statement that writes rows of what is stamped; nothing where nothing is.
pub(super) fn stamped(set: &RevisionSet<'_>, remove: &[&str], add: &[&str]) -> String {
    let removed = remove.iter().map(|id| (*id, Direction::Unstamp));
    let all = removed.chain(add.iter().map(|id| (*id, Direction::Stamp)));
    let row = |(revision, direction)| {
        let checksum = set.get(revision).map(|revision| revision.checksum);
        Row { revision, direction, checksum, elapsed: Some(Duration::ZERO), ended: Ended::Well }
    };
    let rows: Vec<Row<'_>> = all.map(row).collect();
    written(set.dialect, &rows, &Clock::of(set.dialect, Some(Duration::ZERO)))
}

fn written(dialect: Dialect, rows: &[Row<'_>], clock: &Clock) -> String {
    let who = match dialect {
        // It knows neither; what reads the script is the program that everybody has.
        Dialect::Sqlite => {
            Who { program: "'sqlite3'".to_owned(), host: "'unknown'".to_owned(), role: "NULL".to_owned() }
        }
        _ => Who {
            program: "coalesce(nullif(current_setting('application_name'), ''), 'a script')".to_owned(),
            host: "coalesce(host(inet_client_addr()), 'localhost')".to_owned(),
            role: "current_user".to_owned(),
        },
    };
    let inserts: Vec<String> = rows.iter().map(|row| row.insert_by(dialect, &who, clock)).collect();
    match (inserts.as_slice(), dialect) {
        ([], _) => String::new(),
        (_, Dialect::Sqlite) => format!("{};\n", inserts.join(";\n")),
        _ => format!("{};\n", history::harmless(&inserts)),
    }
}
