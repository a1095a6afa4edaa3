//! SQLite's file is locked by somebody else, at any statement.

use diesel::result::{DatabaseErrorKind, Error};
use diesel::{QueryResult, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{self, Options, Runner, UpgradeError, applied};
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::support::{Sqlite, set_of, write};

/// Says of one statement that can wait for a lock that the file is locked, and passes on the rest.
struct LockedOnce {
    inner: SqliteConnection,
    left: usize,
    in_transaction: bool,
}

impl LockedOnce {
    fn passes(&mut self, sql: &str) -> QueryResult<()> {
        let (begins, ends) = (sql.starts_with("BEGIN"), sql.starts_with("COMMIT"));
        // Whoever is past BEGIN IMMEDIATE has the lock, and a PRAGMA about the connection needs none.
        let can_wait = (!self.in_transaction || ends) && !sql.starts_with("PRAGMA") && !sql.starts_with("ROLLBACK");
        if can_wait {
            if self.left == 1 {
                self.left = 0;
                let say = "database is locked".to_owned();
                return Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(say)));
            }
            self.left = self.left.saturating_sub(1);
        }
        self.in_transaction = (self.in_transaction || begins) && !ends && !sql.starts_with("ROLLBACK");
        Ok(())
    }
}

impl SqlConnection for LockedOnce {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.passes(sql)?;
        self.inner.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.passes(sql)?;
        self.inner.rows(sql)
    }
}

impl AsSqlConnection for LockedOnce {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}

#[test]
fn a_file_that_is_locked_at_any_one_statement_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_first", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_second", "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);", "true", &["1"]);
    let rebuild = "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE c (id int);\nCOMMIT;\nPRAGMA foreign_keys = ON;";
    write(folder.path(), "3_third", rebuild, "false", &["2"]);
    for (id, table) in [("1_first", "a"), ("2_second", "b"), ("3_third", "c")] {
        std::fs::write(folder.path().join(id).join("down.sql"), format!("DROP TABLE {table};")).unwrap();
    }
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Sqlite, &revisions);
    let options = Options { lock_deadline: DEADLINE, ..Options::default() };
    let none = || None;
    let mut at = 0;
    loop {
        at += 1;
        let sqlite = Sqlite::new();
        // One is applied already, so that its history is read.
        let first = set_of(Dialect::Sqlite, &revisions[..1]);
        upgrade::run(&mut sqlite.connect(), &none, &first, DEADLINE).unwrap();
        let mut connection = LockedOnce { inner: sqlite.connect(), left: at, in_transaction: false };
        let mut up_and_down = || -> Result<usize, UpgradeError> {
            let mut done = upgrade::run(&mut connection, &none, &set, DEADLINE)?.len();
            Runner::new(&mut connection, &none, &set, &options).downgrade(&["3".to_owned()], &mut |_| done += 1)?;
            Ok(done)
        };
        assert_eq!(up_and_down().unwrap(), 3, "at {at}");
        let was_locked = connection.left == 0;
        let mut after = sqlite.connect();
        assert_eq!(applied(&mut after).unwrap(), Some(vec!["1".to_owned(), "2".to_owned()]), "at {at}");
        assert_eq!(after.rows("SELECT 'x' FROM b").unwrap().len(), 1, "at {at}");
        assert!(after.rows("SELECT 'x' FROM c").is_err(), "at {at}");
        if !was_locked {
            assert!(at > 10, "only {at} statements can wait");
            break;
        }
    }
}
