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

/// Models compared with the live schema, and the revision put where it is said to.
pub(crate) fn onto_a_chosen_parent() {
    let mut session = Session::new("both", None);
    for dialect in ["postgres", "sqlite"] {
        for (name, parents) in [("1_base", ""), ("2_left", "\"1\""), ("3_right", "\"1\"")] {
            let up = format!("CREATE TABLE t{} (id int NOT NULL, PRIMARY KEY (id));", &name[..1]);
            let down = format!("DROP TABLE t{};", &name[..1]);
            let metadata = format!("down_revision = [{parents}]");
            session.revision(&format!("{dialect}/{name}"), &up, &down, Some(&metadata));
        }
    }
    let server = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    session.scratch_on(&server);
    let all = ["--allow-data-loss"];
    session.migrate(&[&["revision", "x"], &all[..]].concat());
    session.migrate(&[&["revision", "x", "--head", "1"], &all[..]].concat());
    session.migrate(&[&["revision", "x", "--head", "2", "--rev-id", "3"], &all[..]].concat());
    session.migrate(&[&["revision", "early", "--head", "2", "--rev-id", "25"], &all[..]].concat());
    let words =
        ["revision", "--head", "2", "--depends-on", "3", "--rev-id", "4", "--branch-label", "users", "Add users"];
    session.migrate(&[&words[..], &all].concat());
    session.migrate(&["history", "-v", "-r", "users:", "--database-url", "app.db"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    session.migrate(&["check", "--database-url", "app.db"]);
    insta::assert_snapshot!(session.text);
}

/// What was edited by hand is taken into the lock: by `edit`, and by the next revision.
pub(crate) fn edited_by_hand() {
    let mut session = Session::new("sqlite", Some("app.db"));
    session.migrate(&["revision", "Add users", "--database-url", "", "--rev-id", "1"]);
    session.migrate(&["revision", "--empty", "By hand", "--rev-id", "2"]);
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["edit", "2"]);
    session.editor("sed -i 's/T 1/T  2/; s/T  2/T+2/'");
    session.migrate(&["edit", "2"]);
    session.migrate(&["check"]);
    session.migrate(&["edit", "2", "--no-editor"]);
    session.migrate(&["edit", "1"]);
    session.migrate(&["edit", "heads@"]);
    session.editor("false");
    session.migrate(&["edit", "2"]);
    let up = session.root().join("migrations/sqlite/2_by_hand/up.sql");
    std::fs::write(&up, "SELECT 3;\n").unwrap();
    session.note("up.sql of 2 is edited");
    session.migrate(&["check"]);
    session.migrate(&["edit", "2", "--no-editor", "--json"]);
    session.migrate(&["check"]);
    std::fs::write(&up, "SELECT 4;\n").unwrap();
    session.note("and again");
    session.migrate(&["revision", "--empty", "next", "--rev-id", "3"]);
    session.migrate(&["check"]);
    insta::assert_snapshot!(session.text);
}
