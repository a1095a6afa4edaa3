//! Every refusal, as a user reads it.

use std::fmt::Write as _;

use diesel_schema_core::revision::graph::{Between, Range, Selector};

use super::common::{at, graph, revs};

#[test]
fn every_refusal_names_the_candidates_and_what_to_type() {
    let revisions = revs(
        "20250101 #main, 20250102 <- 20250101, 20250103 <- 20250102 #left, 20250104 <- 20250102 #right, \
         20250105 <- 20250103 20250104, 20250201 #lib, 20250202 <- 20250105 + 20250201",
    );
    let graph = graph(&revisions);
    let mut text = String::new();
    let plans = [
        ("upgrade", "", "head"),
        ("upgrade", "", "2025"),
        ("upgrade", "", "20250150"),
        ("upgrade", "", "rigth"),
        ("upgrade", "", "qqqqqqq"),
        ("upgrade", "", "rigth@head"),
        ("upgrade", "", "left@20250104"),
        ("upgrade", "", "+1"),
        ("upgrade", "20250103 20250104", "+1"),
        ("upgrade", "20250103 20250104", "current+1"),
        ("upgrade", "20250102", "+1"),
        ("upgrade", "20250102", "+9"),
        ("upgrade", "20250105", "+9"),
        ("upgrade", "20250102", "-1"),
        ("upgrade", "", "20250105-1"),
        ("upgrade", "", "20250201-3"),
        ("upgrade", "20250102 20260101 20260102", "heads"),
        ("downgrade", "20250103 20250104", "-1"),
        ("downgrade", "20250103", "main@-1"),
        ("downgrade", "20250103", "+1"),
        ("downgrade", "", "-1"),
        ("downgrade", "20250103", "lib@-1"),
        ("downgrade", "20250103", "20250105"),
        ("downgrade", "", "20250105"),
        ("downgrade", "20250202", "20250201"),
        ("stamp", "", "head"),
    ];
    for (command, rows, typed) in plans {
        let result = graph.applied(rows.split_whitespace()).and_then(|applied| match command {
            "upgrade" => applied.upgrade(&[at(typed)]).map(|plan| plan.ids()),
            "downgrade" => applied.downgrade(&at(typed)).map(|plan| plan.ids()),
            _ => applied.stamp(&[at(typed)]).map(|stamp| stamp.heads),
        });
        writeln!(text, "{rows}\n$ {command} {typed}\n{}\n", result.unwrap_err()).unwrap();
    }
    for typed in ["", "@head", "lib@", "a@b@c", "x+", "+99999999999", "a b", "a:b"] {
        writeln!(text, "$ upgrade {typed:?}\n{}\n", typed.parse::<Selector>().unwrap_err()).unwrap();
    }
    writeln!(text, "$ history -r a\n{}\n", "a".parse::<Range>().unwrap_err()).unwrap();
    for typed in ["20250105:20250101", "20250103:20250104", "-1:+1", "current:", "20250101:base"] {
        let error = graph.range(&typed.parse().unwrap(), None).unwrap_err();
        writeln!(text, "$ history -r {typed}\n{error}\n").unwrap();
    }
    let overlap = graph.between(&[], &[at("20250105"), at("20250101")], None, Between::default());
    writeln!(text, "20250101 and 20250105 as one end\n{}", overlap.unwrap_err()).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn a_long_list_of_candidates_is_cut() {
    let revisions = revs(&(10..60).map(|at| format!("r{at}")).collect::<Vec<_>>().join(","));
    let graph = graph(&revisions);
    let error = graph.resolve(&at("r"), None).unwrap_err().to_string();
    let said = "several revisions begin with r: r10, r11, r12, r13, r14, r15, r16, r17, r18, r19 and 40 more; type more of \
                the id";
    assert_eq!(error, said);
}
