//! What passes is tried again, what does not is told at once; and the way back.

use std::time::Duration;

use diesel::PgConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, Options, Runner, UpgradeError, upgrade, upgrade_connection};
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::embed::MIGRATIONS;
use crate::support::{Pg, Sqlite, set_of, write};

/// Without the long pauses, which tests should not wait for.
fn quick(retries: usize) -> Options {
    Options { retries: vec![Duration::from_millis(200); retries], ..Options::default() }
}

fn pool(url: String) -> Pool<ConnectionManager<PgConnection>> {
    Pool::builder().max_size(2).build_unchecked(ConnectionManager::new(url))
}

#[test]
fn a_lock_timeout_is_tried_again_until_the_table_is_free() {
    let pg = Pg::new("lock_timeout");
    let mut holder = pg.connect();
    holder.batch("CREATE TABLE first (id int); BEGIN; LOCK TABLE first").unwrap();
    let mut connection = pg.connect();
    // No retry of the whole: what had no lock is tried again by itself.
    let options = Options { lock_timeout: Some(Duration::from_millis(50)), ..quick(0) };
    let waiting = std::thread::scope(|scope| {
        let upgrade = scope.spawn(|| upgrade_connection(&mut connection, &MIGRATIONS, options));
        std::thread::sleep(Duration::from_millis(400));
        // The revision makes the table itself.
        holder.batch("DROP TABLE first; COMMIT").unwrap();
        upgrade.join().unwrap()
    });
    assert_eq!(waiting.unwrap().applied.len(), 2);
}

#[test]
fn the_last_transient_fault_is_the_error_when_the_retries_are_over() {
    let started = std::time::Instant::now();
    // Nothing listens on port 1.
    let pool = Pool::builder()
        .max_size(1)
        .connection_timeout(Duration::from_millis(300))
        .build_unchecked(ConnectionManager::<PgConnection>::new("postgres://nobody@127.0.0.1:1/none"));
    let error = upgrade(&pool, &MIGRATIONS, quick(3)).unwrap_err();
    assert!(error.is_transient() && matches!(error, UpgradeError::Connect { .. }), "{error}");
    assert!(error.to_string().starts_with("can't connect to the database: "), "{error}");
    assert!(started.elapsed() >= 3 * Duration::from_millis(100), "it was not tried again");
}

/// Where the file is not to blame, nobody is sent to mend it.
#[test]
fn what_helps_against_a_server_that_refuses_is_told() {
    let pg = Pg::new("refusing");
    let role = format!("refusing_{}", std::process::id());
    let told = |setting: &str, next: &str| {
        let mut connection = pg.connect();
        connection.batch(setting).unwrap();
        let text = upgrade_connection(&mut connection, &MIGRATIONS, quick(0)).unwrap_err().to_string();
        assert!(text.contains(next) && !text.contains("mend the file"), "{text}");
    };
    told("SET default_transaction_read_only = on", "connect to the primary server");
    told("SET search_path = nowhere", "create a schema that the role's search_path names");
    pg.connect().batch(&format!("CREATE ROLE {role}; REVOKE CREATE ON SCHEMA public FROM public")).unwrap();
    told(&format!("SET ROLE {role}"), "give the role that right, or take one that has it");
    pg.connect().batch(&format!("DROP ROLE {role}")).unwrap();
}

#[test]
fn a_database_that_is_not_there_is_told_at_once() {
    let pg = Pg::new("missing");
    let (front, _) = pg.url().rsplit_once('/').map(|(front, name)| (front.to_owned(), name.to_owned())).unwrap();
    let pool = Pool::builder()
        .max_size(1)
        .connection_timeout(Duration::from_millis(500))
        .build_unchecked(ConnectionManager::<PgConnection>::new(format!("{front}/no_such_database_here")));
    let error = upgrade(&pool, &MIGRATIONS, quick(100)).unwrap_err();
    assert!(!error.is_transient(), "{error}");
    assert!(error.to_string().contains("no_such_database_here"), "{error}");
}

#[test]
fn a_lock_that_is_held_too_long_is_an_error_with_what_is_pending() {
    let pg = Pg::new("held");
    let mut holder = pg.connect();
    // The key is part of the protocol: older and newer binaries share it.
    holder.batch("BEGIN; SELECT pg_advisory_xact_lock(x'64696573656c2d73'::bigint)").unwrap();
    let options = Options { lock_deadline: Duration::from_millis(300), ..quick(0) };
    let error = upgrade(&pool(pg.url()), &MIGRATIONS, options).unwrap_err();
    let UpgradeError::LockTimeout { left, .. } = &error else { panic!("{error}") };
    assert_eq!(left, "9, 1 are still to be applied");
    assert!(error.to_string().contains("raise MIGRATIONS_LOCK_DEADLINE"), "{error}");
    holder.batch("ROLLBACK").unwrap();
    assert_eq!(upgrade(&pool(pg.url()), &MIGRATIONS, quick(0)).unwrap().applied.len(), 2);
}

#[test]
fn a_dead_connection_of_the_pool_is_replaced() {
    let pg = Pg::new("dead");
    let pool = pool(pg.url());
    let pid = pool.get().unwrap().rows("SELECT pg_backend_pid()::text").unwrap().remove(0).remove(0).unwrap();
    pg.connect().batch(&format!("SELECT pg_terminate_backend({pid})")).unwrap();
    assert_eq!(upgrade(&pool, &MIGRATIONS, quick(3)).unwrap().applied.len(), 2);
}

#[test]
fn a_revision_goes_back_with_its_row_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_b", "CREATE TABLE b (id int);", "true", &["1"]);
    std::fs::write(folder.path().join("2_b/down.sql"), "DROP TABLE b;").unwrap();
    let revisions = revision::read(folder.path()).unwrap();
    let options = Options::default();
    let (pg, sqlite) = (Pg::new("back"), Sqlite::new());
    let (mut on_pg, mut on_sqlite) = (pg.connect(), sqlite.connect());
    for connection in [&mut on_pg as &mut dyn SqlConnection, &mut on_sqlite] {
        let set = set_of(connection.dialect(), &revisions);
        assert_eq!(upgrade::run(connection, &|| None, &set, DEADLINE).unwrap().len(), 2);
        let down = |id: &str, connection: &mut dyn SqlConnection| {
            Runner::new(connection, &|| None, &set, &options).downgrade(&[id.to_owned()], &mut |_| ())
        };
        assert_eq!(down("2", connection).unwrap(), ["1"]);
        assert!(connection.rows("SELECT * FROM b").is_err());
        assert_eq!(upgrade::applied(connection).unwrap().unwrap(), ["1"]);
        // It is gone already: nothing is to be done, and nothing is done.
        assert_eq!(down("2", connection).unwrap(), ["1"]);
        let text = down("1", connection).unwrap_err().to_string();
        assert!(text.contains("1_a/down.sql: there is no such file"), "{text}");
        assert_eq!(upgrade::run(connection, &|| None, &set, DEADLINE).unwrap().len(), 1);
    }
}

#[test]
fn a_binary_without_the_dialects_revisions_says_so() {
    let set = diesel_schema::upgrade::Migrations::new(&[]);
    let error = upgrade_connection(&mut Sqlite::new().connect(), &set, quick(0)).unwrap_err();
    assert!(error.to_string().starts_with(&format!("this binary holds no {} revisions", Dialect::Sqlite)), "{error}");
}
