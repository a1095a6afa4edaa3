//! `--sql`.

use crate::support::chain;

pub(crate) fn texts() {
    let mut session = chain();
    session.migrate(&["upgrade", "1:2", "--sql"]);
    session.migrate(&["downgrade", "2:base", "--sql"]);
    session.migrate(&["stamp", "1:3", "--sql"]);
    session.migrate(&["downgrade", "1", "--sql", "--database-url", ""]);
    session.migrate(&["upgrade", "3:1", "--sql"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn sqlite3_runs_them() {
    let mut session = chain();
    let rebuild =
        "PRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE n (id INTEGER);\nCOMMIT;\nPRAGMA foreign_keys = ON; -- end";
    session.revision("4_own", rebuild, "SELECT 1 -- no semicolon", None);
    std::fs::write(session.root().join("migrations/4_own/metadata.toml"), "run_in_transaction = false\n").unwrap();
    for words in [&["upgrade", ":", "--sql"][..], &["downgrade", "head:1", "--sql"], &["stamp", "1:3", "--sql"]] {
        let script = session.output(words).stdout;
        session.note(&words.join(" "));
        session.pipe("sqlite3", &["app.db"], &script);
        session.migrate(&["current"]);
    }
    session.migrate(&["history", "-v"]);
    std::fs::write(session.root().join("migrations/2_names/up.sql"), "ALTER TABLE users ADD COLUMN n TEXT;").unwrap();
    session.note("2_names/up.sql was edited");
    session.migrate(&["upgrade"]);
    insta::assert_snapshot!(session.text);
}
