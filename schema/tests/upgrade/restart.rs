//! A revision outside a transaction that ends anywhere, and the start after it.

use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error;
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, Options, Runner};
use diesel_schema_core::revision::graph::Selector;
use diesel_schema_core::revision::{self, Revision};
use rand::RngExt as _;

use crate::DEADLINE;
use crate::processes::{kills, start};
use crate::support::{Pg, set_of, write};

const TABLES: &str = "
    CREATE TABLE t (a int, b int, old int);
    INSERT INTO t SELECT n, n, n FROM generate_series(1, 20000) n;
    CREATE INDEX t_old ON t (old);
    CREATE TABLE log (line int);
    CREATE TABLE doomed ();
    CREATE TYPE mood AS ENUM ('good');
    CREATE TABLE p (a int) PARTITION BY LIST (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);";

/// Each kind of statement; none may run twice.
const OUTSIDE: &str = "
    SET lock_timeout = '1min';
    CREATE INDEX CONCURRENTLY t_a ON t (a DESC) INCLUDE (b) WHERE a > 5 AND b > 0;
    INSERT INTO log VALUES (1);
    CREATE UNIQUE INDEX CONCURRENTLY ON t (b);
    ALTER TABLE t ADD COLUMN c int;
    ALTER TABLE t ADD CONSTRAINT t_positive CHECK (a > 0) NOT VALID;
    ALTER TABLE t VALIDATE CONSTRAINT t_positive;
    DROP INDEX CONCURRENTLY t_old;
    REINDEX TABLE CONCURRENTLY t;
    BEGIN;
    INSERT INTO log VALUES (2);
    CREATE TABLE made (id int);
    COMMIT;
    ALTER TYPE mood ADD VALUE 'bad';
    CREATE TABLE moods (mood mood DEFAULT 'bad');
    DROP TABLE doomed;
    DO $$ BEGIN INSERT INTO log VALUES (3); END $$;
    VACUUM t;
    CREATE SCHEMA other;
    CREATE SEQUENCE other.numbers;
    ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;
    INSERT INTO log VALUES (4);
    SET search_path = other;
    CREATE TABLE here (id int);
    CREATE INDEX CONCURRENTLY here_id ON here (id);";

fn folder_of(outside: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_tables", TABLES, "true", &[]);
    write(folder.path(), "2_outside", outside, "false", &["1"]);
    folder
}

/// What 13 does not know is left out there.
fn outside(connection: &mut dyn SqlConnection) -> String {
    let version = connection.rows("SHOW server_version_num").unwrap().remove(0).remove(0).unwrap();
    let concurrently = if version.as_str() < "140000" { "" } else { " CONCURRENTLY" };
    OUTSIDE.replace("p1 CONCURRENTLY", &format!("p1{concurrently}"))
}

/// All that the revisions make, as text.
fn state(connection: &mut dyn SqlConnection) -> Vec<String> {
    let sql = "
        SELECT c.oid::regclass::text || ' ' || c.relkind::text || ' ' || coalesce(pg_get_indexdef(i.indexrelid), '')
            || coalesce(' valid=' || i.indisvalid || i.indisready || i.indislive, '')
            || coalesce((SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
                         WHERE attrelid = c.oid AND attnum > 0), '')
            || coalesce((SELECT string_agg(conname || convalidated, ',' ORDER BY conname) FROM pg_constraint
                         WHERE conrelid = c.oid), '')
            || coalesce((SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid), '')
        FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
        WHERE c.relnamespace::regnamespace::text IN ('public', 'other')
        UNION ALL SELECT 'log ' || line FROM public.log
        UNION ALL SELECT enumlabel FROM pg_enum
        UNION ALL SELECT version FROM public.__diesel_schema_migrations ORDER BY 1";
    connection.rows(sql).unwrap().into_iter().flatten().flatten().collect()
}

fn run(connection: &mut dyn SqlConnection, revisions: &[Revision]) -> Result<usize, String> {
    let set = set_of(Dialect::Postgres, revisions);
    upgrade::run(connection, &|| None, &set, DEADLINE).map(|done| done.len()).map_err(|error| error.to_string())
}

fn clear(connection: &mut dyn SqlConnection) {
    connection.batch("DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS other CASCADE; CREATE SCHEMA public").unwrap();
}

