//! `diff`.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::postgres::Database;
use crate::support::{Session, chain};

/// Models, lock, revisions and a file, each against another.
pub(crate) fn sources() {
    let mut session = Session::new("sqlite", None);
    session.migrate(&["diff", "--from", "lock", "--to", "models"]);
    session.migrate(&["revision", "add users"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    for (from, to) in [("lock", "models"), ("revisions", "models"), ("app.db", "models"), ("revisions@head", "app.db")]
    {
        session.migrate(&["diff", "--from", from, "--to", to, "--exit-code"]);
    }
    session.migrate(&["diff", "--from", "revisions@base", "--to", "models", "--exit-code"]);
    let mut connection = SqliteConnection::establish(&session.root().join("app.db").display().to_string()).unwrap();
    connection.batch_execute("ALTER TABLE users RENAME COLUMN name TO nick").unwrap();
    session.note("the live column is called nick");
    session.migrate(&["diff", "--from", "app.db", "--to", "models"]);
    session.migrate(&["diff", "--from", "app.db", "--to", "models", "--rename", "users.nick=name"]);
    session.migrate(&["diff", "--from", "lock", "--to", "app.db", "--json", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// Part of a folder that has no lock and no models.
pub(crate) fn revisions() {
    let mut session = chain();
    session.migrate(&["diff", "--from", "revisions@1", "--to", "revisions@head-1"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "revisions@2"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn mistakes() {
    let mut session = chain();
    session.migrate(&["diff", "--from", "lock", "--to", "models"]);
    session.migrate(&["diff", "--from", "revisions@9", "--to", "models", "--exit-code"]);
    session.migrate(&["diff", "--from", "revisions@", "--to", "models"]);
    session.migrate(&["diff", "--from", "modles", "--to", "revisions"]);
    session.migrate(&["diff", "--from", "postgres://u:secret@h/d", "--to", "app.db"]);
    session.migrate(&["diff", "--from", "postgres://u:secret@h/d", "--to", "app.db", "--json", "--exit-code"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "models", "--dialect", "postgres"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "models", "--dialect", "oracle"]);
    session.migrate(&["diff", "--from", "models", "--to", "mysql://h/d", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// What `psql` runs makes the one database the other, in both directions.
pub(crate) fn two_databases() {
    let (here, there) = (Database::new("here"), Database::new("there"));
    let (from, to) = (here.url(), there.url());
    let mut session = Session::new("sqlite", None);
    session.hide(&from, "[here]");
    session.hide(&to, "[there]");
    let mut connection = PgConnection::establish(&from).unwrap();
    let old = "CREATE TYPE mood AS ENUM ('good');
        CREATE TABLE users (id int PRIMARY KEY, old text, mood mood, CHECK (old IN ('a', 'b')));
        CREATE VIEW seen AS SELECT id FROM users;
        CREATE DOMAIN short AS text CHECK (length(VALUE) < 3)";
    connection.batch_execute(old).unwrap();
    let mut connection = PgConnection::establish(&to).unwrap();
    let new = "CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE users (id int PRIMARY KEY, mood mood DEFAULT 'bad', CHECK (id > 0));
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE VIEW seen AS SELECT id, one() FROM users";
    connection.batch_execute(new).unwrap();
    for (from, to) in [(&from, &to), (&to, &from)] {
        session.migrate(&["diff", "--from", from, "--to", to]);
    }
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    session.migrate(&["diff", "--from", &from, "--to", "models", "--exit-code"]);
    insta::assert_snapshot!(session.text);
}

/// What a function's text names is there before something runs the function; two that name each other are made all the
/// same.
pub(crate) fn functions_that_call() {
    let (here, there) = (Database::new("calls_here"), Database::new("calls_there"));
    let (from, to) = (here.url(), there.url());
    let mut session = Session::new("sqlite", None);
    session.hide(&from, "[here]");
    session.hide(&to, "[there]");
    let new = "CREATE TABLE notes (id int PRIMARY KEY, title text);
        CREATE FUNCTION z_inner(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
        CREATE FUNCTION a_outer(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT z_inner($1)';
        CREATE INDEX notes_outer ON notes (a_outer(title));
        CREATE FUNCTION b_first(n notes) RETURNS SETOF notes LANGUAGE sql AS 'SELECT * FROM notes';
        CREATE FUNCTION even(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 = 0 OR odd($1 - 1); END';
        CREATE FUNCTION odd(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 <> 0 AND even($1 - 1); END';
        CREATE MATERIALIZED VIEW a_seen AS SELECT b_first(notes) FROM notes";
    PgConnection::establish(&to).unwrap().batch_execute(new).unwrap();
    let script = session.output(&["diff", "--from", &from, "--to", &to]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &from], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    let mut connection = PgConnection::establish(&from).unwrap();
    connection.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    let script = session.output(&["diff", "--from", &to, "--to", &from]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", &to], &script);
    session.migrate(&["diff", "--from", &from, "--to", &to, "--exit-code"]);
    insta::assert_snapshot!(session.text);
}
