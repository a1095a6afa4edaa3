//! `--keep-data`, and `purge`.

use crate::support::Session;

/// Dropped, brought back, dropped again, and purged.
pub(crate) fn what_was_dropped() {
    let mut session = Session::new("sqlite", Some("app.db"));
    let (up, down) = (
        "CREATE TABLE users (id INTEGER NOT NULL, name TEXT, bio TEXT, CONSTRAINT users_pkey PRIMARY KEY (id));\n\
         CREATE TABLE notes (id INTEGER PRIMARY KEY NOT NULL, body TEXT);",
        "DROP TABLE notes;\nDROP TABLE users;",
    );
    session.revision("1_users", up, down, None);
    let up = "INSERT INTO users VALUES (1, 'Ada', 'x');\nINSERT INTO notes VALUES (3, 'first'), (5, 'second');";
    session.revision("2_rows", up, "DELETE FROM users;\nDELETE FROM notes;", None);
    session.migrate(&["upgrade"]);
    session.migrate(&["revision", "tidy up", "--rev-id", "3"]);
    session.migrate(&["revision", "tidy up", "--rev-id", "3", "--keep-data"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["check"]);
    session.migrate(&["purge"]);
    session.migrate(&["downgrade", "2"]);
    session.migrate(&["downgrade", "2", "--yes"]);
    session.migrate(&["purge"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["purge", "4"]);
    session.migrate(&["purge", "3", "--yes"]);
    session.note("down restores the shape");
    session.migrate(&["downgrade", "2", "--yes"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["purge", "--yes", "--json"]);
    insta::assert_snapshot!(session.text);
}