/// A connection that breaks at a message: before the server gets it, or before its answer comes back.
struct Breaking<'a> {
    inner: &'a mut dyn SqlConnection,
    left: usize,
    answered: bool,
}

impl Breaking<'_> {
    fn pass<T>(&mut self, send: impl FnOnce(&mut dyn SqlConnection) -> QueryResult<T>) -> QueryResult<T> {
        match self.left {
            0 => Err(Error::BrokenTransactionManager),
            1 => {
                self.left = 0;
                if self.answered {
                    send(self.inner)?;
                }
                Err(Error::BrokenTransactionManager)
            }
            _ => {
                self.left -= 1;
                send(self.inner)
            }
        }
    }
}

impl SqlConnection for Breaking<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.pass(|inner| inner.batch(sql))
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.pass(|inner| inner.rows(sql))
    }
}

#[test]
fn a_connection_that_breaks_at_any_message_is_taken_up_where_it_ended() {
    let pg = Pg::new("breaks");
    let mut healthy = pg.connect();
    let folder = folder_of(&outside(&mut healthy));
    let revisions = revision::read(folder.path()).unwrap();
    assert_eq!(run(&mut healthy, &revisions), Ok(2));
    let wanted = state(&mut healthy);
    assert_eq!(wanted.iter().filter(|line| line.starts_with("log ") && line.len() == 5).count(), 4, "{wanted:#?}");
    let mut points = 0;
    for answered in [false, true] {
        for left in 1.. {
            clear(&mut healthy);
            run(&mut healthy, &revisions[..1]).unwrap();
            let mut inner = pg.connect();
            let mut breaking = Breaking { inner: &mut inner, left, answered };
            if run(&mut breaking, &revisions).is_ok() {
                break;
            }
            drop(inner);
            points += 1;
            // The dead one's lock goes with its session.
            let again = run(&mut pg.connect(), &revisions);
            let found = state(&mut healthy);
            assert!(again.is_ok(), "message {left}, answered {answered}: {again:?}");
            assert_eq!(found, wanted, "message {left}, answered {answered}");
        }
    }
    assert!(points > 60, "only {points} messages");
}

#[test]
fn a_hundred_kills_end_in_what_an_undisturbed_run_makes() {
    Pg::on_each("restart").for_each(|pg| killed(&pg));
}

fn killed(pg: &Pg) {
    let mut connection = pg.connect();
    let folder = folder_of(&outside(&mut connection));
    let began = Instant::now();
    let output = start(&pg.url(), folder.path()).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let whole = began.elapsed();
    let wanted = state(&mut connection);
    let mut killed = 0;
    while killed < kills() {
        clear(&mut connection);
        loop {
            let mut child = start(&pg.url(), folder.path());
            let until = Instant::now() + whole.mul_f64(rand::rng().random_range(0.02..1.0));
            let ended = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break Some(status);
                }
                if Instant::now() >= until {
                    break None;
                }
                std::thread::sleep(Duration::from_millis(1));
            };
            if ended.is_none() && killed < kills() {
                child.kill().unwrap();
                child.wait().unwrap();
                killed += 1;
                continue;
            }
            let output = child.wait_with_output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
            break;
        }
        assert_eq!(state(&mut connection), wanted, "after {killed} kills");
    }
}

/// A database in which the first revision is applied, and a file for the second.
fn begun(name: &str, outside: &str) -> (Pg, tempfile::TempDir, Vec<Revision>) {
    let (pg, folder) = (Pg::new(name), folder_of(outside));
    let revisions = revision::read(folder.path()).unwrap();
    run(&mut pg.connect(), &revisions[..1]).unwrap();
    (pg, folder, revisions)
}

/// The oid of an index, as text, where it is valid.
fn valid(connection: &mut dyn SqlConnection, name: &str) -> Option<String> {
    let sql = format!("SELECT indexrelid::text FROM pg_index WHERE indexrelid = to_regclass('{name}') AND indisvalid");
    connection.rows(&sql).unwrap().into_iter().flatten().flatten().next()
}

