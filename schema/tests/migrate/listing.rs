//! `history`, `heads`, `branches`, `show`.

use crate::support::{chain, fork};

pub(crate) fn a_chain() {
    let mut session = chain();
    session.migrate(&["history"]);
    session.migrate(&["upgrade", "2"]);
    session.migrate(&["history"]);
    session.migrate(&["history", "-r", "2:"]);
    session.migrate(&["history", "-r", "-1:current"]);
    session.migrate(&["history", "--range=3:1"]);
    session.migrate(&["history", "-r", "3"]);
    session.migrate(&["history", "-v", "-r", ":1"]);
    session.migrate(&["heads"]);
    session.migrate(&["branches"]);
    session.migrate(&["show", "2"]);
    session.migrate(&["show", "4"]);
    session.migrate(&["show", "base"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn branches() {
    let mut session = fork();
    session.revision("4_merge", "SELECT 1;", "SELECT 1;", Some("down_revision = [\"2\", \"3\"]"));
    session.revision("5_alone", "SELECT 1;", "", Some("down_revision = []\ndepends_on = [\"left\"]"));
    session.migrate(&["upgrade", "left"]);
    session.migrate(&["history"]);
    session.migrate(&["history", "--graph"]);
    session.migrate(&["history", "--graph", "-r", "2:"]);
    session.migrate(&["history", "-r", "2:5"]);
    session.migrate(&["heads", "-v"]);
    session.migrate(&["branches"]);
    session.migrate(&["show", "heads"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn machines() {
    let mut session = chain();
    session.migrate(&["upgrade", "1"]);
    session.migrate(&["current", "--json"]);
    session.migrate(&["history", "--json", "-r", "2:2"]);
    session.migrate(&["show", "9", "--json"]);
    session.migrate(&["history", "--json", "--graph"]);
    insta::assert_snapshot!(session.text);
}

pub(crate) fn help() {
    let mut session = chain();
    session.migrate(&["--help"]);
    session.migrate(&["downgrade", "--help"]);
    session.migrate(&["downgrad", "-1"]);
    insta::assert_snapshot!(session.text);
}
