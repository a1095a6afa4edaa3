//! Each form of a selector, parsed and resolved.

use diesel_schema_core::revision::graph::{Point, Range, Selector, SelectorError};

use super::common::{at, graph, revs};

/// Two bases, a branch point, a merge point, a dependency over to the other line.
///
/// ```text
/// a1 ── a2 ─┬─ b1 ── b2 ─┬─ m1
///  #main    │   #left    │
///           └─ c1 ── c2 ─┘      c1 carries #right
/// lib1 ── lib2                  lib1 carries #lib; b2 depends on lib1
/// ```
const GRAPH: &str = "a1 #main, a2 <- a1, b1 <- a2 #left, b2 <- b1 + lib1, c1 <- a2 #right, c2 <- c1, m1 <- b2 c2, lib1 #lib, lib2 <- lib1";

#[test]
fn every_form_names_what_it_should() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let rows = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    // What is applied | what is typed | what it names.
    let table = "
        -      | a2            | a2
        -      | li            | ?several revisions begin with li
        -      | lib           | lib1
        -      | lib2          | lib2
        -      | m             | m1
        -      | main          | a1
        -      | b2_add_things | b2
        -      | head          | ?several heads
        -      | heads         | lib2 m1
        -      | base          | base
        -      | main@head     | m1
        -      | lib@head      | lib2
        -      | lib@heads     | lib2
        -      | main@base     | base
        -      | c1@head       | m1
        -      | left@b        | ?several revisions begin with b
        -      | left@b2       | b2
        -      | left@a        | ?several revisions begin with a
        -      | left@main     | a1
        -      | lib@l         | ?several revisions begin with l
        -      | main@m        | m1
        -      | left@c1       | ?not on the branch left
        -      | a1+1          | a2
        -      | a1+2          | ?ambiguous
        -      | left@a1+2     | b1
        -      | right@a1+2    | c1
        -      | left@a1+4     | m1
        -      | left@a1+5     | ?counts too far
        -      | m1-1          | ?ambiguous
        -      | b2-1          | b1
        -      | b2-3          | a1
        -      | b2-4          | base
        -      | b2-5          | ?counts too far
        -      | lib@head-1    | lib1
        -      | lib@base+1    | lib1
        -      | lib@base+2    | lib2
        -      | base+1        | ?ambiguous
        -      | +1            | ?ambiguous
        -      | lib@+1        | lib1
        -      | main@+2       | a2
        -      | main@+3       | ?ambiguous
        -      | left@+3       | b1
        -      | current       | base
        -      | current+1     | ?ambiguous
        -      | -1            | ?nothing is applied
        a1     | +1            | a2
        a1     | current+1     | a2
        a1     | current       | a1
        a2     | +1            | ?ambiguous
        a2     | left@+1       | b1
        a2     | -2            | base
        a2     | -3            | ?counts too far
        b2     | current       | b2
        b2     | right@+1      | c1
        b2     | lib@+1        | lib2
        b2     | lib@-1        | base
        b2     | right@-1      | ?nothing of the branch right alone
        b2     | right@current | ?nothing of the branch right alone
        b1     | -0            | b1
        b1 c1  | -1            | ?several revisions are current
        b1 c1  | +1            | ?several revisions are current
        b1 c1  | current       | b1 c1
        b1 c1  | current+1     | ?several revisions are current
        b1 c1  | left@-1       | a2
        b1 c1  | c1@+1         | c2
        b1 c1  | right@current | c1
    ";
    let mut wrong = Vec::new();
    for line in table.trim().lines() {
        let [applied, typed, named] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else { panic!("{line}") };
        let applied = rows(applied.trim_matches('-'));
        let applied = graph.applied(applied.iter().map(String::as_str)).unwrap();
        let found = match graph.resolve(&at(typed), Some(&applied)) {
            Ok(ids) if ids.is_empty() => "base".to_owned(),
            Ok(ids) => ids.join(" "),
            Err(error) => format!("?{error}"),
        };
        let fits = match named.strip_prefix('?') {
            Some(part) => found.starts_with('?') && found.contains(part),
            None => found == named,
        };
        if !fits {
            wrong.push(format!("{line}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_counts_from_a_database_needs_one() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    for typed in ["current", "+1", "-1", "lib@+1", "current-1"] {
        let error = graph.resolve(&at(typed), None).unwrap_err().to_string();
        assert!(error.contains("none was asked"), "{typed}: {error}");
    }
    assert_eq!(graph.resolve(&at("lib@head"), None), Ok(vec!["lib2"]));
    assert_eq!(graph.resolve_one(&at("base"), None), Ok(None));
    assert_eq!(graph.resolve_one(&at("m1"), None), Ok(Some("m1")));
    assert!(graph.resolve_one(&at("heads"), None).unwrap_err().to_string().contains("several heads: lib2, m1"));
}

#[test]
fn selectors_are_cut_where_they_should_be() {
    let parse = |text: &str| {
        let Selector { branch, point, offset } = at(text);
        (branch.unwrap_or_default(), point, offset)
    };
    let name = |text: &str| Point::Name(text.to_owned());
    let table = [
        ("head", ("", Point::Head, 0)),
        ("heads", ("", Point::Heads, 0)),
        ("base+2", ("", Point::Base, 2)),
        ("current-1", ("", Point::Current, -1)),
        ("+1", ("", Point::Relative, 1)),
        ("-12", ("", Point::Relative, -12)),
        ("x@-1", ("x", Point::Relative, -1)),
        ("x@head-1", ("x", Point::Head, -1)),
        ("b_1@base", ("b_1", Point::Base, 0)),
        ("add-users", ("", name("add-users"), 0)),
        ("add-users@add-users+1", ("add-users", name("add-users"), 1)),
        ("20251010122401-1", ("", name("20251010122401"), -1)),
        ("2025-10-10-122401", ("", name("20251010122401"), 0)),
        ("2025-10-10-122401-1", ("", name("20251010122401"), -1)),
        ("2025-10-10-122401_add_x", ("", name("20251010122401_add_x"), 0)),
        ("2025-10-10+3", ("", name("20251010"), 3)),
        ("2025-10-10@2025-10-11", ("20251010", name("20251011"), 0)),
        ("é1-2", ("", name("é1"), -2)),
    ];
    for (text, (branch, point, offset)) in table {
        assert_eq!(parse(text), (branch.to_owned(), point, offset), "{text}");
    }
    assert_eq!("a-1:".parse(), Ok(Range { from: Some(at("a-1")), to: None }));
    assert_eq!(":x@+2".parse(), Ok(Range { from: None, to: Some(at("x@+2")) }));
    assert_eq!(":".parse(), Ok(Range { from: None, to: None }));
}

#[test]
fn what_is_no_selector_is_told() {
    let error = |text: &str| text.parse::<Selector>().unwrap_err();
    assert_eq!(error(""), SelectorError::Empty);
    assert_eq!(error("@head"), SelectorError::NoBranch("@head".into()));
    assert_eq!(error("x@"), SelectorError::NoPoint { branch: "x".into() });
    assert_eq!(error("x@y@z"), SelectorError::Form("x@y@z".into()));
    assert_eq!(error("x+1@y"), SelectorError::Form("x+1@y".into()));
    assert_eq!(error("x+1+2"), SelectorError::Form("x+1+2".into()));
    assert_eq!(error("x-1-0"), SelectorError::Form("x-1-0".into()));
    assert_eq!(error("x--0"), SelectorError::Form("x--0".into()));
    assert_eq!(error("-head-0"), SelectorError::Form("-head-0".into()));
    for text in ["+", "-", "x+", "x-", "x+y", "-y", "+99999999999", "x@+"] {
        assert_eq!(error(text), SelectorError::Number(text.into()), "{text}");
    }
    assert_eq!(error("a b"), SelectorError::Character { text: "a b".into(), character: ' ' });
    assert_eq!(error("a/b"), SelectorError::Character { text: "a/b".into(), character: '/' });
    assert_eq!(error("a:b"), SelectorError::Range("a:b".into()));
    assert_eq!("a".parse::<Range>(), Err(SelectorError::NoRange("a".into())));
    assert_eq!("a:b:c".parse::<Range>(), Err(SelectorError::Range("b:c".into())));
}
