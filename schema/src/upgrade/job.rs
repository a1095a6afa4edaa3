//! One revision, up or down.

use std::time::{Duration, Instant};

use diesel::result::{DatabaseErrorKind, Error};
use diesel_schema_core::Dialect;
use diesel_schema_core::sql::{position, split};

use super::applied::holds;
use super::error::{Failure, Place};
use super::history::{self, Ended, Row, Who};
use super::step::{Step, StepCode};
use super::timeouts::Timeouts;
use super::transient::{LOCKED, is_lock_timeout, is_statement_timeout, is_transient, remedy};
use super::{RevisionRef, RevisionSet, TABLE, UpgradeError};
use crate::connection::{SqlConnection, literal, one_line};

/// What is to be run.
pub(super) struct Job<'a> {
    pub(super) id: &'a str,
    /// What went into it where it is a squashed one.
    pub(super) replaces: Vec<&'a str>,
    pub(super) file: String,
    pub(super) sql: &'a str,
    pub(super) up: bool,
    pub(super) run_in_transaction: bool,
    pub(super) create_table: bool,
    pub(super) dialect: Dialect,
    /// What has to hold of the table's rows, as an SQL expression that is looked at inside the lock.
    pub(super) condition: Option<String>,
    /// Its code in Rust.
    pub(super) step: Option<&'static dyn StepCode>,
    /// Whether there is code that this program does not hold.
    pub(super) step_unknown: bool,
    pub(super) checksum: &'a str,
    /// What is to be done once the file is mended, behind `mend the file`.
    pub(super) again: &'static str,
    /// Who stands in its row of the history; `None` where there is to be none.
    pub(super) history: Option<Who>,
    pub(super) timeouts: Timeouts,
    pub(super) started: Instant,
}

/// `'a', 'b'`. An id holds neither a quote nor a backslash.
pub(super) fn quoted(ids: &[&str]) -> String {
    ids.iter().map(|id| literal(id)).collect::<Vec<_>>().join(", ")
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It ran.
    Done,
    /// Another process holds the lock.
    Busy,
    /// Another process was faster.
    Elsewhere,
}

impl<'a> Job<'a> {
    pub(super) fn up(revision: &RevisionRef<'a>, set: &RevisionSet<'_>, create_table: bool) -> Self {
        Self {
            id: revision.id,
            replaces: revision.replaces.to_vec(),
            file: format!("{}/up.sql", revision.folder),
            sql: revision.up,
            up: true,
            run_in_transaction: revision.run_in_transaction,
            create_table,
            dialect: set.dialect,
            condition: None,
            step: if let Step::Known(step) = revision.step { step.up } else { None },
            step_unknown: revision.step == Step::Unknown,
            checksum: revision.checksum,
            again: if set.embedded { ", build and start again" } else { " and type the command again" },
            history: None,
            timeouts: Timeouts::default(),
            started: Instant::now(),
        }
    }

    /// What the history says of it.
    pub(super) fn event<'b>(&'b self, elapsed: Option<Duration>, ended: Ended<'b>) -> Row<'b> {
        let direction = if self.up { history::Direction::Up } else { history::Direction::Down };
        Row { revision: self.id, direction, checksum: Some(self.checksum), elapsed, ended }
    }

    /// Has it run only where `ids` all have a row when the lock is held.
    pub(super) fn only_above(mut self, ids: &[&str]) -> Self {
        if !ids.is_empty() {
            let count = format!("SELECT count(*) FROM {TABLE} WHERE version IN ({})", quoted(ids));
            self.condition = Some(format!("({count}) = {}", ids.len()));
        }
        self
    }

    /// Has it run only where none of `ids` has a row when the lock is held.
    pub(super) fn only_below(mut self, ids: &[&str]) -> Self {
        if !ids.is_empty() {
            let some = format!("SELECT 1 FROM {TABLE} WHERE version IN ({})", quoted(ids));
            self.condition = Some(format!("NOT EXISTS ({some})"));
        }
        self
    }

