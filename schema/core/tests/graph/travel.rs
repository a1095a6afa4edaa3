//! What an upgrade, a downgrade, a stamp and a range hold, written by hand.

use diesel_schema_core::revision::graph::{Between, Direction, GraphError, PlanError};

use super::common::{at, built, graph, revs};

/// See `select`; b2 depends on lib1.
const GRAPH: &str = "a1 #main, a2 <- a1, b1 <- a2 #left, b2 <- b1 + lib1, c1 <- a2 #right, c2 <- c1, m1 <- b2 c2, lib1 #lib, lib2 <- lib1";

fn rows(text: &str) -> Vec<&str> {
    text.trim_matches('-').split_whitespace().collect()
}

/// Checks a table of `applied | typed | right`.
fn check(table: &str, run: impl Fn(&[&str], &str) -> String) {
    let mut wrong = Vec::new();
    for line in table.trim().lines() {
        let [applied, typed, right] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = run(&rows(applied), typed);
        let fits = match right.strip_prefix('?') {
            Some(part) => found.starts_with('?') && found.contains(part),
            None => found == right.trim_matches('-').trim(),
        };
        if !fits {
            wrong.push(format!("{line}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn upgrades_run_what_is_missing_and_leave_siblings_alone() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let table = "
        -         | heads      | a1 a2 b1 c1 c2 lib1 b2 lib2 m1
        -         | head       | ?several heads: lib2, m1; run `migrate merge lib2 m1 NAME`, or type one of them instead of head, or `heads` for all
        -         | main@head  | a1 a2 b1 c1 c2 lib1 b2 m1
        -         | b2         | a1 a2 b1 lib1 b2
        -         | c2         | a1 a2 c1 c2
        -         | base       | -
        -         | lib@+2     | lib1 lib2
        a2        | left@+1    | b1
        a2        | left@+2    | b1 lib1 b2
        a2        | b1         | b1
        a2        | a1         | -
        b2        | heads      | c1 c2 lib2 m1
        b2 c2     | m1         | m1
        b2 c2     | +1         | ?several revisions are current: b2, c2
        b2 c2     | current    | -
        m1        | main@+1    | ?counts too far
        m1        | -1         | ?that is not the way of an upgrade; type `downgrade -1`
        m1        | zz         | ?no revision begins with zz
    ";
    check(table, |applied, typed| {
        let applied = graph.applied(applied.iter().copied()).unwrap();
        match applied.upgrade(&[at(typed)]) {
            Ok(plan) => {
                assert_eq!(plan.direction, Direction::Up);
                plan.ids().join(" ")
            }
            Err(error) => format!("?{error}"),
        }
    });
    let several = graph.applied(["a2"]).unwrap().upgrade(&[at("b1"), at("c1"), at("a1")]).unwrap();
    assert_eq!(several.ids(), ["b1", "c1"]);
}

#[test]
fn downgrades_undo_children_and_all_that_needs_them() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let table = "
        m1 lib2   | base       | m1 lib2 b2 lib1 c2 c1 b1 a2 a1
        m1 lib2   | a2         | m1 b2 c2 c1 b1
        m1 lib2   | left@a2    | m1 b2 b1
        m1 lib2   | right@a2   | m1 c2 c1
        m1 lib2   | main@a2    | m1 b2 c2 c1 b1
        m1 lib2   | c1@a2      | m1 c2 c1
        m1 lib2   | lib@base   | m1 lib2 b2 lib1
        m1 lib2   | main@base  | m1 b2 c2 c1 b1 a2 a1
        m1 lib2   | left@c1    | ?not on the branch left
        m1 lib2   | m1         | -
        m1 lib2   | lib1       | lib2
        m1        | lib1       | ?what depends on it is b2: type `downgrade b2@b1` to undo it
        m1        | b2@b1      | m1 b2
        m1        | lib2       | ?lib2 is not applied, so nothing can go down to it; the database is at m1
        b2 c2     | b1         | b2
        b2 c2     | -1         | ?several revisions are current: b2, c2; -1 does not say which is meant: type `b2@-1` or `c2@-1`
        b2 c2     | b2@-1      | b2
        b2 c2     | left@-2    | b2 b1
        b2 c2     | right@-2   | c2 c1
        b1 c1     | left@-1    | b1
        b1 c1     | b1-1       | c1 b1
        b1 c1     | current    | -
        b1 c1     | +1         | ?that is not the way of a downgrade; type `upgrade +1`
        b1        | main@-1    | ?goes down to a2, and the branch main goes on from there to b1, c1; type `b1@-1`
        b1        | b1@-1      | b1
        b1        | right@-1   | ?nothing of the branch right alone is applied
        b1        | left@current | -
        b1        | -1         | b1
        b1        | -3         | b1 a2 a1
        b1        | -4         | ?counts too far: after 3 of 4 it is at base
        b1        | main@base+1 | b1 a2
        -         | base       | -
        -         | -1         | ?nothing is applied
        -         | a1         | ?nothing is applied
        -         | heads      | ?several heads
    ";
    check(table, |applied, typed| {
        let applied = graph.applied(applied.iter().copied()).unwrap();
        match applied.downgrade(&at(typed)) {
            Ok(plan) => {
                assert_eq!(plan.direction, Direction::Down);
                plan.ids().join(" ")
            }
            Err(error) => format!("?{error}"),
        }
    });
    let applied = graph.applied(["m1"]).unwrap();
    assert_eq!(applied.undo(["c1"]).ids(), ["m1", "c2", "c1"]);
    assert_eq!(applied.undo(["lib2", "nothing"]).ids(), [""; 0]);
}

#[test]
fn the_heads_after_each_step_are_told_and_the_rows_that_a_table_of_heads_lacks() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let plan = graph.applied(["b1", "lib2"]).unwrap().upgrade(&[at("main@head")]).unwrap();
    assert_eq!(plan.ids(), ["c1", "c2", "b2", "m1"]);
    let heads: Vec<String> = plan.heads_after_each().iter().map(|heads| heads.join(" ")).collect();
    assert_eq!(heads, ["b1 c1 lib2", "b1 c2 lib2", "b2 c2 lib2", "lib2 m1"]);
    assert_eq!(plan.implied, ["a1", "a2", "lib1"]);
    let plan = graph.applied(["m1"]).unwrap().downgrade(&at("left@base")).unwrap();
    assert_eq!(plan.ids(), ["m1", "b2", "c2", "c1", "b1", "a2", "a1"]);
    let heads: Vec<String> = plan.heads_after_each().iter().map(|heads| heads.join(" ")).collect();
    assert_eq!(heads, ["b2 c2", "b1 c2 lib1", "b1 c1 lib1", "b1 lib1", "a2 lib1", "a1 lib1", "lib1"]);
}

#[test]
fn a_stamp_replaces_what_is_before_and_after_it() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let table = "
        -         | heads      | lib2 m1
        -         | base       | -
        -         | +1         | ?ambiguous
        -         | lib@+1     | lib1
        m1 lib2   | base       | -
        m1 lib2   | heads      | lib2 m1
        b1 lib2   | heads      | lib2 m1
        m1 lib2   | a2         | a2 lib2
        m1 lib2   | b1         | b1 lib2
        m1 lib2   | lib1       | lib1
        m1 lib2   | lib@base   | -
        b1 lib2   | lib@base   | b1
        b2 c2     | left@base  | c2
        b2 c2     | left@a2    | c2
        b2 c2     | a2         | a2
        b2 c2     | b2@-1      | b1 c2
        b2 c2     | current    | b2 c2
        a2        | m1         | m1
        a2        | lib2       | a2 lib2
    ";
    check(table, |applied, typed| {
        let applied = graph.applied(applied.iter().copied()).unwrap();
        applied.stamp(&[at(typed)]).map_or_else(|error| format!("?{error}"), |stamp| stamp.heads.join(" "))
    });
    let all = ["a1", "a2", "b1", "c1"];
    let stamp = graph.applied(all).unwrap().stamp(&[at("b2")]).unwrap();
    assert_eq!((stamp.remove, stamp.add, stamp.heads), (vec![], vec!["lib1", "b2"], vec!["b2", "c1"]));
    let stamp = graph.applied(all).unwrap().stamp(&[at("a1")]).unwrap();
    assert_eq!((stamp.remove, stamp.add, stamp.heads), (vec!["c1", "b1", "a2"], vec![], vec!["a1"]));
    // A table of heads alone gets the rows that it lacks.
    let stamp = graph.applied(["c1"]).unwrap().stamp(&[at("current")]).unwrap();
    assert_eq!((stamp.remove, stamp.add), (vec![], vec!["a1", "a2"]));
}

#[test]
fn a_range_holds_what_lies_between() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let table = "
        -         | :          | a1 a2 b1 c1 c2 lib1 b2 lib2 m1
        -         | :b2        | a1 a2 b1 lib1 b2
        -         | c1:        | c1 c2 m1
        -         | a2:b2      | a2 b1 b2
        -         | a2:heads   | a2 b1 c1 c2 b2 m1
        -         | b1:c1      | ?b1 does not come before c1; `migrate history --graph`
        -         | b2:a1      | ?b2 does not come before a1; type the range the other way around
        -         | lib1:      | lib1 lib2
        -         | base:lib@head | lib1 lib2
        -         | lib@base:  | lib1 lib2
        -         | a2:left@+1 | a2 b1
        -         | base:main@+2 | a1 a2
        -         | -1:c2      | c1 c2
        -         | -1:        | ?-1 counts from the other end of the range, which is lib2 and m1; type `-1:lib2` or `-1:m1`
        -         | lib@-1:    | lib1 lib2
        -         | -1:+1      | ?says nowhere to count from
        -         | current:   | a1 a2 b1 c1 c2 lib1 b2 lib2 m1
        c1        | current:   | c1 c2 m1
        c1        | :current   | a1 a2 c1
        c1        | -1:current | a2 c1
        c1        | current:+1 | c1 c2
        c1        | current-1:current | a2 c1
    ";
    check(table, |applied, typed| {
        let applied = graph.applied(applied.iter().copied()).unwrap();
        graph
            .range(&typed.parse().unwrap(), Some(&applied))
            .map_or_else(|error| format!("?{error}"), |ids| ids.join(" "))
    });
    let between = |from: &[&str], to: &[&str], inclusive, everything| {
        let all = |texts: &[&str]| texts.iter().map(|text| at(text)).collect::<Vec<_>>();
        let found = graph.between(&all(from), &all(to), None, Between { inclusive, everything });
        found.map_or_else(|error| error.to_string(), |ids| ids.join(" "))
    };
    assert_eq!(between(&["b1", "c1"], &["m1"], false, false), "c2 b2 m1");
    assert_eq!(between(&["b1", "c1"], &["m1"], true, true), "b1 c1 c2 lib1 b2 m1");
    assert_eq!(
        between(&["b1", "a1"], &["m1"], false, false),
        "a1 comes before b1, and both are named as the same end of the range; name one of them"
    );
}

