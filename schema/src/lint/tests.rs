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
fn tables_of_one_name_in_two_namespaces_are_told_apart() {
    let mut known = Catalog::default();
    known.take_script(
        "create table a.t (x int4, constraint k unique (x)); create table b.t (y int4); create index i on b.t (y);
         alter table a.t set schema public; alter table b.t rename to u; alter table t set schema b;
         create table a.t (z int4); drop index a.i;",
    );
    let columns = |table: &str| known.tables[table].columns.keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(["a.t", "b.t", "b.u"].map(columns), ["z", "x", "y"]);
    let indexes: Vec<String> = known.indexes.iter().map(|(name, it)| format!("{name} on {}", it.table)).collect();
    assert_eq!(indexes, ["b.i on b.u", "b.k on b.t"]);
}

#[test]
fn a_check_that_was_validated_makes_not_null_cheap() {
    let proven = "alter table t add constraint c check (a is not null) not valid; alter table t validate constraint c;
                  alter table t alter column a set not null;";
    assert_eq!(names(proven), Vec::<&str>::new());
    assert_eq!(names("alter table t alter column a set not null;"), ["adding-not-nullable-field"]);
}

/// As PostgreSQL 18 lets one be named, left unproven and dropped.
#[test]
fn a_not_null_is_a_constraint_with_a_name() {
    let found = |table: &str, then: &str| {
        let mut known = Catalog::default();
        known.take_script(&format!("create table t (id int4, a int4, {table}); {then}"));
        let set = "alter table t alter column a set not null;";
        let found = super::lint(set, &Settings::default(), &mut known);
        found.into_iter().filter(|it| it.level == Level::Error).map(|it| it.rule).collect::<Vec<_>>()
    };
    let scans = ["adding-not-nullable-field"];
    assert_eq!(found("constraint there not null a", ""), [""; 0]);
    assert_eq!(found("constraint there not null id", ""), scans);
    assert_eq!(found("constraint there not null a", "alter table t drop constraint there;"), scans);
    let unproven = "alter table t add constraint there not null a not valid;";
    assert_eq!(found("check (true)", unproven), scans);
    assert_eq!(found("check (true)", &format!("{unproven} alter table t validate constraint there;")), [""; 0]);
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
fn one_comment_allows_several_rules_of_a_statement_or_of_the_file() {
    let both = "begin; create index i on t (a); drop table u; commit;";
    assert_eq!(names(both), ["require-concurrent-index-creation", "ban-drop-table"]);
    let text = |comment: &str| format!("{comment}\n{both}");
    assert_eq!(names(&text("-- lint: allow(require-concurrent-index-creation) because x")).len(), 2);
    let of_file = "-- lint: allow-file(require-concurrent-index-creation, ban-drop-table) because x";
    assert_eq!(names(&text(of_file)), Vec::<&str>::new());
    // One for the file does not make idle what another one says of a statement.
    let twice =
        "-- lint: allow-file(ban-drop-table) because x\n\n-- lint: allow(ban-drop-table) because y\ndrop table t;";
    assert_eq!(lint(twice, &Settings::default()), []);
    let of_statement = "begin;\n-- lint: allow(require-concurrent-index-creation, ban-drop-table) because x\ncreate index i on t (a); \
        drop table u; commit;";
    assert_eq!(names(of_statement), ["ban-drop-table"]);
    for open in ["-- lint: allow(ban-drop-table because x", "-- lint: allow ban-drop-table because x"] {
        assert_eq!(names(&format!("{open}\ndrop table t;")), ["suppression-without-reason", "ban-drop-table"]);
    }
}

#[test]
fn a_comment_is_not_idle_where_only_a_server_makes_it_so() {
    let mut known = Catalog::empty(1000);
    known.take_script("create table t (a bigint);");
    known.tables.get_mut("t").unwrap().rows = Some(10);
    let text = "-- lint: allow(require-concurrent-index-creation) because t is small\ncreate index i on t (a);";
    assert_eq!(super::lint(text, &Settings::default(), &mut known), []);
    let idle = "-- lint: allow(ban-drop-table) because t is small\nselect 1;";
    let found = super::lint(idle, &Settings::default(), &mut known);
    assert_eq!(found.iter().map(|it| it.rule).collect::<Vec<_>>(), ["unused-suppression"]);
}

#[test]
fn what_a_step_back_drops_is_meant() {
    let settings = Settings { going_back: true, ..Settings::default() };
    let found = lint("drop table t; drop index i;", &settings);
    assert_eq!(found.iter().map(|it| it.rule).collect::<Vec<_>>(), ["require-concurrent-index-deletion"]);
}

#[test]
fn what_can_not_be_read_is_one_sentence_a_statement() {
    let said = |text: &str| -> Vec<String> {
        let found = lint(text, &Settings::default()).into_iter().filter(|it| it.rule == "syntax-error");
        found.map(|it| format!("{}:{} {}", it.line, it.column, it.danger)).collect()
    };
    assert_eq!(said(""), Vec::<String>::new());
    assert_eq!(said("select 1;\r\nselect 2;\r\n"), Vec::<String>::new());
    assert_eq!(said("drop tabel t, u;\nselect 1;").len(), 1);
    assert_eq!(said("\\set x 1\nselect 1;"), ["1:1 `\\set` is a command of psql, which no server knows"]);
    let fed = "1:1 rows behind COPY .. FROM STDIN are psql's to feed: no server reads them here";
    assert_eq!(said("copy t from stdin;\n1\tx'y\n\\.\nselect 1;"), [fed.replace("1:1", "2:1")]);
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
