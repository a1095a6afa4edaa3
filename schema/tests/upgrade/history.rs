//! What is done is written down, and never in the way of what is done.

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::dialect::DialectImpl;
use diesel_schema::dialect::postgres::Postgres;
use diesel_schema::dialect::sqlite::Sqlite as SqliteDialect;
use diesel_schema::upgrade::{self, Event, Options, Runner, UpgradeError};
use diesel_schema_core::revision::graph::Selector;
use diesel_schema_core::revision::{self, Revision};

use crate::DEADLINE;
use crate::support::{Pg, Sqlite, set_of, write};

/// `1_a` and, on top of it, `2_b`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_b", "CREATE TABLE b (id int);", "true", &["1"]);
    std::fs::write(folder.path().join("2_b/down.sql"), "DROP TABLE b;").unwrap();
    folder
}

fn on_both(name: &str, test: impl Fn(&mut dyn SqlConnection)) {
    let (pg, sqlite) = (Pg::new(name), Sqlite::new());
    test(&mut pg.connect());
    test(&mut sqlite.connect());
}

fn run(connection: &mut dyn SqlConnection, revisions: &[Revision]) -> Result<usize, UpgradeError> {
    let set = set_of(connection.dialect(), revisions);
    upgrade::run(connection, &|| None, &set, DEADLINE).map(|done| done.len())
}

fn brief(events: &[Event]) -> Vec<(&str, &str, &str)> {
    events.iter().map(|it| (it.direction.as_str(), it.revision.as_str(), it.outcome.as_str())).collect()
}

#[test]
fn all_that_is_done_is_written_down_and_is_no_part_of_the_schema() {
    on_both("written", |connection| {
        let folder = folder();
        let revisions = revision::read(folder.path()).unwrap();
        let set = set_of(connection.dialect(), &revisions);
        assert_eq!(upgrade::events(connection).unwrap(), []);
        assert_eq!(upgrade::changed(connection, &set).unwrap(), []);
        assert_eq!(run(connection, &revisions[..0]).unwrap(), 0);
        assert!(connection.rows("SELECT revision FROM __diesel_schema_history").is_err(), "a question made the table");
        assert_eq!(run(connection, &revisions).unwrap(), 2);
        let options = Options::default();
        let mut runner = Runner::new(connection, &|| None, &set, &options);
        runner.downgrade(&["2".to_owned()], &mut |_| ()).unwrap();
        runner.stamp(&[Selector::heads()], false).unwrap();
        runner.stamp(&[Selector::base()], false).unwrap();
        let events = upgrade::events(connection).unwrap();
        let done = [("up", "1"), ("up", "2"), ("down", "2"), ("stamp", "2"), ("unstamp", "2"), ("unstamp", "1")];
        assert_eq!(brief(&events), done.map(|(direction, id)| (direction, id, "done")));
        for event in &events {
            let revision = revisions.iter().find(|it| it.id == event.revision).unwrap();
            assert_eq!(event.checksum.as_ref(), Some(&revision.checksum));
            assert!(!event.host.is_empty() && !event.application_name.is_empty());
            assert!(event.started <= event.finished && event.started.ends_with('Z'), "{event:?}");
            assert_eq!(event.database_role.is_some(), connection.dialect() == Dialect::Postgres);
        }
        let dialect: &dyn DialectImpl =
            if connection.dialect() == Dialect::Postgres { &Postgres } else { &SqliteDialect };
        let schema = dialect.read(connection).unwrap();
        assert_eq!(schema.tables.keys().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a"]);
    });
}

#[test]
fn a_failure_is_written_down_when_its_transaction_is_gone() {
    on_both("failed", |connection| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "1_a", "CREATE TABLE a (id int);\nSELECT it''s FROM nothing;", "true", &[]);
        let revisions = revision::read(folder.path()).unwrap();
        run(connection, &revisions).unwrap_err();
        let events = upgrade::events(connection).unwrap();
        assert_eq!(brief(&events), [("up", "1", "failed")]);
        assert!(events[0].error.as_ref().is_some_and(|error| !error.is_empty()), "{events:?}");
        assert!(connection.rows("SELECT * FROM a").is_err());
    });
}

#[test]
fn a_failure_is_written_down_whatever_the_session_says_of_backslashes() {
    let (pg, folder) = (Pg::new("backslashes"), tempfile::tempdir().unwrap());
    let up = r"DO $$ BEGIN RAISE EXCEPTION E'no \\''quotes\\'' here'; END $$;";
    write(folder.path(), "1_a", up, "true", &[]);
    let mut connection = pg.connect();
    connection.batch("SET standard_conforming_strings = off").unwrap();
    let error = run(&mut connection, &revision::read(folder.path()).unwrap()).unwrap_err().to_string();
    assert!(error.contains(r"no \'quotes\' here"), "{error}");
    let events = upgrade::events(&mut connection).unwrap();
    assert_eq!(brief(&events), [("up", "1", "failed")]);
    assert!(events[0].error.as_ref().is_some_and(|error| error.contains(r"no \'quotes\' here")), "{events:?}");
}

