//! What was done is written down, and files that changed since are told.

use std::path::Path;

use diesel::{Connection as _, SqliteConnection};
use diesel_schema::config::DatabaseUrl;
use diesel_schema::connection::SqlConnection as _;
use diesel_schema::upgrade::BeforeUpgrade;

use crate::support::{Session, chain};

pub(crate) fn changed_files() {
    let mut session = chain();
    session.migrate(&["upgrade", "2"]);
    session.migrate(&["downgrade", "--yes", "1"]);
    session.migrate(&["stamp", "2"]);
    session.migrate(&["stamp", "1"]);
    session.migrate(&["history", "-v"]);
    let file = session.root().join("migrations/1_users/up.sql");
    std::fs::write(&file, "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL);  \r\n\r\n").unwrap();
    session.note("line endings and blanks don't count");
    session.migrate(&["repair"]);
    std::fs::write(&file, "CREATE TABLE users (id BIGINT PRIMARY KEY NOT NULL);\n").unwrap();
    session.note("1_users/up.sql was edited");
    session.migrate(&["upgrade"]);
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["repair", "3"]);
    session.migrate(&["--json", "repair", "1"]);
    session.migrate(&["repair"]);
    session.migrate(&["upgrade", "--lock-timeout", "1.5"]);
    session.migrate(&["history", "-v", "-r", ":1"]);
    let output = session.output(&["--json", "history", "-v", "-r", ":1"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let events = json[0]["events"].as_array().unwrap();
    assert_eq!(events.iter().map(|event| &event["direction"]).collect::<Vec<_>>(), ["up", "repair"]);
    insta::assert_snapshot!("changed_files", session.text);
}

pub(crate) fn timeouts() {
    let mut session = Session::new("sqlite", None);
    session.revision("1_a", "CREATE TABLE a (id int);", "DROP TABLE a;", None);
    session.migrate(&["upgrade", "--lock-timeout", "soon"]);
    session.migrate(&[
        "--database-url",
        "postgres://localhost/none",
        "upgrade",
        "--sql",
        ":1",
        "--statement-timeout",
        "60",
    ]);
    session.migrate(&["--database-url", "postgres://localhost/none", "upgrade", "--sql", ":1", "--lock-timeout", "0"]);
    insta::assert_snapshot!("timeouts", session.text);
}

pub(crate) fn backups() {
    let mut session = chain();
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["upgrade", "2", "--backup", "kept"]);
    session.migrate(&["upgrade", "2", "--backup", "kept"]);
    session.migrate(&["upgrade", "--backup", "migrations/1_users/up.sql"]);
    session.migrate(&["current"]);
    session.migrate(&["upgrade", "--sql", "--backup", "kept"]);
    let kept: Vec<_> = std::fs::read_dir(session.root().join("kept")).unwrap().map(|it| it.unwrap().path()).collect();
    let [copy] = kept.as_slice() else { panic!("one copy, of before the only revision: {kept:?}") };
    assert!(copy.file_name().unwrap().to_str().unwrap().starts_with("before-2-"), "{copy:?}");
    let mut connection = SqliteConnection::establish(copy.to_str().unwrap()).unwrap();
    let columns = connection.rows("SELECT name FROM pragma_table_info('users')").unwrap();
    assert_eq!(columns, [[Some("id".to_owned())]]);
    insta::assert_snapshot!("backups", session.text);
}

/// What an application would register: it tells, and may refuse.
pub(crate) fn hook(url: &DatabaseUrl) -> BeforeUpgrade {
    let target = url.target.clone();
    BeforeUpgrade::call(move |pending| {
        eprintln!("the application's hook, for {target}: {}", pending.revisions.join(", "));
        if Path::new("closed").exists() { Err("the shop is closed".into()) } else { Ok(()) }
    })
}

pub(crate) fn the_applications_hook() {
    let mut session = chain().of("hook");
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["downgrade", "base", "--yes"]);
    session.migrate(&["upgrade", "--sql", "1:2"]);
    session.migrate(&["--json", "--database-url", "sqlite://other.db", "upgrade", "1"]);
    std::fs::write(session.root().join("closed"), "").unwrap();
    session.migrate(&["upgrade", "--backup", "kept"]);
    session.migrate(&["current"]);
    assert_eq!(std::fs::read_dir(session.root().join("kept")).unwrap().count(), 1);
    insta::assert_snapshot!("the_applications_hook", session.text);
}
