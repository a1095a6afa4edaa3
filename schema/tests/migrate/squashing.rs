//! `squash`, and what databases make of it.

use crate::postgres::Database;
use crate::support::{Session, chain, fork};

/// One that has all of it, one that has some of it, and one that is empty.
pub(crate) fn every_database() {
    let mut session = chain();
    session.revision("4_more", "CREATE TABLE more (id INTEGER);", "DROP TABLE more;", None);
    session.migrate(&["upgrade", "3"]);
    session.migrate(&["upgrade", "1", "--database-url", "some.db"]);
    session.migrate(&["squash", "1:3", "users and names"]);
    session.migrate(&["show", "3"]);
    session.migrate(&["history"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["history", "-r", "3:3"]);
    session.migrate(&["current", "--database-url", "some.db"]);
    session.migrate(&["upgrade", "--database-url", "some.db"]);
    session.migrate(&["history", "--database-url", "some.db"]);
    session.migrate(&["upgrade", "--database-url", "fresh.db"]);
    session.migrate(&["stamp", "heads"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    session.migrate(&["upgrade", "--json"]);
    session.note("again, with what has no row of its own");
    session.migrate(&["squash", ":", "--json"]);
    session.migrate(&["downgrade", "base", "--sql"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    session.migrate(&["current"]);
    insta::assert_snapshot!(session.text);
}

/// Where the database stands is said before anything is applied again.
pub(crate) fn stamped() {
    let mut session = chain();
    session.migrate(&["upgrade"]);
    session.migrate(&["squash", ":"]);
    session.migrate(&["stamp", "heads"]);
    session.revision("4_more", "CREATE TABLE more (id INTEGER);", "DROP TABLE more;", None);
    session.migrate(&["upgrade"]);
    session.migrate(&["repair"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn refusals() {
    let mut session = fork();
    session.revision("4_merge", "SELECT 1;", "SELECT 1;", Some("down_revision = [\"2\", \"3\"]"));
    session.revision("5_alone", "SELECT 1;", "", Some("down_revision = []\ndepends_on = [\"left\"]"));
    session.migrate(&["squash", "1:1"]);
    session.migrate(&["squash", "1:2"]);
    session.migrate(&["squash", "2:4"]);
    session.migrate(&["squash", "1:4"]);
    session.migrate(&["squash", ":"]);
    session.migrate(&["squash", "4:1"]);
    session.revision("6_fails", "SELECT 1;", "DROP TABLE nothing;", Some("down_revision = [\"4\"]"));
    session.migrate(&["squash", "4:6"]);
    session.revision("3_again", "SELECT 1;", "SELECT 1;", Some("down_revision = []\nreplaces = [\"2\"]"));
    std::fs::remove_dir_all(session.root().join("migrations/3_right")).unwrap();
    session.migrate(&["history"]);
    let mut names: Vec<_> = std::fs::read_dir(session.root().join("migrations")).unwrap().collect();
    assert_eq!(names.drain(..).count(), 6);
    insta::assert_snapshot!(session.text);
}

/// Every dialect's folder, and the lock with them.
pub(crate) fn dialects_and_lock() {
    let mut session = Session::new("both", None);
    session.scratch_on(&std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run"));
    session.migrate(&["revision", "--empty", "first", "--rev-id", "1"]);
    session.migrate(&["revision", "Add users", "--rev-id", "2"]);
    session.migrate(&["squash", ":2"]);
    session.migrate(&["check"]);
    session.migrate(&["show", "2"]);
    insta::assert_snapshot!(session.text);
}

/// What can't run in a transaction makes all of it run outside of one.
pub(crate) fn on_postgres() {
    let database = Database::new("squash");
    let mut session = database.session();
    session.migrate(&["upgrade", "--json"]);
    session.migrate(&["squash", "2:3", "names"]);
    session.migrate(&["current"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    session.migrate(&["squash", ":"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["show", "3"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    let script = session.output(&["upgrade", ":", "--sql"]).stdout;
    session.pipe("psql", &["--no-psqlrc", "--quiet", &database.url()], &script);
    session.migrate(&["current"]);
    insta::assert_snapshot!(session.text);
}
