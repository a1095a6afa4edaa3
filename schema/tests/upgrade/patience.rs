//! An upgrade that waits for a lock has nobody wait behind it.

use std::time::Duration;

use diesel::PgConnection;
use diesel_schema::Dialect;
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{self, Applied, Options, Runner, UpgradeError};
use diesel_schema_core::revision;
use diesel_schema_core::revision::graph::Selector;

use crate::support::{Pg, set_of, write};

pub(crate) struct More(pub(crate) PgConnection);

impl AsSqlConnection for More {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        &mut self.0
    }
}

fn up(pg: &Pg, folder: &tempfile::TempDir, options: &Options) -> Result<Vec<String>, UpgradeError> {
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    let mut done = Vec::new();
    let mut connection = pg.connect();
    let more = || Some(Box::new(More(pg.connect())) as _);
    let mut tell = |it: &Applied| done.push(it.id.clone());
    Runner::new(&mut connection, &more, &set, options).upgrade_to(&mut vec![Selector::heads()], &mut tell)?;
    Ok(done)
}

fn one(folder: &tempfile::TempDir, up: &str, in_transaction: &str) {
    write(folder.path(), "1_a", up, in_transaction, &[]);
}

/// Waits until somebody waits for a lock with a query that begins so.
fn until_waiting(pg: &Pg, query: &str) {
    let mut connection = pg.connect();
    let sql = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
         AND query LIKE '{query}'"
    );
    for _ in 0..2_000 {
        if !connection.rows(&sql).unwrap().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("nobody waits");
}

#[test]
fn the_application_passes_while_an_upgrade_waits_for_a_long_query() {
    let (pg, folder) = (Pg::new("queue"), tempfile::tempdir().unwrap());
    // Each revision has a query of its own in its way, from the start: it would pass between two of one.
    let mut queries = ["a", "b"].map(|table| {
        let mut query = pg.connect();
        query.batch(&format!("CREATE TABLE {table} (id int)")).unwrap();
        query.batch(&format!("BEGIN; SELECT * FROM {table}")).unwrap();
        (table, query)
    });
    for (file, in_transaction, parents) in [("1_a", "true", &[][..]), ("2_b", "false", &["1"])] {
        let up = format!("ALTER TABLE {} ADD COLUMN more int;", &file[2..]);
        write(folder.path(), file, &up, in_transaction, parents);
    }
    let options = Options { lock_timeout: Some(Duration::from_millis(100)), ..Options::default() };
    let done = std::thread::scope(|scope| {
        let upgrade = scope.spawn(|| up(&pg, &folder, &options));
        for (table, query) in &mut queries {
            until_waiting(&pg, &format!("%ALTER TABLE {table} ADD COLUMN %"));
            // It stands behind the upgrade, and is let through when that gives up.
            let mut application = pg.connect();
            application.batch(&format!("SET statement_timeout = '20s'; SELECT * FROM {table}")).unwrap();
            query.batch("COMMIT").unwrap();
        }
        upgrade.join().unwrap()
    });
    assert_eq!(done.unwrap(), ["1", "2"]);
}

#[test]
fn a_lock_that_is_never_had_is_told_when_the_budget_is_spent() {
    let (pg, folder) = (Pg::new("budget"), tempfile::tempdir().unwrap());
    let mut query = pg.connect();
    query.batch("CREATE TABLE busy (id int)").unwrap();
    query.batch("BEGIN; SELECT * FROM busy").unwrap();
    let options = Options {
        lock_timeout: Some(Duration::from_millis(20)),
        lock_budget: Duration::from_millis(300),
        ..Options::default()
    };
    one(&folder, "ALTER TABLE busy ADD COLUMN a int;", "true");
    let error = up(&pg, &folder, &options).unwrap_err();
    assert!(!error.is_transient(), "{error}");
    let text = error.to_string();
    assert!(text.contains("lock timeout") && text.contains("raise MIGRATIONS_LOCK_BUDGET"), "{text}");
    let events = upgrade::events(&mut pg.connect()).unwrap();
    assert_eq!(events.iter().map(|it| it.outcome.as_str()).collect::<Vec<_>>(), ["failed"]);
    query.batch("COMMIT").unwrap();
    assert_eq!(up(&pg, &folder, &options).unwrap(), ["1"]);
}

