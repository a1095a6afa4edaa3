//! A binary `migrate` that holds the application's steps in Rust: `Migrate::steps`.

use diesel::prelude::*;
use diesel::{ConnectionResult, SqliteConnection};
use diesel_schema::config::DatabaseUrl;
use diesel_schema::embed_migrations;
use diesel_schema::upgrade::Migrations;

use crate::support::Session;

diesel::table! {
    people {
        id -> Integer,
        name -> Text,
        nick -> Nullable<Text>,
    }
}

fn nicks(connection: &mut SqliteConnection) -> QueryResult<()> {
    let all: Vec<(i32, String)> = people::table.select((people::id, people::name)).load(connection)?;
    for (id, name) in all {
        let nick = people::nick.eq(name.to_uppercase());
        diesel::update(people::table.find(id)).set(nick).execute(connection)?;
    }
    Ok(())
}

fn no_nicks(connection: &mut SqliteConnection) -> QueryResult<()> {
    diesel::update(people::table).set(people::name.eq("was undone")).execute(connection).map(|_| ())
}

fn outside(connection: &mut SqliteConnection) -> QueryResult<()> {
    diesel::insert_into(people::table).values((people::id.eq(3), people::name.eq("Cy"))).execute(connection).map(|_| ())
}

pub(crate) static MIGRATIONS: Migrations = embed_migrations!("tests/upgrade/steps", steps: {
    "2" => { up: nicks, down: no_nicks },
    "3" => outside,
});

pub(crate) fn connect(url: &DatabaseUrl) -> ConnectionResult<SqliteConnection> {
    SqliteConnection::establish(&url.target)
}

/// The folder is the one that the steps were registered for.
fn session(schema: &'static str) -> Session {
    let session = Session::new(schema, Some("app.db"));
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/upgrade/steps");
    for folder in std::fs::read_dir(from).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()) {
        let to = session.root().join("migrations").join(folder.file_name().unwrap());
        std::fs::create_dir_all(&to).unwrap();
        for file in std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap()) {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    session
}

pub(crate) fn there_and_back() {
    let mut session = session("steps");
    let names = |session: &Session| -> Vec<String> {
        let path = session.root().join("app.db").display().to_string();
        let mut connection = SqliteConnection::establish(&path).unwrap();
        people::table.select(people::name).order(people::id).load(&mut connection).unwrap()
    };
    session.migrate(&["upgrade"]);
    assert_eq!(names(&session), ["Ada", "Bob", "Cy"]);
    session.migrate(&["downgrade", "1", "--yes"]);
    assert_eq!(names(&session), ["was undone", "was undone", "was undone"]);
    session.migrate(&["upgrade", "--sql"]);
    let mut without = self::session("sqlite").after(session.text);
    without.migrate(&["upgrade"]);
    insta::assert_snapshot!(without.text);
}
