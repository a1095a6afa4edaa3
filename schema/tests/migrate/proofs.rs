//! `prove`.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::postgres::Database;
use crate::support::{Session, chain, fork};

pub(crate) fn a_chain() {
    let mut session = chain();
    session.migrate(&["prove", "--database-url", ""]);
    session.migrate(&["upgrade", "2"]);
    session.migrate(&["prove", "2:", "1"]);
    let mut connection = SqliteConnection::establish(&session.root().join("app.db").display().to_string()).unwrap();
    connection.batch_execute("CREATE TABLE extra (id INTEGER)").unwrap();
    session.note("the live schema has a table extra");
    session.migrate(&["prove"]);
    session.migrate(&["prove", "3", "--json"]);
    connection.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9')").unwrap();
    session.note("the database holds 9");
    session.migrate(&["prove", "1"]);
    insta::assert_snapshot!(session.text);
}

/// Each branch stands on its own parents alone, though the other one comes before it.
pub(crate) fn branches() {
    let mut session = fork();
    let up = "CREATE TABLE l (taken INTEGER);";
    session.revision("4_own_l", up, "DROP TABLE l;", Some("down_revision = [\"3\"]"));
    session.revision("5_needs_l", "CREATE INDEX i ON l (taken);", "DROP INDEX i;", Some("down_revision = [\"4\"]"));
    session.migrate(&["prove", "--database-url", ""]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn each_way_to_fail() {
    let mut session = Session::new("sqlite", None);
    let parents = |parents: &str| format!("down_revision = [{parents}]");
    session.revision("1_base", "CREATE TABLE a (id INTEGER);", "DROP TABLE a;", Some(&parents("")));
    for (name, up, down) in [
        ("2_down_leaves", "CREATE TABLE b (id INTEGER); CREATE TABLE c (id INTEGER);", "DROP TABLE b;"),
        ("3_no_down", "CREATE TABLE d (id INTEGER);", ""),
        ("4_bad_up", "CREATE TABLE e (id INTEGER); CREATE TABLE e (id INTEGER);", "DROP TABLE e;"),
        ("5_bad_down", "CREATE TABLE f (id INTEGER);", "DROP TABLE g;"),
        ("6_rows_stay", "CREATE UNIQUE INDEX i ON a (id); INSERT INTO a VALUES (1);", "DROP INDEX i;"),
        ("7_once", "INSERT INTO a VALUES (1); CREATE UNIQUE INDEX j ON a (id);", "DROP INDEX j;"),
    ] {
        session.revision(name, up, down, Some(&parents("\"1\"")));
    }
    session.revision("8_on_bad_up", "SELECT 1;", "SELECT 1;", Some(&parents("\"4\"")));
    session.migrate(&["prove"]);
    session.migrate(&["prove", "8"]);
    session.migrate(&["prove", "2", "--json"]);
    session.migrate(&["prove", "x"]);
    session.migrate(&["prove", "--dialect", "postgres"]);
    insta::assert_snapshot!(session.text);
}

/// Without a server for the one dialect the other one is proven all the same.
pub(crate) fn both_dialects() {
    let mut session = Session::new("both", None);
    session.migrate(&["revision", "add users"]);
    session.migrate(&["prove"]);
    session.migrate(&["prove", "--dialect", "sqlite"]);
    session.migrate(&["prove", "x"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn postgres() {
    let database = Database::new("proof");
    let mut session = database.session();
    let up =
        "CREATE RULE quiet AS ON DELETE TO users DO INSTEAD NOTHING; ALTER TABLE users ADD CHECK (name IN ('a', 'b'));";
    session.revision(
        "4_rule",
        up,
        "ALTER TABLE users DROP CONSTRAINT users_name_check;",
        Some("down_revision = [\"3\"]"),
    );
    session.migrate(&["upgrade"]);
    session.migrate(&["prove"]);
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    connection.batch_execute("ALTER TABLE users ALTER name TYPE varchar(9)").unwrap();
    session.note("the live users.name is a varchar");
    session.migrate(&["prove", "3"]);
    session.migrate(&["prove", "--database-url", ""]);
    insta::assert_snapshot!(session.text);
}