#[test]
fn a_file_that_writes_its_own_row_is_told_and_not_tried_for_ever() {
    on_both("own_row", |connection| {
        for transaction in ["true", "false"] {
            let folder = tempfile::tempdir().unwrap();
            let up = "INSERT INTO __diesel_schema_migrations (version) VALUES ('1');";
            write(folder.path(), "1_a", up, transaction, &[]);
            let revisions = revision::read(folder.path()).unwrap();
            let text = run(connection, &revisions).unwrap_err().to_string();
            assert!(text.to_lowercase().contains("unique constraint"), "{text}");
            assert!(text.contains("1_a/up.sql"), "{text}");
        }
    });
}

#[test]
fn a_history_of_another_shape_stops_nothing() {
    on_both("shape", |connection| {
        connection.batch("CREATE TABLE __diesel_schema_history (id int)").unwrap();
        let folder = folder();
        let revisions = revision::read(folder.path()).unwrap();
        assert_eq!(run(connection, &revisions[..1]).unwrap(), 1);
        assert_eq!(run(connection, &revisions).unwrap(), 1);
        assert!(connection.rows("SELECT id FROM __diesel_schema_history").unwrap().is_empty());
    });
}

#[test]
fn a_history_that_goes_while_a_revision_runs_stops_nothing() {
    on_both("gone", |connection| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
        let up = "DROP TABLE __diesel_schema_history; CREATE TABLE __diesel_schema_history (x int);";
        write(folder.path(), "2_b", up, "true", &["1"]);
        write(folder.path(), "3_c", "CREATE TABLE c (id int);", "false", &["2"]);
        let revisions = revision::read(folder.path()).unwrap();
        assert_eq!(run(connection, &revisions).unwrap(), 3);
        assert_eq!(upgrade::applied(connection).unwrap().unwrap(), ["1", "2", "3"]);
    });
}

#[test]
fn a_role_that_may_make_no_table_upgrades_without_a_history() {
    let pg = Pg::new("no_create");
    let mut connection = pg.connect();
    let role = format!("{}_role", pg.name);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "INSERT INTO a VALUES (1);", "true", &[]);
    let revisions = revision::read(folder.path()).unwrap();
    connection
        .batch(&format!(
            "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,
               run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
             CREATE TABLE a (id int); CREATE ROLE {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
             GRANT SELECT, INSERT ON a, __diesel_schema_migrations TO {role}; SET ROLE {role}"
        ))
        .unwrap();
    let done = run(&mut connection, &revisions);
    connection.batch("RESET ROLE").unwrap();
    let events = upgrade::events(&mut connection);
    connection.batch(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
    assert_eq!(done.unwrap(), 1);
    assert_eq!(events.unwrap(), []);
}

#[test]
fn files_that_changed_after_they_were_applied_are_refused_until_they_are_accepted() {
    on_both("changed", |connection| {
        let folder = folder();
        let before = revision::read(folder.path()).unwrap();
        assert_eq!(run(connection, &before[..1]).unwrap(), 1);
        std::fs::write(folder.path().join("1_a/up.sql"), "CREATE TABLE a (id bigint);").unwrap();
        let after = revision::read(folder.path()).unwrap();
        // With nothing pending nobody looks.
        assert_eq!(run(connection, &after[..1]).unwrap(), 0);
        let error = run(connection, &after).unwrap_err();
        assert!(!error.is_transient());
        let text = error.to_string();
        for part in [&before[0].checksum[..12], &after[0].checksum[..12], "1_a: applied with", "`migrate repair 1`"] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(upgrade::applied(connection).unwrap().unwrap(), ["1"]);
        assert_eq!(run(connection, &before).unwrap(), 1, "the files are what they were");
        let set = set_of(connection.dialect(), &after);
        let options = Options::default();
        let mut runner = Runner::new(connection, &|| None, &set, &options);
        assert!(matches!(runner.repair(&["9".to_owned()]), Err(UpgradeError::NotApplied(_))));
        assert_eq!(runner.repair(&["2".to_owned()]).unwrap(), []);
        let repaired = runner.repair(&[]).unwrap();
        assert_eq!(repaired.iter().map(|it| it.revision.as_str()).collect::<Vec<_>>(), ["1"]);
        assert_eq!(upgrade::changed(connection, &set).unwrap(), []);
        assert_eq!(brief(&upgrade::events(connection).unwrap())[2..], [("repair", "1", "done")]);
    });
}

#[test]
fn what_another_tool_applied_again_is_compared_with_nothing() {
    on_both("redone", |connection| {
        let folder = folder();
        let revisions = revision::read(folder.path()).unwrap();
        assert_eq!(run(connection, &revisions[..1]).unwrap(), 1);
        connection.batch("UPDATE __diesel_schema_migrations SET run_on = '2001-02-03 04:05:06'").unwrap();
        std::fs::write(folder.path().join("1_a/up.sql"), "CREATE TABLE a (id bigint);").unwrap();
        assert_eq!(run(connection, &revision::read(folder.path()).unwrap()).unwrap(), 1);
    });
}