    pub(super) fn down(revision: &RevisionRef<'a>, set: &RevisionSet<'_>) -> Result<Self, UpgradeError> {
        let file = format!("{}/down.sql", revision.folder);
        let refused = |file: String, message: &str, next: &str| {
            UpgradeError::Revision(Box::new(Failure {
                revision: revision.id.to_owned(),
                file,
                place: None,
                message: message.to_owned(),
                details: None,
                next: next.to_owned(),
                transient: false,
            }))
        };
        if revision.irreversible {
            return Err(refused(
                format!("{}/metadata.toml", revision.folder),
                "it says `irreversible = true`: nothing can undo this revision",
                "restore a backup that was made before it, or write a revision that goes on from here.",
            ));
        }
        let Some(sql) = revision.down else {
            let next = "write one to be able to go back (`SELECT 1;` where there is nothing to undo), or \
                        `irreversible = true` into metadata.toml.";
            return Err(refused(file, "there is no such file", next));
        };
        let step = if let Step::Known(step) = revision.step { step.down } else { None };
        Ok(Self { file, sql, up: false, step, ..Self::up(revision, set, false) })
    }

    /// The change of the table of applied revisions.
    pub(super) fn row(&self) -> String {
        self.forgotten() + &self.own_row()
    }

    /// Where a squashed revision is undone, rows of what went into it would say that some of it is still applied.
    pub(super) fn forgotten(&self) -> String {
        if self.up || self.replaces.is_empty() {
            return String::new();
        }
        format!("DELETE FROM {TABLE} WHERE version IN ({}); ", quoted(&self.replaces))
    }

    pub(super) fn own_row(&self) -> String {
        let id = quoted(&[self.id]);
        if self.up {
            format!("INSERT INTO {TABLE} (version) VALUES ({id})")
        } else {
            format!("DELETE FROM {TABLE} WHERE version = {id}")
        }
    }

    pub(super) fn statements(&self) -> Vec<split::Statement<'a>> {
        split::split(self.sql, self.dialect)
    }

    /// Whether the error is that of a row which another process wrote meanwhile; ends the transaction where it may be.
    /// A file can write into Diesel's table too, and fail there time and again.
    pub(super) fn is_elsewhere(&self, connection: &mut dyn SqlConnection, error: &Error) -> bool {
        let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else { return false };
        if info.table_name() != Some(TABLE) {
            return false;
        }
        // Where there is none, that is no more than a warning.
        let _ = connection.batch("ROLLBACK");
        // Whoever reads the rows next tells of what can't be read.
        holds(connection, self.id).map_or(true, |there| there.unwrap_or_default())
    }

    /// The failure of a statement that begins at the byte `offset` of the file; `at` is the character of the message,
    /// from 0, that the server points at, counted from there.
    pub(super) fn failed(&self, error: &Error, offset: Option<usize>, at: Option<usize>) -> UpgradeError {
        let byte = offset.map(|offset| {
            let rest = self.sql.get(offset..).unwrap_or_default();
            offset + at.map_or(0, |at| rest.char_indices().nth(at).map_or(rest.trim_end().len(), |(byte, _)| byte))
        });
        let (message, details) = match error {
            Error::DatabaseError(_, info) => {
                let details: Vec<String> = [info.details(), info.hint()].into_iter().flatten().map(one_line).collect();
                (one_line(info.message()), (!details.is_empty()).then(|| details.join("; ")))
            }
            error => (one_line(error), None),
        };
        let again = self.again;
        let mend = match remedy(&message) {
            // No setting of ours reaches a statement that stands alone.
            Some(_) if is_statement_timeout(&message) && !self.run_in_transaction => {
                "give statements longer (`SET statement_timeout = 0;` in the file before it)".to_owned() + self.again
            }
            Some(remedy) => format!("{remedy}, and start again"),
            None if ["permission denied for", "must be owner of"].iter().any(|it| message.starts_with(it)) => {
                "give the role that right, or take one that has it, and start again".to_owned()
            }
            None if of_rows(error) => format!("mend the rows or the file{again}"),
            None => format!("mend the file{again}"),
        };
        let nothing = self.nothing();
        let next = if is_lock_timeout(&message) && !self.run_in_transaction {
            format!("The statements before this one stay: {LOCKED}.")
        } else if is_lock_timeout(&message) {
            format!("{nothing}: {LOCKED}.")
        } else if self.run_in_transaction {
            format!("{nothing}: {mend}.")
        } else if self.dialect == Dialect::Sqlite {
            format!("What its own transaction held was rolled back: {mend}.")
        } else {
            format!(
                "It runs outside a transaction (run_in_transaction = false): the statements before this one stay, and \
                 the next start goes on with this one. So {mend}."
            )
        };
        self.failure(byte, message, details, next, is_transient(error))
    }

    /// What came of it where its transaction was rolled back.
    pub(super) const fn nothing(&self) -> &'static str {
        if self.up { "Nothing of it was applied" } else { "Nothing of it was undone" }
    }

    /// The failure of its code in Rust.
    pub(super) fn step_failed(&self, error: &Error) -> UpgradeError {
        let next = if self.run_in_transaction {
            format!("{}: mend the step or the rows{}.", self.nothing(), self.again)
        } else {
            format!(
                "It runs outside a transaction (run_in_transaction = false): the next start runs the step again. \
                 Mend it{}.",
                self.again
            )
        };
        let message = format!("its step in Rust failed: {}", one_line(error));
        self.failure(None, message, None, next, is_transient(error))
    }

    pub(super) fn failure(
        &self,
        byte: Option<usize>,
        message: String,
        details: Option<String>,
        next: String,
        transient: bool,
    ) -> UpgradeError {
        let place = byte.map(|byte| {
            let (line, column) = position(self.sql, byte);
            Place { line, column }
        });
        let (revision, file) = (self.id.to_owned(), self.file.clone());
        UpgradeError::Revision(Box::new(Failure { revision, file, place, message, details, next, transient }))
    }

    /// Refuses rows that psql would send: the server takes them for statements, or, where there are none, for no rows.
    pub(super) fn no_rows_for_psql(&self) -> Result<(), UpgradeError> {
        // To tell statements apart costs more, and few files say so.
        if self.dialect != Dialect::Postgres || !self.sql.to_ascii_uppercase().contains("STDIN") {
            return Ok(());
        }
        let is = |token: Option<&split::Statement<'_>>, word: &str| {
            token.is_some_and(|it| it.sql.eq_ignore_ascii_case(word))
        };
        for statement in self.statements() {
            let tokens = split::tokens(statement.sql, self.dialect);
            let takes = tokens.windows(2).any(|two| is(two.first(), "FROM") && is(two.last(), "STDIN"));
            if is(tokens.first(), "COPY") && takes {
                return Err(self.failure(
                    Some(statement.offset),
                    "COPY .. FROM STDIN takes rows that only psql sends".to_owned(),
                    None,
                    "Nothing was run now: write the rows as INSERT statements (`pg_dump --inserts` does).".to_owned(),
                    false,
                ));
            }
        }
        Ok(())
    }

    /// Refuses a file that ends the transaction in which it and its row have to be.
    pub(super) fn no_transaction_of_its_own(&self, statements: &[split::Statement<'_>]) -> Result<(), UpgradeError> {
        for statement in statements {
            if !matches!(control(statement.sql, self.dialect), Control::No) {
                return Err(self.failure(
                    Some(statement.offset),
                    "it begins or ends a transaction itself, while run_in_transaction is true".to_owned(),
                    None,
                    "Take that statement out, or write `run_in_transaction = false` into its metadata.toml.".to_owned(),
                    false,
                ));
            }
        }
        Ok(())
    }
}

