//! The upgrade on real servers.

mod backfill;
mod before;
mod disk;
mod elsewhere;
mod embed;
mod faults;
mod history;
mod language;
mod locked;
mod patience;
mod pooler;
mod processes;
mod restart;
mod search_path;
mod steps;
mod support;
mod target;
mod traps;

use support::{Pg, Sqlite, set_of, write};

use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, UpgradeError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(30);

/// Counts what is sent.
struct Counting<'a> {
    inner: &'a mut dyn SqlConnection,
    sent: Vec<String>,
}

impl SqlConnection for Counting<'_> {
    fn dialect(&self) -> diesel_schema::Dialect {
        self.inner.dialect()
    }

    fn batch(&mut self, sql: &str) -> diesel::QueryResult<()> {
        self.sent.push(sql.to_owned());
        self.inner.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> diesel::QueryResult<Vec<Vec<Option<String>>>> {
        self.sent.push(sql.to_owned());
        self.inner.rows(sql)
    }
}

#[test]
fn nothing_to_do_is_one_query_and_a_fresh_revision_one_message() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_b", "CREATE TABLE b (id int);", "true", &["1"]);
    let revisions = diesel_schema_core::revision::read(folder.path()).unwrap();
    let pg = Pg::new("counts");
    let mut connection = pg.connect();
    let set = set_of(diesel_schema::Dialect::Postgres, &revisions);
    let mut counting = Counting { inner: &mut connection, sent: Vec::new() };
    let done = upgrade::run(&mut counting, &|| None, &set, DEADLINE).unwrap();
    assert_eq!(done.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    // What is applied; is there a table; can the history be written, and by whom; a message a revision; what is applied
    // now.
    assert_eq!(counting.sent.len(), 7, "{:#?}", counting.sent);
    counting.sent.clear();
    assert!(upgrade::run(&mut counting, &|| None, &set, DEADLINE).unwrap().is_empty());
    assert_eq!(counting.sent, ["SELECT version FROM __diesel_schema_migrations"]);
}

#[test]
fn a_table_that_another_process_makes_between_two_looks_is_read() {
    struct Late<'a>(&'a mut dyn SqlConnection, bool);
    impl SqlConnection for Late<'_> {
        fn dialect(&self) -> diesel_schema::Dialect {
            self.0.dialect()
        }

        fn batch(&mut self, sql: &str) -> diesel::QueryResult<()> {
            self.0.batch(sql)
        }

        fn rows(&mut self, sql: &str) -> diesel::QueryResult<Vec<Vec<Option<String>>>> {
            let rows = self.0.rows(sql);
            if !std::mem::replace(&mut self.1, true) {
                assert!(rows.is_err());
                self.0.batch("CREATE TABLE __diesel_schema_migrations (version text PRIMARY KEY)").unwrap();
                self.0.batch("INSERT INTO __diesel_schema_migrations VALUES ('1')").unwrap();
            }
            rows
        }
    }
    let (pg, sqlite) = (Pg::new("late"), Sqlite::new());
    for connection in [&mut pg.connect() as &mut dyn SqlConnection, &mut sqlite.connect()] {
        assert_eq!(upgrade::applied(&mut Late(connection, false)).unwrap(), Some(vec!["1".to_owned()]));
    }
}

#[test]
fn a_role_that_may_only_read_starts_when_nothing_is_to_be_done() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    let revisions = diesel_schema_core::revision::read(folder.path()).unwrap();
    let set = set_of(diesel_schema::Dialect::Postgres, &revisions);
    let pg = Pg::new("reader");
    let mut connection = pg.connect();
    upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap();
    let role = format!("{}_role", pg.name);
    connection
        .batch(&format!(
            "CREATE ROLE {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
             GRANT SELECT ON __diesel_schema_migrations TO {role}; SET ROLE {role}"
        ))
        .unwrap();
    assert!(upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap().is_empty());
    connection.batch(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_syntax_error_names_file_line_and_column_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE é (id int);\nSELECT 'é', 1 FROMM x y;\n", "true", &[]);
    let revisions = diesel_schema_core::revision::read(folder.path()).unwrap();
    let (pg, sqlite) = (Pg::new("syntax"), Sqlite::new());
    let (mut on_pg, mut on_sqlite) = (pg.connect(), sqlite.connect());
    for connection in [&mut on_pg as &mut dyn SqlConnection, &mut on_sqlite] {
        let set = set_of(connection.dialect(), &revisions);
        let error = upgrade::run(connection, &|| None, &set, DEADLINE).unwrap_err();
        assert!(!error.is_transient());
        let text = error.to_string();
        assert!(text.contains("1_a/up.sql:2:"), "{text}");
        assert!(text.contains("revision 1 failed") && text.contains("mend the file"), "{text}");
        if connection.dialect() == diesel_schema::Dialect::Postgres {
            assert!(text.contains("up.sql:2:21: syntax error"), "{text}");
        }
        assert_eq!(upgrade::applied(connection).unwrap().unwrap_or_default(), Vec::<String>::new());
        assert!(connection.rows("SELECT * FROM é").is_err());
    }
}

#[test]
fn a_database_that_is_ahead_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_b", "SELECT 1;", "true", &["1"]);
    let revisions = diesel_schema_core::revision::read(folder.path()).unwrap();
    let (pg, sqlite) = (Pg::new("ahead"), Sqlite::new());
    let (mut on_pg, mut on_sqlite) = (pg.connect(), sqlite.connect());
    for connection in [&mut on_pg as &mut dyn SqlConnection, &mut on_sqlite] {
        let dialect = connection.dialect();
        upgrade::run(connection, &|| None, &set_of(dialect, &revisions), DEADLINE).unwrap();
        let error = upgrade::run(connection, &|| None, &set_of(dialect, &revisions[..1]), DEADLINE).unwrap_err();
        assert!(matches!(error, UpgradeError::Ahead { .. }));
        assert_eq!(
            error.to_string(),
            "the database is ahead: it holds 2, which this binary (head 1) does not know; \
             deploy the newer binary or `downgrade` with it"
        );
    }
}
