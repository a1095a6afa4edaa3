//! What `disagreements.tsv` says of locks and rewrites, measured.

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};

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
