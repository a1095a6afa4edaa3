//! Code in Rust beside a revision's SQL.

use std::cell::RefCell;

use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection, PgConnection, SqliteConnection, sql_query};
use diesel_schema::connection::{AsSqlConnection, SqlConnection};
use diesel_schema::upgrade::{self, Migrations, Options, RevisionSet, Runner, upgrade, upgrade_connection};
use diesel_schema::{Dialect, embed_migrations};
use diesel_schema_core::revision;
use diesel_schema_core::revision::graph::Selector;

use crate::DEADLINE;
use crate::support::{Pg, Sqlite};

diesel::table! {
    people {
        id -> Integer,
        name -> Text,
        nick -> Nullable<Text>,
    }
}

/// An application's connection.
#[derive(diesel::MultiConnection)]
enum Either {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl AsSqlConnection for Either {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        match self {
            Self::Postgres(connection) => connection,
            Self::Sqlite(connection) => connection,
        }
    }
}

thread_local! {
    static RAN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static FAIL: RefCell<Option<&'static str>> = const { RefCell::new(None) };
}

fn ran(what: &'static str) -> QueryResult<()> {
    RAN.with_borrow_mut(|ran| ran.push(what));
    if FAIL.with_borrow(|fail| *fail == Some(what)) { Err(diesel::result::Error::NotFound) } else { Ok(()) }
}

/// The nick is the name in capitals, which not every server's `upper` makes of every letter.
fn nicks(connection: &mut Either) -> QueryResult<()> {
    let all: Vec<(i32, String)> = people::table.select((people::id, people::name)).load(connection)?;
    for (id, name) in all {
        // A transaction of the step's own nests in the revision's.
        connection.transaction(|connection| {
            let nick = people::nick.eq(name.to_uppercase());
            diesel::update(people::table.find(id)).set(nick).execute(connection)
        })?;
    }
    ran("nicks")
}

fn no_nicks(connection: &mut Either) -> QueryResult<()> {
    diesel::delete(people::table.filter(people::nick.eq("BOB"))).execute(connection)?;
    ran("no nicks")
}

fn outside(connection: &mut Either) -> QueryResult<()> {
    connection.transaction(|connection| {
        diesel::insert_into(people::table).values((people::id.eq(3), people::name.eq("Cy"))).execute(connection)
    })?;
    ran("outside").inspect_err(|_| {
        diesel::delete(people::table.find(3)).execute(connection).unwrap();
    })
}

static EITHER: Migrations = embed_migrations!("tests/upgrade/steps", steps: {
    "2" => { up: nicks, down: no_nicks },
    "3" => outside,
});

fn on_postgres(connection: &mut PgConnection) -> QueryResult<()> {
    sql_query("UPDATE people SET nick = 'pg'").execute(connection).map(|_| ())
}

fn on_sqlite(connection: &mut SqliteConnection) -> QueryResult<()> {
    sql_query("UPDATE people SET nick = 'lite'").execute(connection).map(|_| ())
}

static EACH: Migrations = embed_migrations!("tests/upgrade/steps", steps: {
    "postgres/2" => on_postgres,
    "sqlite/2" => on_sqlite,
    "postgres/3" => on_postgres,
    "sqlite/3" => on_sqlite,
});

fn quick() -> Options {
    Options { retries: Vec::new(), ..Options::default() }
}

fn names(connection: &mut dyn SqlConnection) -> Vec<String> {
    let rows = connection.rows("SELECT name || ' ' || coalesce(nick, '-') FROM people ORDER BY id").unwrap();
    rows.into_iter().flatten().flatten().collect()
}

