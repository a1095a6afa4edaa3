//! What was done is written down, and files that changed since are told.

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