#[test]
fn an_index_that_is_there_is_passed_over_built_again_or_told() {
    let sql =
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON public . t USING btree (a DESC, lower(b::text)) WHERE (a>1)";
    let same = "CREATE INDEX t_a ON t (a DESC NULLS FIRST, lower(b::text)) WHERE a > 1";
    let invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass";
    let (pg, _folder, revisions) = begun("there", sql);
    let mut connection = pg.connect();
    let mut case = |before: &str| {
        connection.batch(&format!("DROP INDEX IF EXISTS t_a; {before}")).unwrap();
        let old = connection.rows("SELECT to_regclass('t_a')::oid::text").unwrap().remove(0).remove(0);
        let result = run(&mut connection, &revisions);
        let new = valid(&mut connection, "t_a");
        connection.batch("DELETE FROM __diesel_schema_migrations WHERE version = '2'").unwrap();
        (result, new == old, new.is_some())
    };
    assert_eq!(case(same), (Ok(1), true, true), "passed over");
    assert_eq!(case(&format!("{same}; {invalid}")), (Ok(1), false, true), "built again");
    let (result, unchanged, _) = case("CREATE INDEX t_a ON t (a, lower(b::text)) WHERE a > 1");
    let text = result.unwrap_err();
    assert!(unchanged, "{text}");
    for part in [
        "up.sql:1:1: index public.t_a is there already with another definition",
        "a DESC, lower((b)::text)",
        "Drop it, or have the file say what is there",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (result, ..) = case(&format!("CREATE UNIQUE INDEX t_a ON t (a); {invalid}"));
    assert!(result.as_ref().is_err_and(|text| text.contains("INVALID")), "{result:?}");
}

#[test]
fn a_unique_index_that_rows_forbid_is_built_when_they_are_mended() {
    let sql = "INSERT INTO t VALUES (1, 1);\nCREATE UNIQUE INDEX CONCURRENTLY t_b ON t (b);";
    let (pg, folder, revisions) = begun("forbidden", sql);
    let mut connection = pg.connect();
    let text = run(&mut connection, &revisions).unwrap_err();
    assert!(text.contains("up.sql:2:1: could not create unique index"), "{text}");
    assert!(text.contains("the next start goes on with this one"), "{text}");
    assert_eq!(valid(&mut connection, "t_b"), None);
    // Mended in the file: the statement that is done stays, the one that failed is another one now.
    std::fs::write(folder.path().join("2_outside/up.sql"), sql.replace("t_b ON t (b)", "t_ab ON t (a, b, old)"))
        .unwrap();
    let revisions = revision::read(folder.path()).unwrap();
    assert_eq!(run(&mut connection, &revisions), Ok(1));
    assert!(valid(&mut connection, "t_ab").is_some());
    let left = connection.rows("SELECT (to_regclass('t_b') IS NULL)::text, (SELECT count(*)::text FROM t)").unwrap();
    assert_eq!(left, [[Some("true".to_owned()), Some("20001".to_owned())]]);
}

#[test]
fn statements_that_are_done_and_changed_since_are_told_and_mended() {
    let (pg, folder, revisions) = begun("changed", "INSERT INTO log VALUES (1);\nSELECT 1 / 0;");
    let mut connection = pg.connect();
    assert!(run(&mut connection, &revisions).unwrap_err().contains("up.sql:2:1: division by zero"));
    std::fs::write(folder.path().join("2_outside/up.sql"), "INSERT INTO log VALUES (7);\nSELECT 1;").unwrap();
    let changed = revision::read(folder.path()).unwrap();
    let text = run(&mut connection, &changed).unwrap_err();
    assert!(text.contains("a former run ended after its first statement, and that part of the file was"), "{text}");
    assert!(text.contains("`migrate repair 2`") && text.contains("`migrate stamp 2`"), "{text}");
    let set = set_of(Dialect::Postgres, &changed);
    assert!(upgrade::accept_unfinished(&mut connection, &set, "2", &Options::default()).unwrap());
    assert_eq!(run(&mut connection, &changed), Ok(1));
    assert!(!upgrade::accept_unfinished(&mut connection, &set, "2", &Options::default()).unwrap());
    assert_eq!(connection.rows("SELECT line::text FROM log").unwrap(), [[Some("1".to_owned())]]);

    let (pg, _folder, revisions) = begun("stamped", "INSERT INTO log VALUES (1);\nSELECT 1 / 0;");
    let mut connection = pg.connect();
    run(&mut connection, &revisions).unwrap_err();
    let options = Options::default();
    Runner::new(&mut connection, &|| None, &set, &options).stamp(&[Selector::heads()], false).unwrap();
    let left = connection.rows("SELECT to_regclass('__diesel_schema_unfinished')::text").unwrap();
    assert_eq!(left, [[None]]);
    // Comments and blanks are no change.
    let (pg, folder, revisions) = begun("unchanged", "INSERT INTO log VALUES (1);\nSELECT 1 / 0;");
    let mut connection = pg.connect();
    run(&mut connection, &revisions).unwrap_err();
    std::fs::write(folder.path().join("2_outside/up.sql"), "INSERT INTO log  VALUES (1 /* x */);\nSELECT 1;").unwrap();
    assert_eq!(run(&mut connection, &revision::read(folder.path()).unwrap()), Ok(1));
    assert_eq!(connection.rows("SELECT count(*)::text FROM log").unwrap(), [[Some("1".to_owned())]]);
}

#[test]
fn what_ends_transactions_itself_is_not_run_twice_unasked() {
    let twice = "INSERT INTO log VALUES (1);\nDO $$ BEGIN INSERT INTO log VALUES (2); COMMIT; PERFORM 1 / line FROM t2; END $$;";
    let (pg, _folder, revisions) = begun("itself", twice);
    let mut connection = pg.connect();
    // The server says that it failed: it is sent again.
    for _ in 0..2 {
        let text = run(&mut connection, &revisions).unwrap_err();
        assert!(text.contains("up.sql:2:") && text.contains("t2"), "{text}");
    }
    connection.batch("CREATE TABLE t2 AS SELECT 1 AS line").unwrap();
    // Its answer does not come.
    for left in (1..).take_while(|_| upgrade::applied(&mut pg.connect()).unwrap().unwrap().len() == 1) {
        let mut inner = pg.connect();
        let _ = run(&mut Breaking { inner: &mut inner, left, answered: true }, &revisions);
        drop(inner);
        let again = run(&mut connection, &revisions);
        if let Err(text) = again {
            assert!(text.contains("up.sql:2:1: a former run ended within this statement"), "{text}");
            let set = set_of(Dialect::Postgres, &revisions);
            assert!(upgrade::accept_unfinished(&mut connection, &set, "2", &Options::default()).unwrap());
            assert_eq!(run(&mut connection, &revisions), Ok(1));
            return;
        }
        connection.batch("DELETE FROM __diesel_schema_migrations WHERE version = '2'").unwrap();
    }
    panic!("it was never told");
}

#[test]
fn an_index_that_never_was_is_not_taken_for_dropped() {
    let (pg, _folder, revisions) = begun("never", "DROP INDEX CONCURRENTLY never;\nSELECT 1;");
    let mut connection = pg.connect();
    for _ in 0..2 {
        let text = run(&mut connection, &revisions).unwrap_err();
        assert!(text.contains("up.sql:1:1: index \"never\" does not exist"), "{text}");
    }
}

#[test]
fn what_would_be_lost_with_the_session_is_told() {
    let (pg, _folder, revisions) = begun("open", "SELECT 1;\nBEGIN;\nSELECT 2;");
    let text = run(&mut pg.connect(), &revisions).unwrap_err();
    assert!(text.contains("up.sql:2:1: it begins a transaction that it does not end"), "{text}");
    let (pg, _folder, revisions) = begun("temp", "CREATE TEMP TABLE x AS SELECT 1;\nSELECT 1 / 0;");
    run(&mut pg.connect(), &revisions).unwrap_err();
    let text = run(&mut pg.connect(), &revisions).unwrap_err();
    assert!(
        text.contains("up.sql:2:1: a former run ended after its first statement, and its temporary tables"),
        "{text}"
    );
}

#[test]
fn another_role_of_the_file_writes_no_notes() {
    let pg = Pg::new("role");
    let role = format!("{}_role", pg.name);
    let sql = format!(
        "CREATE ROLE {role}; GRANT USAGE ON SCHEMA public TO {role}; CREATE SCHEMA its AUTHORIZATION {role};
        SET ROLE {role}; CREATE TABLE its.a (b int); CREATE INDEX CONCURRENTLY a_b ON its.a (b); CREATE TABLE its.c ();
        RESET ROLE; DROP SCHEMA its CASCADE; DROP OWNED BY {role}; DROP ROLE {role}"
    );
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1_roles", &sql, "false", &[]);
    assert_eq!(run(&mut pg.connect(), &revision::read(folder.path()).unwrap()), Ok(1));
}