fn there_and_back(mut connection: Either) {
    let applied = |connection: &mut Either| upgrade::applied(connection.as_sql_connection()).unwrap().unwrap();
    // A step that fails takes its revision with it, and its connection serves on.
    FAIL.set(Some("nicks"));
    let text = upgrade_connection(&mut connection, &EITHER, quick()).unwrap_err().to_string();
    assert!(text.starts_with("revision 2 failed at ") && text.contains("its step in Rust failed"), "{text}");
    assert!(text.contains("Nothing of it was applied"), "{text}");
    assert_eq!(applied(&mut connection), ["1"]);
    assert!(connection.as_sql_connection().rows("SELECT nick FROM people").is_err());
    // Outside a transaction it runs again.
    FAIL.set(Some("outside"));
    let text = upgrade_connection(&mut connection, &EITHER, quick()).unwrap_err().to_string();
    assert!(text.contains("the next start runs the step again"), "{text}");
    FAIL.set(None);
    assert_eq!(upgrade_connection(&mut connection, &EITHER, quick()).unwrap().applied.len(), 1);
    assert_eq!(RAN.take(), ["nicks", "nicks", "outside", "outside"]);
    assert_eq!(names(connection.as_sql_connection()), ["Ada ADA", "Bob BOB", "Cy -"]);
    connection.transaction(|connection| people::table.count().get_result::<i64>(connection)).unwrap();
    assert!(upgrade_connection(&mut connection, &EITHER, quick()).unwrap().already_at_head);
}

#[test]
fn steps_of_an_applications_own_connection_run_in_their_revisions_on_postgres() {
    let pg = Pg::new("steps");
    there_and_back(Either::Postgres(pg.connect()));
}

#[test]
fn steps_of_an_applications_own_connection_run_in_their_revisions_on_sqlite() {
    let sqlite = Sqlite::new();
    there_and_back(Either::Sqlite(sqlite.connect()));
}

#[test]
fn a_step_may_take_what_is_behind_the_pools_connection() {
    let (pg, sqlite) = (Pg::new("behind"), Sqlite::new());
    let on_pg = Pool::builder().max_size(2).build(ConnectionManager::<PgConnection>::new(pg.url())).unwrap();
    assert_eq!(upgrade(&on_pg, &EACH, quick()).unwrap().applied.len(), 3);
    assert_eq!(names(&mut pg.connect()), ["Ada pg", "Bob pg"]);
    assert_eq!(upgrade_connection(&mut Either::Sqlite(sqlite.connect()), &EACH, quick()).unwrap().applied.len(), 3);
    assert_eq!(names(&mut sqlite.connect()), ["Ada lite", "Bob lite"]);
}

#[test]
fn a_step_that_the_connection_or_the_program_can_not_run_is_refused_before_anything_is_applied() {
    let sqlite = Sqlite::new();
    let text = upgrade_connection(&mut sqlite.connect(), &EITHER, quick()).unwrap_err().to_string();
    assert!(text.contains("revision 2 has a step in Rust that takes a ") && text.contains("Either, and"), "{text}");
    let revisions = revision::read("tests/upgrade/steps".as_ref()).unwrap();
    let set = RevisionSet::new(Dialect::Sqlite, &revisions);
    let mut connection = sqlite.connect();
    let text = upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap_err().to_string();
    assert!(text.contains("which this program does not hold") && text.contains("cli::Migrate"), "{text}");
    assert_eq!(upgrade::applied(&mut connection).unwrap(), None);
    let way = upgrade::Way::From { rows: Vec::new(), to: Selector::heads() };
    let text = upgrade::upgrade_script(&set, &way, &quick()).unwrap_err().to_string();
    assert!(text.contains("which a script can't run"), "{text}");
}

#[test]
fn the_way_down_runs_the_step_before_the_sql() {
    let (pg, sqlite) = (Pg::new("down"), Sqlite::new());
    for mut connection in [Either::Postgres(pg.connect()), Either::Sqlite(sqlite.connect())] {
        upgrade_connection(&mut connection, &EITHER, quick()).unwrap();
        RAN.take();
        let dialect = connection.as_sql_connection().dialect();
        let revisions = revision::read("tests/upgrade/steps".as_ref()).unwrap();
        let set = RevisionSet::new(dialect, &revisions).with_steps(EITHER.steps());
        // As the binary `migrate` has it.
        let connection = &mut upgrade::step::typed(Box::new(connection));
        let options = quick();
        let ids = ["3", "2"].map(str::to_owned);
        Runner::new(connection, &|| None, &set, &options).downgrade(&ids, &mut |_| ()).unwrap();
        assert_eq!(RAN.take(), ["no nicks"]);
        let left = connection.rows("SELECT name FROM people ORDER BY id").unwrap();
        assert_eq!(left.into_iter().flatten().flatten().collect::<Vec<_>>(), ["Ada", "Cy"]);
    }
}
