//! `upgrade`, `downgrade`, `stamp`, `current`.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::support::{Session, chain, fork};

pub(crate) fn there_and_back() {
    let mut session = chain();
    session.migrate(&["current"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["current"]);
    session.migrate(&["downgrade", "1"]);
    session.migrate(&["downgrade", "1", "--yes"]);
    session.migrate(&["downgrade", "1", "--yes"]);
    session.migrate(&["current", "--check-heads"]);
    session.migrate(&["upgrade", "--json", "2"]);
    session.migrate(&["--json", "downgrade", "base", "-y"]);
    session.migrate(&["--database-url", "sqlite::memory:", "upgrade"]);
    session.migrate(&["upgrade", "--database-url", "sqlite://other.db", "--migrations", "migrations"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn relative() {
    let mut session = chain();
    session.migrate(&["upgrade", "+2"]);
    session.migrate(&["upgrade", "-1"]);
    session.migrate(&["downgrade", "-1", "--yes"]);
    session.migrate(&["downgrade", "--yes", "-1"]);
    session.migrate(&["downgrade", "-1", "--yes"]);
    session.migrate(&["upgrade", "head-1"]);
    session.migrate(&["upgrade", "left@"]);
    session.migrate(&["upgrade", "haed"]);
    session.migrate(&["upgrade", "1:3"]);
    session.migrate(&["downgrade"]);
    insta::assert_snapshot!(session.text);
}

/// What says that nothing can undo it is not undone, nor what lies below it.
pub(crate) fn one_way() {
    let mut session = chain();
    session.revision("4_one_way", "DELETE FROM users;", "", Some("down_revision = [\"3\"]\nirreversible = true"));
    session.migrate(&["upgrade"]);
    session.migrate(&["downgrade", "3", "--yes"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    session.migrate(&["current"]);
    session.migrate(&["prove", "4"]);
    session.migrate(&["prove"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn branches() {
    let mut session = fork();
    session.migrate(&["upgrade", "head"]);
    session.migrate(&["upgrade", "left@head"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["current"]);
    session.migrate(&["downgrade", "-1"]);
    session.migrate(&["downgrade", "right@-1", "--yes"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn faults() {
    let mut session = chain();
    session.revision("4_broken", "CREATE TABLE t (id INTEGER);\nCREATE NONSENSE x;", "", None);
    session.migrate(&["upgrade"]);
    session.migrate(&["current", "--check-heads"]);
    session.revision("4_broken", "SELECT 1;", "", None);
    session.migrate(&["upgrade"]);
    session.migrate(&["downgrade", "2", "--yes"]);
    session.migrate(&["downgrade", "9", "--yes"]);
    session.migrate(&["current", "--database-url", "file:gone.db"]);
    assert!(!session.root().join("gone.db").exists());
    std::fs::remove_dir_all(session.root().join("migrations/4_broken")).unwrap();
    session.migrate(&["upgrade"]);
    session.migrate(&["downgrade", "base", "--yes", "--json"]);
    let mut session = {
        let text = session.text;
        let mut next = Session::new("sqlite", None);
        next.text = text;
        next
    };
    session.migrate(&["upgrade"]);
    session.migrate(&["upgrade", "--database-url", "postgres://h:port/d"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    std::fs::write(session.root().join(".env"), "DATABASE_URL=of_env.db\n").unwrap();
    session.note(".env names of_env.db");
    session.migrate(&["current"]);
    insta::assert_snapshot!(session.text);
}

/// A table that holds the head alone, as Alembic's does, keeps what the head needs when the head goes.
pub(crate) fn heads_alone() {
    let mut session = chain();
    session.migrate(&["upgrade"]);
    let path = session.root().join("app.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    connection.batch_execute("DELETE FROM __diesel_schema_migrations WHERE version <> '3'").unwrap();
    session.note("only the row of 3 is left");
    session.migrate(&["upgrade"]);
    session.migrate(&["downgrade", "-1", "--yes"]);
    session.migrate(&["current"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn stamps() {
    let mut session = chain();
    session.migrate(&["stamp", "2"]);
    session.migrate(&["stamp", "2"]);
    session.migrate(&["stamp", "head", "--json"]);
    session.migrate(&["stamp", "-1"]);
    session.migrate(&["stamp", "base"]);
    let path = session.root().join("app.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    connection.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('gone'), ('1')").unwrap();
    session.note("the table holds 1, and gone, which no revision has");
    session.migrate(&["current"]);
    session.migrate(&["stamp", "2"]);
    session.migrate(&["history"]);
    session.migrate(&["stamp", "--purge", "2"]);
    session.migrate(&["current", "-v"]);
    insta::assert_snapshot!(session.text);
}
