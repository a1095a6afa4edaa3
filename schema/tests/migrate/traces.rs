//! `trace`.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use crate::postgres::Database;
use crate::support::Session;

fn session(database: &Database) -> Session {
    let mut session = Session::new("postgres", Some(&database.url()));
    session.hide(&database.url(), "[database]");
    let up = "CREATE TABLE users (id int PRIMARY KEY);\nCREATE TABLE posts (id int PRIMARY KEY, of int);\n\
              INSERT INTO users SELECT generate_series(1, 100000);\n";
    session.revision("1_tables", up, "DROP TABLE posts, users;", Some("down_revision = []"));
    let up = "ALTER TABLE users ADD COLUMN name text;\n\n-- Checked under the lock of the statement before.\n\
              ALTER TABLE users ADD CHECK (id > 0);\nALTER TABLE users ALTER COLUMN id TYPE bigint;\n\
              CREATE TABLE own (id int REFERENCES users);\nCREATE INDEX ON own (id);\nALTER TABLE posts ADD FOREIGN KEY (of) REFERENCES users;\n";
    session.revision("2_checks", up, "SELECT 1;", Some("down_revision = [\"1\"]"));
    session.revision("3_index", "CREATE INDEX CONCURRENTLY i ON users (id);\n", "SELECT 1;", None);
    let metadata = "run_in_transaction = false\ndown_revision = [\"1\"]\n";
    std::fs::write(session.root().join("migrations/3_index/metadata.toml"), metadata).unwrap();
    session.revision(
        "4_fails",
        "SELECT 1;\nALTER TABLE nothing ADD a int;\n",
        "SELECT 1;",
        Some("down_revision = [\"1\"]"),
    );
    let metadata = "run_in_transaction = false\ndown_revision = [\"1\"]\n";
    let up = "INSERT INTO posts VALUES (1), (2);\nCREATE UNIQUE INDEX CONCURRENTLY u ON posts ((id / 3));\n";
    session.revision("5_twice", up, "SELECT 1;", None);
    std::fs::write(session.root().join("migrations/5_twice/metadata.toml"), metadata).unwrap();
    let up = "-- For good.\nINSERT INTO posts VALUES (9);\nCOMMIT;\nSELECT 1;\n";
    session.revision("6_commits", up, "SELECT 1;", Some("down_revision = [\"1\"]"));
    // Waits for nothing and takes no time.
    session.revision("7_quick", "SELECT 1;\n", "SELECT 1;", None);
    std::fs::write(session.root().join("migrations/7_quick/metadata.toml"), metadata).unwrap();
    session
}

/// The output without its times.
fn typed(session: &Session, words: &[&str], text: &mut String) {
    let output = session.output(words);
    let _ = writeln!(text, "$ migrate {}", words.join(" "));
    for line in [&output.stdout, &output.stderr].iter().flat_map(|bytes| std::str::from_utf8(bytes).unwrap().lines()) {
        let line = line.split_once(" ms").map_or_else(
            || line.to_owned(),
            |(before, after)| {
                let kept = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches(' ');
                format!("{kept} [time] ms{after}")
            },
        );
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "exit code {}\n", output.status.code().unwrap());
}

pub(crate) fn in_a_transaction() {
    let database = Database::new("trace");
    let session = session(&database);
    let mut text = String::new();
    typed(&session, &["trace", "2"], &mut text);
    assert!(session.output(&["upgrade", "1"]).status.success());
    typed(&session, &["trace", "2", "--roll-back"], &mut text);
    typed(&session, &["trace", "3", "--roll-back"], &mut text);
    typed(&session, &["trace", "4"], &mut text);
    typed(&session, &["trace", "5"], &mut text);
    typed(&session, &["trace", "6", "--roll-back"], &mut text);
    typed(&session, &["trace", "7"], &mut text);
    typed(&session, &["trace", "2", "--database-url", "sqlite.db"], &mut text);
    insta::assert_snapshot!(text);
    // Nothing of it stayed.
    let mut connection = PgConnection::establish(&database.url()).unwrap();
    connection.batch_execute("ALTER TABLE users ADD COLUMN name text; INSERT INTO posts VALUES (9)").unwrap();

    let json = session.output(&["trace", "2", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let first = &json[0]["statements"][0];
    assert_eq!(first["locks"][0]["mode"], "ACCESS EXCLUSIVE");
    let held = |at: usize| json[0]["statements"][at]["locks"][0]["held_ms"].as_f64().unwrap();
    assert!(held(0) >= first["took_ms"].as_f64().unwrap());
    assert_eq!(json[0]["statements"][1]["scanned"][0], "users");
    assert_eq!(json[0]["statements"][2]["rewritten"][0], "users");
}

/// How much of such a statement is seen is a matter of time: it takes long enough to be seen at all.
pub(crate) fn beside_one() {
    let database = Database::new("trace_beside");
    let session = session(&database);
    let json = session.output(&["trace", "3", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json[0]["in_transaction"], false);
    let statement = &json[0]["statements"][0];
    let lock = statement["locks"].as_array().unwrap().iter().find(|lock| lock["relation"] == "users").unwrap();
    assert_eq!(lock["mode"], "SHARE UPDATE EXCLUSIVE", "{json}");
    assert_eq!(statement["scanned"], serde_json::Value::Null);
}
