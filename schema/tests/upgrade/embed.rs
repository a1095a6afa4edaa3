//! Revisions that are baked in, and a pool.

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{PgConnection, QueryResult, SqliteConnection};
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{Migrations, Options, status, upgrade, upgrade_connection};
use diesel_schema::{Dialect, embed_migrations};

use crate::support::{Pg, Sqlite};

pub(crate) static MIGRATIONS: Migrations = embed_migrations!("tests/upgrade/migrations");

#[test]
fn what_is_baked_in_is_in_the_graphs_order() {
    let embedded = MIGRATIONS.of(Dialect::Sqlite).unwrap();
    assert_eq!(embedded.revisions.iter().map(|it| it.id).collect::<Vec<_>>(), ["9", "1"]);
    assert_eq!(embedded.heads, ["1"]);
    assert_eq!((embedded.revisions[0].slug, embedded.revisions[0].down), ("first", Some("DROP TABLE first;\n")));
    assert_eq!(embedded.revisions[0].folder, "schema/tests/upgrade/migrations/9_first");
    assert!(MIGRATIONS.source(Dialect::Sqlite).is_some());
}

/// Counts what is sent.
struct Counting<C>(C, usize);

impl<C: SqlConnection> SqlConnection for Counting<C> {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        self.1 += 1;
        self.0.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.1 += 1;
        self.0.rows(sql)
    }
}

impl<C: SqlConnection> AsSqlConnection for Counting<C> {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        self
    }
}

fn nothing_to_do_is_one_query(connection: impl SqlConnection + 'static) {
    let mut connection = Counting(connection, 0);
    let up = |connection: &mut _| upgrade_connection(connection, &MIGRATIONS, Options::default()).unwrap();
    assert_eq!(up(&mut connection).applied.len(), 2);
    for order in ["ASC", "DESC"] {
        // Whatever order the rows come in.
        connection
            .batch(&format!(
                "CREATE TABLE again AS SELECT * FROM __diesel_schema_migrations; DELETE FROM __diesel_schema_migrations; \
                 INSERT INTO __diesel_schema_migrations SELECT * FROM again ORDER BY version {order}; DROP TABLE again"
            ))
            .unwrap();
        connection.1 = 0;
        let report = up(&mut connection);
        assert!(report.already_at_head && report.heads == ["1"], "{report:?}");
        assert_eq!(connection.1, 1);
    }
    connection.batch("UPDATE __diesel_schema_migrations SET version = '7' WHERE version = '1'").unwrap();
    let error = upgrade_connection(&mut connection, &MIGRATIONS, Options::default()).unwrap_err();
    assert!(error.to_string().contains("is ahead: it holds 7"), "{error}");
}

#[test]
fn nothing_to_do_is_one_query_on_each_server() {
    let (pg, sqlite) = (Pg::new("one_query"), Sqlite::new());
    nothing_to_do_is_one_query(pg.connect());
    nothing_to_do_is_one_query(sqlite.connect());
}

#[test]
fn a_pool_is_upgraded_once_and_says_so() {
    let (pg, sqlite) = (Pg::new("pool"), Sqlite::new());
    let on_pg = Pool::builder().max_size(2).build(ConnectionManager::<PgConnection>::new(pg.url())).unwrap();
    let on_sqlite =
        Pool::builder().max_size(2).build(ConnectionManager::<SqliteConnection>::new(sqlite.url())).unwrap();
    for round in 0..2 {
        let reports = [
            upgrade(&on_pg, &MIGRATIONS, Options::default()).unwrap(),
            upgrade(&on_sqlite, &MIGRATIONS, Options::default()).unwrap(),
        ];
        for report in reports {
            assert_eq!(report.applied.len(), if round == 0 { 2 } else { 0 });
            assert_eq!(report.already_at_head, round == 1);
            assert_eq!(report.heads, ["1"]);
        }
    }
    let status = status(&mut *on_sqlite.get().unwrap(), &MIGRATIONS).unwrap();
    assert!(status.at_head());
    assert_eq!(status.current, ["1"]);
    let off = Options { run: false, ..Options::default() };
    assert!(upgrade(&on_pg, &MIGRATIONS, off).unwrap().skipped);
}
