use std::process::Command;

use super::super::*;

const BASE: &str = "version = 1\ncomments = false\ndialects = [postgres]\n\
    table a\ncolumn a.id type=Int4\ncolumn a.name type=Text null\nprimary_key a columns=[id]\n\
    table b\ncolumn b.id type=Int4\nprimary_key b columns=[id]\n";

/// `None` on a conflict.
fn merged(ours: &str, theirs: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let base = Lock::parse(BASE).expect("the base parses");
    for (name, text) in [("ours", ours), ("base", BASE), ("theirs", theirs)] {
        let lock = Lock::parse(text).expect(name);
        lock.write(&folder.path().join(name)).expect("a file");
        assert_eq!(Lock::read(&folder.path().join(name)).expect("it reads"), lock);
    }
    assert!(!base.to_string().is_empty());
    let out =
        Command::new("git").current_dir(folder.path()).args(["merge-file", "-p", "ours", "base", "theirs"]).output();
    let out = out.expect("git is needed for this test; install it");
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    if out.status.success() {
        return Some(text);
    }
    assert!(matches!(Lock::parse(&text), Err(LockError::MergeConflict { .. })));
    None
}

#[test]
fn branches_that_touch_different_tables_merge_by_themselves() {
    let ours = BASE.replace("a.name type=Text null", "a.name type=Text")
        + "revision postgres 20260101000001 checksum=aa\nindex a keys=[name]\n";
    let theirs = BASE.to_owned() + "column b.z type=Text\nrevision postgres 20260101000002 checksum=bb\n";
    let text = merged(&ours, &theirs).expect("no conflict");
    let lock = Lock::parse(&text).expect("the merged file parses");
    assert_eq!(lock.revisions[&Dialect::Postgres].len(), 2);
    assert_eq!(lock.declared.models[0].indexes.len(), 1);
    assert_eq!(lock.declared.models[1].columns.len(), 2);
}

#[test]
fn branches_that_touch_the_same_column_conflict() {
    let ours = BASE.replace("a.name type=Text null", "a.name type=Text");
    let theirs = BASE.replace("a.name type=Text null", "a.name type=Varchar(9) null");
    assert_eq!(merged(&ours, &theirs), None);
}

#[test]
fn a_bad_line_is_named_by_its_number_and_text() {
    let said = |text: &str| Lock::parse(text).expect_err("it is wrong").to_string();
    let error = said(&BASE.replace("type=Int4", "typ=Int4"));
    assert!(error.contains("line 5: `typ=` is not known there: `column a.id typ=Int4`"), "{error}");
    assert!(said("version = 2\n").contains("of version 2"));
    assert!(said("comments = true\n").contains("no `version = 1`"));
    assert!(said("version = 1\ntable a\n").contains("no `primary_key` line for table `a`"));
    assert!(said(&format!("{BASE}table a\n")).contains("a second time"));
    assert!(said("version = 1\ncolumn a.id type=Int4\n").contains("no line `table a`"));
}
