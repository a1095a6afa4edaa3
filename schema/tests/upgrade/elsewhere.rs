//! What another process does between a look and the lock.

use diesel::{PgConnection, QueryResult};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade;
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::support::{Pg, set_of, write};

/// Undoes the first revision through another connection, just before the message that would apply one.
struct UndoneBefore {
    own: PgConnection,
    other: Option<PgConnection>,
}

impl SqlConnection for UndoneBefore {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn batch(&mut self, sql: &str) -> QueryResult<()> {
        if sql.contains("INSERT INTO __diesel_schema_migrations")
            && let Some(mut other) = self.other.take()
        {
            other.batch("DELETE FROM __diesel_schema_migrations WHERE version = '1'; DROP TABLE a")?;
        }
        self.own.batch(sql)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<Vec<Option<String>>>> {
        self.own.rows(sql)
    }
}

#[test]
fn a_revision_is_applied_only_where_what_it_follows_is_still_there() {
    let (pg, folder) = (Pg::new("undone"), tempfile::tempdir().unwrap());
    write(folder.path(), "1_a", "CREATE TABLE a (id int);", "true", &[]);
    write(folder.path(), "2_b", "CREATE TABLE b (id int);", "true", &["1"]);
    let revisions = revision::read(folder.path()).unwrap();
    let mut connection = pg.connect();
    upgrade::run(&mut connection, &|| None, &set_of(Dialect::Postgres, &revisions[..1]), DEADLINE).unwrap();
    let mut own = UndoneBefore { own: connection, other: Some(pg.connect()) };
    let done = upgrade::run(&mut own, &|| None, &set_of(Dialect::Postgres, &revisions), DEADLINE).unwrap();
    assert_eq!(done.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}
