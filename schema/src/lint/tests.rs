use std::collections::BTreeMap;

use super::{Catalog, Level, Settings, all};

fn lint(text: &str, settings: &Settings) -> Vec<super::Finding> {
    super::lint(text, settings, &mut Catalog::default())
}

fn names(text: &str) -> Vec<&'static str> {
    lint(text, &Settings::default()).into_iter().filter(|it| it.level == Level::Error).map(|it| it.rule).collect()
}

#[test]
fn a_table_of_the_same_transaction_is_empty() {
    assert_eq!(names("begin; create table t (a bigint); create index i on t (a); commit;"), Vec::<&str>::new());
    assert_eq!(names("create index i on t (a);"), ["require-concurrent-index-creation"]);
    assert_eq!(
        names("begin; create index concurrently i on t (a); commit;"),
        ["ban-concurrent-index-creation-in-transaction"]
    );
}

#[test]
fn a_check_that_was_validated_makes_not_null_cheap() {
    let proven = "alter table t add constraint c check (a is not null) not valid; alter table t validate constraint c;
                  alter table t alter column a set not null;";
    assert_eq!(names(proven), Vec::<&str>::new());
    assert_eq!(names("alter table t alter column a set not null;"), ["adding-not-nullable-field"]);
}

#[test]
fn a_suppression_needs_a_reason_a_rule_and_something_to_suppress() {
    assert_eq!(names("-- lint: allow(ban-drop-table) because nobody reads it\ndrop table t;"), Vec::<&str>::new());
    assert_eq!(
        names("-- lint: allow(ban-drop-table)\ndrop table t;"),
        ["suppression-without-reason", "ban-drop-table"]
    );
    assert_eq!(names("-- lint: allow(ban-drop-tabel) because x\nselect 1;"), ["unknown-suppression"]);
    assert_eq!(names("-- lint: allow(ban-drop-table) because x\nselect 1;"), Vec::<&str>::new());
    let unused = lint("-- lint: allow(ban-drop-table) because x\nselect 1;", &Settings::default());
    assert_eq!(unused.iter().map(|it| (it.rule, it.level)).collect::<Vec<_>>(), [("unused-suppression", Level::Warn)]);
}

#[test]
fn levels_are_settings() {
    let settings = |level| Settings { levels: BTreeMap::from([("all".to_owned(), level)]), ..Settings::default() };
    assert!(lint("drop table t;", &settings(Level::Off)).is_empty());
    let found = lint("drop table t;", &settings(Level::Warn));
    assert!(found.iter().any(|it| it.rule == "require-statement-timeout"));
}

#[test]
fn names_are_given_once() {
    let mut names: Vec<&str> = all().iter().map(|it| it.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all().len());
}