#[test]
fn a_stamp_and_a_repair_wait_for_no_longer_than_a_revision() {
    let (pg, folder) = (Pg::new("rows"), tempfile::tempdir().unwrap());
    one(&folder, "CREATE TABLE a (id int);", "true");
    let options = Options {
        lock_timeout: Some(Duration::from_millis(20)),
        lock_budget: Duration::from_millis(300),
        ..Options::default()
    };
    up(&pg, &folder, &options).unwrap();
    std::fs::write(folder.path().join("1_a/up.sql"), "CREATE TABLE a (id bigint);").unwrap();
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    let mut connection = pg.connect();
    let mut holder = pg.connect();
    // They may be read, and not be written.
    holder.batch("BEGIN; LOCK TABLE __diesel_schema_migrations, __diesel_schema_history IN EXCLUSIVE MODE").unwrap();
    let told = |result: Result<(), UpgradeError>| {
        let error = result.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("lock timeout") && text.contains("raise MIGRATIONS_LOCK_BUDGET"), "{text}");
        assert!(!error.is_transient(), "{text}");
    };
    let base = ["base".parse().unwrap()];
    told(Runner::new(&mut connection, &|| None, &set, &options).stamp(&base, false).map(|_| ()));
    told(Runner::new(&mut connection, &|| None, &set, &options).repair(&[]).map(|_| ()));
    std::thread::scope(|scope| {
        let repair = scope.spawn(|| {
            let options = Options { lock_budget: Duration::from_secs(60), ..options.clone() };
            Runner::new(&mut connection, &|| None, &set, &options).repair(&[]).map(|it| it.len())
        });
        until_waiting(&pg, "%''repair''%");
        holder.batch("COMMIT").unwrap();
        assert_eq!(repair.join().unwrap().unwrap(), 1);
    });
    assert_eq!(Runner::new(&mut connection, &|| None, &set, &options).stamp(&base, false).unwrap().removed, ["1"]);
}

#[test]
fn what_a_file_sets_wins_and_all_of_it_ends_with_the_revision() {
    let folder = tempfile::tempdir().unwrap();
    let seen = |name: &str| {
        format!(
            "CREATE TABLE {name} AS SELECT current_setting('lock_timeout') l, current_setting('statement_timeout') s"
        )
    };
    write(folder.path(), "1_a", &seen("a"), "true", &[]);
    write(folder.path(), "2_b", &format!("SET LOCAL lock_timeout = '1234ms'; {}", seen("b")), "true", &["1"]);
    write(folder.path(), "3_c", &format!("SET lock_timeout = '1235ms'; {}", seen("c")), "true", &["2"]);
    // The whole name in a file would be taken for a setting of its own.
    let outside = "BEGIN; CREATE TABLE d AS SELECT setting FROM pg_settings WHERE name LIKE 'lock_time%'; COMMIT;";
    write(folder.path(), "4_d", outside, "false", &["3"]);
    let pg = Pg::new("own");
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    let options = Options { statement_timeout: Some(Duration::from_secs(70)), ..Options::default() };
    let mut connection = pg.connect();
    connection.batch("SET lock_timeout = '77ms'").unwrap();
    let more = || Some(Box::new(More(pg.connect())) as _);
    let mut runner = Runner::new(&mut connection, &more, &set, &options);
    runner.upgrade_to(&mut vec![Selector::heads()], &mut |_| ()).unwrap();
    let mut rows = |sql: &str| connection.rows(sql).unwrap().into_iter().flatten().flatten().collect::<Vec<_>>();
    assert_eq!(rows("SELECT l, s FROM a"), ["5s", "70s"]);
    assert_eq!(rows("SELECT l FROM b"), ["1234ms"]);
    assert_eq!(rows("SELECT l FROM c"), ["1235ms"]);
    assert_eq!(rows("SELECT setting FROM d"), ["5000"]);
    assert_eq!(rows("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"), ["77ms", "0"]);
}