#[test]
fn a_script_without_a_database_begins_where_its_range_does() {
    let revisions = revs(GRAPH);
    let graph = graph(&revisions);
    let start = graph.applied_at(&[at("a2")]).unwrap();
    assert_eq!(start.ids(), ["a1", "a2"]);
    assert!(start.has("a1") && !start.has("b1") && !start.has("nothing"));
    assert_eq!(start.implied(), [""; 0]);
    assert_eq!(start.current(), ["a2"]);
    assert_eq!(start.pending(), ["b1", "c1", "c2", "lib1", "b2", "lib2", "m1"]);
    assert_eq!(start.upgrade(&[at("c1")]).unwrap().ids(), ["c1"]);
    assert!(graph.applied_at(&[at("current")]).is_err());
}

/// `c` was squashed from a, b and itself: rows of these count where its own is there, and nothing else can be said without.
#[test]
fn rows_of_what_was_squashed_mean_nothing_beside_the_squashed_one() {
    let squashed = revs("c = a b, d <- c");
    let graph = graph(&squashed);
    assert_eq!(graph.applied(["a", "b", "c"]).unwrap().pending(), ["d"]);
    assert_eq!(graph.applied(["a", "d"]).unwrap().pending(), [""; 0]);
    assert_eq!(graph.applied([]).unwrap().pending(), ["c", "d"]);
    let found = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(graph.applied(["b", "a"]).unwrap_err(), PlanError::Partly { revision: "c".to_owned(), found });
    assert!(matches!(graph.applied(["a", "x"]), Err(PlanError::Ahead { unknown, .. }) if unknown == ["x"]));
    let stamp = graph.applied(["a", "b", "c", "d"]).unwrap().stamp(&[at("base")]).unwrap();
    assert_eq!(stamp.remove, ["b", "a", "d", "c"]);
    let errors = built(&revs("a, c = a b, e = b")).unwrap_err();
    assert_eq!(errors.iter().map(GraphError::revision).collect::<Vec<_>>(), [Some("c"), Some("e")]);
}
