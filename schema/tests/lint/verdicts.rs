//! What `disagreements.tsv` says of locks and rewrites, measured.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use diesel_schema::lint::{Catalog, Level, Settings, lint};

#[derive(QueryableByName)]
struct Work {
    #[diesel(sql_type = Bool)]
    rewritten: bool,
    #[diesel(sql_type = Bool)]
    read: bool,
}

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = Text)]
    held: String,
}

/// A transaction that is rolled back, on tables of its own session.
fn begin() -> PgConnection {
    let url = std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"));
    let mut connection = PgConnection::establish(&url).unwrap();
    let tables = "CREATE TEMP TABLE core_recipe (id integer, edits varchar, n integer); \
        INSERT INTO core_recipe SELECT g, 'x', g FROM generate_series(1, 100) g; \
        CREATE TEMP TABLE users (id integer); CREATE TEMP TABLE orders (id integer); \
        CREATE TEMP TABLE before AS SELECT pg_relation_filenode('core_recipe') AS file";
    connection.batch_execute(tables).unwrap();
    connection.batch_execute("BEGIN").unwrap();
    connection
}

fn work(sql: &str) -> (bool, bool) {
    let mut connection = begin();
    connection.batch_execute(sql).unwrap();
    let asked = "SELECT pg_relation_filenode('core_recipe') <> file AS rewritten, \
        pg_stat_get_xact_tuples_returned('core_recipe'::regclass) > 0 AS read FROM before";
    let work: Work = sql_query(asked).get_result(&mut connection).unwrap();
    (work.rewritten, work.read)
}

#[test]
fn a_constant_default_neither_reads_nor_rewrites() {
    assert_eq!(work(r#"ALTER TABLE "core_recipe" ADD COLUMN "foo" integer DEFAULT 10"#), (false, false));
}

#[test]
fn it_is_the_type_of_before_that_decides_about_a_rewrite() {
    let alter = |column: &str| format!("ALTER TABLE core_recipe ALTER COLUMN {column} TYPE text USING {column}::text");
    assert_eq!(work(&alter("edits")), (false, false));
    assert!(work(&alter("n")).0);
}

#[test]
fn both_tables_are_locked_until_the_commit() {
    let mut connection = begin();
    let sql = "ALTER TABLE users ADD COLUMN email TEXT; ALTER TABLE orders ADD COLUMN total NUMERIC";
    connection.batch_execute(sql).unwrap();
    let asked = "SELECT relation::regclass::text AS held FROM pg_locks WHERE pid = pg_backend_pid() \
        AND mode = 'AccessExclusiveLock' AND relation IN ('users'::regclass, 'orders'::regclass) ORDER BY 1";
    let held: Vec<Lock> = sql_query(asked).load(&mut connection).unwrap();
    let held: Vec<&str> = held.iter().map(|lock| lock.held.as_str()).collect();
    assert_eq!(held, ["orders", "users"]);
}

/// One that is alone in its transaction leaves nothing half done.
#[test]
fn a_dropped_table_is_gone_or_there() {
    let mut connection = begin();
    connection.batch_execute("DROP TABLE users; ROLLBACK; SELECT FROM users").unwrap();
}

/// Whether a rule finds something in it.
fn is_found(rule: &str, sql: &str, in_transaction: bool) -> bool {
    let levels = BTreeMap::from([("all".to_owned(), Level::Off), (rule.to_owned(), Level::Warn)]);
    let settings = Settings { levels, in_transaction, ..Settings::default() };
    lint(sql, &settings, &mut Catalog::default()).iter().any(|found| found.rule == rule)
}

#[test]
fn a_column_that_is_said_twice_is_found_where_the_server_refuses_it() {
    let said = [
        "CREATE TEMP VIEW v AS SELECT 1, 2",
        "CREATE TEMP VIEW v AS SELECT 1 AS a, 2 AS b",
        "CREATE TEMP VIEW v AS SELECT users.id, orders.id FROM users, orders",
        "CREATE TEMP VIEW v AS SELECT users.id, orders.id AS other FROM users, orders",
        "CREATE TEMP VIEW v AS SELECT id, true, false AS f FROM users",
        "CREATE TEMP TABLE made AS SELECT n, core_recipe.N FROM core_recipe",
        "UPDATE parts SET p = NULL, p.x = 1",
        "UPDATE parts SET p.x = 1, p.y = 2",
        "UPDATE parts SET a[1] = 1, a = NULL",
        "UPDATE parts SET a[1] = 1, a[2] = 2",
    ];
    for sql in said {
        let mut connection = begin();
        connection
            .batch_execute(
                "CREATE TYPE pg_temp.pair AS (x int, y int); CREATE TEMP TABLE parts (p pg_temp.pair, a int[])",
            )
            .unwrap();
        let refused = connection.batch_execute(sql).is_err();
        assert_eq!(is_found("ban-duplicate-column-assignments", sql, true), refused, "{sql}");
    }
}

#[test]
fn a_constraint_that_is_added_once_more_behind_its_drop_is_found() {
    let (drop, add) = ("ALTER TABLE t DROP CONSTRAINT IF EXISTS c;", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);");
    let found = |sql: &str| is_found("prefer-robust-stmts", sql, false);
    assert!(!found(&format!("{drop} {add}")));
    assert!(!found(&format!("{drop} {add} {drop} {add}")));
    assert!(!found(&format!("SELECT 1; {} {}", drop.replace(';', ","), add.replace("ALTER TABLE t", ""))));
    assert!(found(&format!("{drop} {add} {add}")));
    assert!(found(&format!("SELECT 1; {add}")));
}
