//! Rows filled in batches: killed, beside writers, to the end.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::{Connection, PgConnection};
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{Backfill, Filled};

use crate::support::{Pg, Sqlite};

const TABLE: &str = "CREATE TABLE t (a INTEGER, b VARCHAR(20), name TEXT, PRIMARY KEY (a, b));";

fn rows(count: u32) -> String {
    format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
         INSERT INTO t (a, b) SELECT n % 10, 'it''s \\' || n FROM n;"
    )
}

fn backfill() -> Backfill {
    Backfill::new("t", "a, b").set("name = 'n' || b").while_any("name IS NULL").batch(100)
}

fn left(connection: &mut dyn SqlConnection) -> u32 {
    let count = connection.rows("SELECT CAST(count(*) AS text) FROM t WHERE name IS NULL").unwrap();
    count[0][0].as_ref().unwrap().parse().unwrap()
}

#[test]
fn every_row_is_filled_in_batches_and_nothing_is_left_to_do() {
    let (pg, sqlite) = (Pg::new("fill"), Sqlite::new());
    fn fill(connection: &mut (impl AsSqlConnection + Connection)) {
        connection.as_sql_connection().batch(&format!("{TABLE}{}", rows(1050))).unwrap();
        assert_eq!(backfill().run(connection).unwrap(), Filled { rows: 1050, batches: 11 });
        assert_eq!(left(connection.as_sql_connection()), 0);
        let wrong = connection.as_sql_connection().rows("SELECT b FROM t WHERE name <> 'n' || b").unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(backfill().run(connection).unwrap(), Filled::default());
    }
    fill(&mut pg.connect());
    fill(&mut sqlite.connect());
}

#[test]
fn what_would_never_end_and_what_stands_in_a_transaction_is_refused() {
    let (pg, sqlite) = (Pg::new("refuse"), Sqlite::new());
    fn refuse(connection: &mut (impl AsSqlConnection + Connection)) {
        connection.as_sql_connection().batch(&format!("{TABLE}{}", rows(300))).unwrap();
        let endless = backfill().while_any("a >= 0").run(connection).unwrap_err().to_string();
        assert!(endless.contains("`a >= 0` still holds of rows of t after SET name = 'n' || b"), "{endless}");
        assert_eq!(left(connection.as_sql_connection()), 300);
        let inside = connection.transaction(|connection| backfill().run(connection)).unwrap_err().to_string();
        assert!(inside.contains("write `run_in_transaction = false`"), "{inside}");
        assert_eq!(left(connection.as_sql_connection()), 300);
    }
    refuse(&mut pg.connect());
    refuse(&mut sqlite.connect());
}

/// The owner of a table is under its policies, too, where they are forced.
#[test]
fn rows_that_policies_hide_are_not_passed_over() {
    let pg = Pg::new("hidden");
    let mut connection = pg.connect();
    let secured = "ALTER TABLE t OWNER TO pg_monitor; ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; \
                   CREATE POLICY own ON t USING (a < 5)";
    connection.batch(&format!("{TABLE}{}{secured}; SET ROLE pg_monitor", rows(300))).unwrap();
    let hidden = backfill().run(&mut connection).unwrap_err().to_string();
    assert!(hidden.contains("query would be affected by row-level security policy for table \"t\""), "{hidden}");
    connection.batch("RESET ROLE").unwrap();
    assert_eq!(left(&mut connection), 300);
    assert_eq!(backfill().run(&mut connection).unwrap(), Filled { rows: 300, batches: 3 });
    assert_eq!(connection.rows("SHOW row_security").unwrap(), [[Some("on".to_owned())]]);
}

#[test]
fn rows_that_others_write_meanwhile_are_filled_too() {
    let pg = Pg::new("writers");
    let mut connection = pg.connect();
    connection.batch(&format!("{TABLE}{}", rows(2000))).unwrap();
    let over = AtomicBool::new(false);
    let (filled, written) = std::thread::scope(|scope| {
        let write = |writer: u32| {
            let (pg, over) = (&pg, &over);
            move || {
                let mut connection = pg.connect();
                let mut written = 0;
                while !over.load(Ordering::Relaxed) {
                    let (sql, row) = (format!("{writer}-{written}"), written % 2000 + 1);
                    // Each takes rows in another order than the back-fill does, and empties some that it filled.
                    connection
                        .batch(&format!(
                            "INSERT INTO t (a, b) VALUES (1, 'new {sql}'); \
                             UPDATE t SET name = NULL WHERE b = 'it''s \\{row}'"
                        ))
                        .unwrap();
                    written += 1;
                    if written == 200 {
                        break;
                    }
                }
                written
            }
        };
        let writers: Vec<_> = (0..3).map(|writer| scope.spawn(write(writer))).collect();
        let filled = backfill().run(&mut connection).unwrap();
        over.store(true, Ordering::Relaxed);
        (filled, writers.into_iter().map(|writer| writer.join().unwrap()).sum::<u32>())
    });
    assert!(filled.rows >= 2000 && written > 0);
    // What came after the last look is for the next one.
    backfill().run(&mut connection).unwrap();
    assert_eq!(left(&mut connection), 0);
}

/// What a child does; run as a test of its own it does nothing.
#[test]
fn child() {
    let Ok(url) = std::env::var("BACKFILL_URL") else { return };
    let mut connection = PgConnection::establish(&url).unwrap();
    backfill().pause(Duration::from_millis(5)).run(&mut connection).unwrap();
}

#[test]
fn one_that_is_killed_goes_on_where_it_was() {
    let pg = Pg::new("killed");
    let mut connection = pg.connect();
    connection.batch(&format!("{TABLE}{}", rows(5000))).unwrap();
    let mut before = 5000;
    for _ in 0..3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "backfill::child"])
            .env("BACKFILL_URL", pg.url())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while left(&mut connection) >= before {
            assert_eq!(child.try_wait().unwrap(), None, "it ended before it was killed");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        before = left(&mut connection);
    }
    assert!(before > 0, "it was over before it was killed");
    let filled = backfill().run(&mut connection).unwrap();
    assert!(filled.rows <= u64::from(before) && left(&mut connection) == 0);
}
