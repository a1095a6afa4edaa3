//! One revision, up or down.

use diesel::result::{DatabaseErrorKind, Error};
use diesel_schema_core::Dialect;
use diesel_schema_core::sql::{position, split};

use super::error::{Failure, Place, one_line};
use super::step::{Step, StepCode};
use super::transient::is_transient;
use super::{RevisionRef, TABLE, UpgradeError};

/// What is to be run.
pub(super) struct Job<'a> {
    pub(super) id: &'a str,
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
}

/// `'a', 'b'`. An id holds no quote; doubling them costs nothing.
pub(super) fn quoted(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("'{}'", id.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
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
    pub(super) fn up(revision: &RevisionRef<'a>, dialect: Dialect, create_table: bool) -> Self {
        Self {
            id: revision.id,
            file: format!("{}/up.sql", revision.folder),
            sql: revision.up,
            up: true,
            run_in_transaction: revision.run_in_transaction,
            create_table,
            dialect,
            condition: None,
            step: if let Step::Known(step) = revision.step { step.up } else { None },
            step_unknown: revision.step == Step::Unknown,
        }
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

    pub(super) fn down(revision: &RevisionRef<'a>, dialect: Dialect) -> Result<Self, UpgradeError> {
        let file = format!("{}/down.sql", revision.folder);
        let id = revision.id;
        let Some(sql) = revision.down else {
            return Err(UpgradeError::Revision(Box::new(Failure {
                revision: id.to_owned(),
                file,
                place: None,
                message: "there is no such file".to_owned(),
                details: None,
                next: "write one to be able to go back (`SELECT 1;` where there is nothing to undo).".to_owned(),
                transient: false,
            })));
        };
        let run_in_transaction = revision.run_in_transaction;
        let step = if let Step::Known(step) = revision.step { step.down } else { None };
        let step_unknown = revision.step == Step::Unknown;
        let (create_table, condition, up) = (false, None, false);
        Ok(Self { id, file, sql, up, run_in_transaction, create_table, dialect, condition, step, step_unknown })
    }

    /// The change of the table of applied revisions.
    pub(super) fn row(&self) -> String {
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

    /// Whether the error is that of a row which another process wrote meanwhile.
    pub(super) fn is_elsewhere(error: &Error) -> bool {
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                info.table_name() == Some(TABLE) || info.message().contains("__diesel_schema_migrations.version")
            }
            _ => false,
        }
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
            error => (one_line(&error.to_string()), None),
        };
        let next = if self.run_in_transaction {
            "Nothing of it was applied: mend the file, build and start again.".to_owned()
        } else if self.dialect == Dialect::Sqlite {
            "What its own transaction held was rolled back: mend the file, build and start again.".to_owned()
        } else {
            "It runs outside a transaction (run_in_transaction = false): the statements before this one stay, and the \
             next start goes on with this one. Mend it, build and start again."
                .to_owned()
        };
        self.failure(byte, message, details, next, is_transient(error))
    }

    /// The failure of its code in Rust.
    pub(super) fn step_failed(&self, error: &Error) -> UpgradeError {
        let next = if self.run_in_transaction {
            "Nothing of it was applied: mend the step or the rows, build and start again.".to_owned()
        } else {
            "It runs outside a transaction (run_in_transaction = false): the next start runs the step again. Mend it, \
             build and start again."
                .to_owned()
        };
        let message = format!("its step in Rust failed: {}", one_line(&error.to_string()));
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

    /// Refuses a file that ends the transaction in which it and its row have to be.
    pub(super) fn no_transaction_of_its_own(&self) -> Result<(), UpgradeError> {
        for statement in self.statements() {
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
    // Three words never need more than the beginning, and a file of data may be long.
    let end = (0..=sql.len().min(200)).rev().find(|end| sql.is_char_boundary(*end)).unwrap_or(0);
    split::tokens(&sql[..end], dialect).into_iter().take(count).map(|token| token.sql.to_ascii_uppercase()).collect()
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
