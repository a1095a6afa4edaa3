//! `revision` and `merge`.

use crate::support::{Session, chain, fork};

pub(crate) fn empty() {
    let mut session = chain();
    session.migrate(&["revision", "--empty", "Move names", "--rev-id", "a4"]);
    session.migrate(&["show", "head"]);
    session.migrate(&["revision", "--empty", "and more"]);
    session.migrate(&["upgrade", "--json", "a4"]);
    session.migrate(&["revision", "--empty", "machines", "--rev-id", "z", "--json"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn branches() {
    let mut session = fork();
    session.migrate(&["revision", "--empty", "x"]);
    session.migrate(&["revision", "--empty", "on left", "--head", "left@head", "--rev-id", "4"]);
    session.migrate(&["revision", "--empty", "x", "--head", "2"]);
    session.migrate(&["revision", "--empty", "spliced", "--head", "2", "--splice", "--rev-id", "5"]);
    session.migrate(&[
        "revision",
        "--empty",
        "apart",
        "--head",
        "base",
        "--branch-label",
        "apart",
        "--depends-on",
        "right",
        "--depends-on",
        "4",
        "--rev-id",
        "6",
    ]);
    session.migrate(&["merge", "left", "right", "x"]);
    session.migrate(&["merge", "4", "x"]);
    session.migrate(&["merge", "4", "3", "both sides", "--rev-id", "7"]);
    session.migrate(&["merge", "heads", "all", "--rev-id", "8"]);
    session.migrate(&["history"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["show", "6"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn mistakes() {
    let mut session = chain();
    session.migrate(&["revision", "--empty", "a/b"]);
    session.migrate(&["revision", "--empty", "x", "--rev-id", "a_b"]);
    session.migrate(&["revision", "--empty", "x", "--rev-id", "a-b"]);
    session.migrate(&["revision", "--empty", "x", "--rev-id", "2"]);
    session.migrate(&["revision", "--empty", "x", "--branch-label", "head"]);
    session.migrate(&["revision", "--empty", "x", "--branch-label", "3"]);
    session.migrate(&["revision", "--empty", "x", "--depends-on", "nothing"]);
    session.migrate(&["revision", "x", "--splice"]);
    session.migrate(&["merge", "heads", "x"]);
    session.migrate(&["merge", "x"]);
    let mut names: Vec<_> = std::fs::read_dir(session.root().join("migrations")).unwrap().collect();
    assert_eq!(names.drain(..).count(), 3);
    insta::assert_snapshot!(session.text);
}

/// Both dialects get the same revision, and the lock knows it; without --empty the models decide.
pub(crate) fn both_dialects() {
    let mut session = Session::new("both", None);
    session.migrate(&["revision", "add users"]);
    session.migrate(&["revision", "--empty", "by hand", "--rev-id", "zz"]);
    session.migrate(&["check"]);
    session.migrate(&["revision", "nothing", "--json"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    let lock = std::fs::read_to_string(session.root().join("migrations/schema.lock")).unwrap();
    assert_eq!(lock.lines().filter(|line| line.starts_with("revision ") && line.contains(" zz ")).count(), 2, "{lock}");
    insta::assert_snapshot!(session.text);
}