#[test]
fn the_history_is_not_waited_for_as_long_as_a_file_says() {
    let (pg, folder) = (Pg::new("own_history"), tempfile::tempdir().unwrap());
    one(&folder, "CREATE TABLE a (id int);", "true");
    write(folder.path(), "2_b", "SET lock_timeout = 0; CREATE TABLE b (id int);", "true", &["1"]);
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    let options = Options::default();
    let (mut connection, mut holder) = (pg.connect(), pg.connect());
    // Whoever waits for ever gets the table in the end, and writes the row.
    holder.batch("SET idle_in_transaction_session_timeout = '60s'").unwrap();
    let mut hold = |it: &Applied| {
        if it.id == "1" {
            holder.batch("BEGIN; LOCK TABLE __diesel_schema_history IN EXCLUSIVE MODE").unwrap();
        }
    };
    let mut runner = Runner::new(&mut connection, &|| None, &set, &options);
    runner.upgrade_to(&mut vec![Selector::heads()], &mut hold).unwrap();
    drop(holder);
    assert_eq!(upgrade::applied(&mut connection).unwrap().unwrap(), ["1", "2"]);
    let events = upgrade::events(&mut connection).unwrap();
    assert_eq!(events.iter().map(|it| it.revision.as_str()).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn an_index_that_is_built_concurrently_waits_as_long_as_it_has_to() {
    let (pg, folder) = (Pg::new("concurrently"), tempfile::tempdir().unwrap());
    let mut writer = pg.connect();
    writer.batch("CREATE TABLE busy (id int)").unwrap();
    writer.batch("BEGIN; INSERT INTO busy VALUES (1)").unwrap();
    one(&folder, "CREATE INDEX CONCURRENTLY i ON busy (id);", "false");
    let options = Options {
        lock_timeout: Some(Duration::from_millis(1)),
        lock_budget: Duration::ZERO,
        retries: Vec::new(),
        ..Options::default()
    };
    let done = std::thread::scope(|scope| {
        let upgrade = scope.spawn(|| up(&pg, &folder, &options));
        // Two looks: a lock that is given up after a millisecond is not waited for twice.
        until_waiting(&pg, "/* diesel_schema 1 */ CREATE INDEX CONCURRENTLY%");
        std::thread::sleep(Duration::from_millis(50));
        until_waiting(&pg, "/* diesel_schema 1 */ CREATE INDEX CONCURRENTLY%");
        writer.batch("COMMIT").unwrap();
        upgrade.join().unwrap()
    });
    assert_eq!(done.unwrap(), ["1"]);
}

/// What the database says holds for every connection that begins after.
fn with_setting(pg: &Pg, name: &str, value: &str) {
    pg.connect().batch(&format!("ALTER DATABASE {} SET {name} = '{value}'", pg.name)).unwrap();
}

#[test]
fn an_index_is_built_concurrently_under_a_lock_timeout_of_the_databases_own() {
    let (pg, folder) = (Pg::new("own_lock"), tempfile::tempdir().unwrap());
    let mut writer = pg.connect();
    writer.batch("CREATE TABLE busy (id int)").unwrap();
    with_setting(&pg, "lock_timeout", "50ms");
    writer.batch("BEGIN; INSERT INTO busy VALUES (1)").unwrap();
    one(&folder, "CREATE INDEX CONCURRENTLY i ON busy (id);", "false");
    let options = Options { retries: Vec::new(), lock_budget: Duration::from_secs(60), ..Options::default() };
    std::thread::scope(|scope| {
        let upgrade = scope.spawn(|| up(&pg, &folder, &options));
        let invalid = "SELECT 1::text FROM pg_index WHERE indexrelid = to_regclass('i') AND NOT indisvalid";
        let mut other = pg.connect();
        while other.rows(invalid).unwrap().is_empty() && !upgrade.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
        }
        // The first attempt is over by then, or is about to be.
        std::thread::sleep(Duration::from_millis(100));
        writer.batch("COMMIT").unwrap();
        assert_eq!(upgrade.join().unwrap().unwrap(), ["1"]);
    });
    let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'i'::regclass";
    assert_eq!(pg.connect().rows(valid).unwrap(), [[Some("true".to_owned())]]);
}

#[test]
fn a_statement_outside_a_transaction_may_take_as_long_as_the_options_say() {
    let (pg, folder) = (Pg::new("own_statement"), tempfile::tempdir().unwrap());
    // Long enough for all else on a busy machine.
    with_setting(&pg, "statement_timeout", "1s");
    one(&folder, "SELECT pg_sleep(1.2);\nCREATE TABLE a (id int);", "false");
    let options = Options { statement_timeout: Some(Duration::from_secs(60)), ..Options::default() };
    assert_eq!(up(&pg, &folder, &options).unwrap(), ["1"]);
    // Nothing of ours reaches a statement that stands alone, which is what is said then.
    write(folder.path(), "2_b", "CALL long();", "false", &["1"]);
    let long = "CREATE PROCEDURE long() LANGUAGE plpgsql AS 'BEGIN COMMIT; PERFORM pg_sleep(1.2); END'";
    pg.connect().batch(long).unwrap();
    let text = up(&pg, &folder, &options).unwrap_err().to_string();
    assert!(text.contains("statement timeout") && text.contains("`SET statement_timeout = 0;` in the file"), "{text}");
}

#[test]
fn a_limit_for_transactions_does_not_end_the_lock_of_a_revision_outside_one() {
    for pg in Pg::on_each("own_transaction") {
        let folder = tempfile::tempdir().unwrap();
        let known = "SELECT name FROM pg_settings WHERE name = 'transaction_timeout'";
        if pg.connect().rows(known).unwrap().is_empty() {
            continue;
        }
        with_setting(&pg, "transaction_timeout", "1s");
        let held = "CREATE TABLE held AS SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' \
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database());";
        one(&folder, &format!("SELECT pg_sleep(0.6);\nSELECT pg_sleep(0.6);\n{held}"), "false");
        assert_eq!(up(&pg, &folder, &Options::default()).unwrap(), ["1"]);
        assert_eq!(pg.connect().rows("SELECT n::text FROM held").unwrap(), [[Some("1".to_owned())]]);
    }
}

#[test]
fn a_statement_that_takes_too_long_is_ended() {
    let (pg, folder) = (Pg::new("statement"), tempfile::tempdir().unwrap());
    one(&folder, "CREATE TABLE a (id int);\nSELECT pg_sleep(60);", "true");
    let options = Options { statement_timeout: Some(Duration::from_millis(50)), ..Options::default() };
    let error = up(&pg, &folder, &options).unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("statement timeout"), "{error}");
    assert!(pg.connect().rows("SELECT id::text FROM a").is_err());
}
