//! `--database`.

use crate::support::Session;

/// Two SQLite files, each with a folder of its own.
fn two() -> Session {
    let session = Session::new("sqlite", None);
    let manifest = "[workspace]\n\
        [workspace.metadata.diesel-schema.databases.main]\nurl = \"main.db\"\n\
        [workspace.metadata.diesel-schema.databases.logs]\nurl-env = \"LOGS_URL\"\nmigrations = \"log_migrations\"\n";
    std::fs::write(session.root().join("Cargo.toml"), manifest).unwrap();
    std::fs::write(session.root().join(".env"), "LOGS_URL=sqlite://logs.db\n").unwrap();
    session.revision("1_users", "CREATE TABLE users (id INTEGER);", "DROP TABLE users;", None);
    session.revision("../log_migrations/5_lines", "CREATE TABLE lines (id INTEGER);", "DROP TABLE lines;", None);
    session
}

pub(crate) fn each_and_all() {
    let mut session = two();
    session.migrate(&["upgrade"]);
    session.migrate(&["upgrade", "--database", "logs"]);
    session.migrate(&["--database", "all", "upgrade"]);
    session.migrate(&["current", "--database", "main", "--database", "logs", "--database", "main"]);
    session.migrate(&["history", "--database", "all"]);
    session.migrate(&["current", "--database", "all", "--json"]);
    session.migrate(&["stamp", "base", "--database", "logs", "--json"]);
    session.migrate(&["current", "--database", "all", "--check-heads"]);
    session.migrate(&["downgrade", "base", "--yes", "--database", "all"]);
    session.migrate(&["upgrade", ":", "--sql", "--database", "all"]);
    session.migrate(&["diff", "--from", "revisions", "--to", "revisions", "--json", "--database", "all"]);
    session.migrate(&["check", "--database", "all"]);
    session.migrate(&["prove", "--database", "all"]);
    insta::assert_snapshot!(session.text);
}

/// What goes wrong on one stops what would change the next one, and nothing else.
pub(crate) fn one_that_fails() {
    let mut session = two();
    session.revision("../log_migrations/6_bad", "CREATE TABLE lines (id INTEGER);", "SELECT 1;", None);
    session.migrate(&["upgrade", "--database", "all"]);
    session.migrate(&["show", "6", "--database", "all", "--json"]);
    session.migrate(&["heads", "--database", "all"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn mistakes() {
    let mut session = two();
    session.migrate(&["current", "--database", "log"]);
    session.migrate(&["current", "--database", "logs", "--database-url", "x.db"]);
    std::fs::write(session.root().join(".env"), "LOGS_URL=\n").unwrap();
    session.migrate(&["current", "--database", "all"]);
    std::fs::write(session.root().join(".env"), "LOGS_URL=oracle://u:secret@h\n").unwrap();
    session.migrate(&["current", "--database", "logs"]);
    let manifest = "[workspace]\n[workspace.metadata.diesel-schema.databases.main]\nmigrations = \"m\"\n";
    std::fs::write(session.root().join("Cargo.toml"), manifest).unwrap();
    session.migrate(&["current", "--database", "main"]);
    std::fs::write(session.root().join("Cargo.toml"), manifest.replace("migrations", "folder")).unwrap();
    session.migrate(&["current", "--database", "main"]);
    std::fs::write(session.root().join("Cargo.toml"), "[workspace]\n").unwrap();
    session.migrate(&["current", "--database", "main"]);
    insta::assert_snapshot!(session.text);
}
