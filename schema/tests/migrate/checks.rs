//! `check` and its exit codes.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::support::Session;

pub(crate) fn each_difference() {
    let mut session = Session::new("sqlite", Some("app.db"));
    session.migrate(&["check"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    let path = session.root().join("app.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    session.migrate(&["revision", "add users"]);
    session.migrate(&["check"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["check"]);
    connection.batch_execute("ALTER TABLE users ADD COLUMN extra TEXT").unwrap();
    session.note("the live users have a column extra");
    session.migrate(&["check"]);
    let lock = session.root().join("migrations/schema.lock");
    let text = std::fs::read_to_string(&lock).unwrap();
    std::fs::write(&lock, text.replace("users.name type=Text null", "users.name type=Varchar")).unwrap();
    session.note("the lock says otherwise");
    session.migrate(&["check"]);
    session.migrate(&["check", "--json"]);
    insta::assert_snapshot!(session.text);
}
