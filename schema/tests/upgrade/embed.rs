//! Revisions that are baked in, and a pool.

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{PgConnection, SqliteConnection};
use diesel_schema::upgrade::{Migrations, Options, status, upgrade};
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