/// Whether rows stand against a statement that is right in itself.
fn of_rows(error: &Error) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ExclusionViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation,
    };
    let of_rows = |kind: &DatabaseErrorKind| {
        matches!(kind, CheckViolation | ExclusionViolation | ForeignKeyViolation | NotNullViolation | UniqueViolation)
    };
    matches!(error, Error::DatabaseError(kind, _) if of_rows(kind))
}

/// What a statement does to transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    No,
    Begin,
    Commit,
    Rollback,
}

pub(super) fn control(sql: &str, dialect: Dialect) -> Control {
    let words = words(sql, dialect, 3);
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match word(0) {
        "BEGIN" => Control::Begin,
        "START" if word(1) == "TRANSACTION" => Control::Begin,
        "COMMIT" | "END" => Control::Commit,
        "ROLLBACK" if word(1) == "TO" || word(2) == "TO" => Control::No,
        "PREPARE" if word(1) == "TRANSACTION" => Control::Rollback,
        "ROLLBACK" | "ABORT" => Control::Rollback,
        _ => Control::No,
    }
}

pub(super) fn words(sql: &str, dialect: Dialect, count: usize) -> Vec<String> {
    split::each_token(sql, dialect).take(count).map(|token| token.sql.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_are_told_from_what_looks_like_them() {
        let of = |sql| control(sql, Dialect::Postgres);
        assert_eq!(of("begin isolation level serializable"), Control::Begin);
        assert_eq!(of("START /* x */ TRANSACTION"), Control::Begin);
        assert_eq!(of("END"), Control::Commit);
        assert_eq!(of("ROLLBACK TO SAVEPOINT a"), Control::No);
        assert_eq!(of("rollback"), Control::Rollback);
        assert_eq!(of("DO $$ BEGIN COMMIT; END $$"), Control::No);
    }
}
