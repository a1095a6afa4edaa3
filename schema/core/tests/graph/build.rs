//! What makes a graph, and its order.

use diesel_schema_core::revision::graph::{GraphError, LabelError, check_label};

use super::common::{Rev, at, built, graph, revs, set};

#[test]
fn the_graph_orders_and_not_the_names() {
    let revisions = revs("20251010122401 <- 6bdfb470e813, 6bdfb470e813");
    let graph = graph(&revisions);
    assert_eq!(graph.order(), ["6bdfb470e813", "20251010122401"]);
    assert_eq!(graph.heads(), ["20251010122401"]);
    assert_eq!(graph.bases(), ["6bdfb470e813"]);
}

#[test]
fn ties_are_broken_by_id_and_ancestors_of_what_is_applied_count_as_applied() {
    let revisions = revs("d <- b c, c <- a, b <- a + x, a, x");
    let graph = graph(&revisions);
    assert_eq!(graph.order(), ["a", "c", "x", "b", "d"]);
    assert_eq!(graph.pending(["b"]), ["c", "d"]);
    assert_eq!(graph.pending(["unknown"]), graph.order());
    assert_eq!(graph.heads(), ["d", "x"]);
    assert_eq!(graph.effective_heads(), ["d"]);
    assert_eq!(graph.bases(), ["a", "x"]);
    assert_eq!(graph.branch_points(), ["a"]);
    assert_eq!(graph.merge_points(), ["d"]);
    assert_eq!(graph.children("a"), ["b", "c"]);
    assert_eq!(set(graph.ancestors(["b"])), set(["a", "b", "x"]));
    assert_eq!(set(graph.descendants(["x"])), set(["b", "d", "x"]));
    assert_eq!(set(graph.lineage("b")), set(["a", "b", "d"]));
    assert_eq!(graph.get("b").map(|node| node.depends_on.clone()), Some(vec!["x"]));
    assert!(graph.get("bb").is_none() && graph.children("bb").is_empty() && graph.lineage("bb").is_empty());
}

#[test]
fn a_dependency_may_name_a_label() {
    let revisions = revs("a #lib, b <- a, x + lib, y <- x");
    let graph = graph(&revisions);
    assert_eq!(graph.order(), ["a", "b", "x", "y"]);
    assert_eq!(graph.labels().collect::<Vec<_>>(), [("lib", "a")]);
    assert_eq!(set(graph.ancestors(["y"])), set(["a", "x", "y"]));
    // A parent may not: a revision's own files say what it stands on.
    assert!(matches!(built(&revs("a #lib, b <- lib")).unwrap_err()[..], [GraphError::Unknown { .. }]));
}

#[test]
fn naming_a_parent_twice_or_as_a_dependency_too_changes_nothing() {
    let revisions = revs("a, b <- a a + a");
    let graph = graph(&revisions);
    assert_eq!(graph.order(), ["a", "b"]);
    assert_eq!(graph.merge_points(), [""; 0]);
    let applied = graph.applied(["b"]).unwrap();
    assert_eq!(applied.downgrade(&at("a")).unwrap().ids(), ["b"]);
}

#[test]
fn an_empty_graph_has_nothing_and_refuses_nothing_that_means_all() {
    let graph = graph(&[]);
    let applied = graph.applied([]).unwrap();
    for target in ["head", "heads", "base", "current"] {
        assert_eq!(applied.upgrade(&[at(target)]).unwrap().ids(), [""; 0], "{target}");
        assert_eq!(applied.downgrade(&at(target)).unwrap().ids(), [""; 0], "{target}");
        assert_eq!(applied.stamp(&[at(target)]).unwrap().heads, [""; 0], "{target}");
    }
    assert_eq!(graph.range(&":".parse().unwrap(), None).unwrap(), [""; 0]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_sorted() {
    let text = |revisions: &str| {
        let errors = built(&revs(revisions)).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(
        [
            "a1 <- b + c, b2, b2, b2",
            "20251010122401, x <- 20251010122410",
            "a <- c, b <- a, c <- b",
            "a + c, b <- a, c <- b, d <- a",
            "a <- a, b + b",
            "a #x, b #x, c #b #head #y-1 #-z",
            "head, base <- head",
        ]
        .map(|revisions| format!("{revisions}\n{}\n", text(revisions)))
        .join("\n")
    );
}

#[test]
fn a_cycle_is_found_behind_what_waits_for_it() {
    // a, b and c wait for the cycle and are none of it.
    let errors = built(&revs("a <- b, b <- c, c <- x, x <- y, y <- z, z <- x")).unwrap_err();
    assert_eq!(errors, [GraphError::Cycle(["x", "y", "z", "x"].map(str::to_owned).to_vec())]);
    // The arrows of parents make none; a dependency closes it.
    let errors = built(&revs("a <- b, b <- c, c + a, p <- a, q + p")).unwrap_err();
    assert_eq!(errors, [GraphError::DependencyCycle(["a", "b", "c", "a"].map(str::to_owned).to_vec())]);
}

#[test]
fn a_revision_in_error_is_named_for_the_one_who_knows_its_folder() {
    let revision = |revisions: &str| built(&revs(revisions)).unwrap_err()[0].revision().map(str::to_owned);
    assert_eq!(revision("a, b <- x").as_deref(), Some("b"));
    assert_eq!(revision("a <- a").as_deref(), Some("a"));
    assert_eq!(revision("a <- b, b <- a"), None);
}

#[test]
fn labels_hold_what_selectors_can_tell_from_the_rest() {
    for label in ["add-users", "b_1", "ä", "1", "2024-users", "headless"] {
        assert_eq!(check_label(label), Ok(()), "{label}");
    }
    assert_eq!(check_label(""), Err(LabelError::Empty));
    assert_eq!(check_label("a@b"), Err(LabelError::Character('@')));
    assert_eq!(check_label("a b"), Err(LabelError::Character(' ')));
    assert_eq!(check_label("release-2"), Err(LabelError::Offset("release-2".into())));
    assert_eq!(check_label("-a"), Err(LabelError::Dash));
    assert_eq!(check_label("heads"), Err(LabelError::Reserved("heads".into())));
}

/// Long chains, many heads, ladders: whatever takes time by the square does not end here.
#[test]
fn a_hundred_thousand_revisions_are_no_trouble() {
    let many = 100_000;
    let name = |at: usize| format!("{at:06}");
    let one = |at: usize, down: Vec<String>, depends_on: Vec<String>| Rev {
        id: name(at),
        down,
        depends_on,
        labels: vec![],
        replaces: vec![],
    };
    let before = |at: usize, by: usize| at.checked_sub(by).map(name).into_iter().collect::<Vec<_>>();
    let shapes: [Vec<Rev>; 3] = [
        (0..many).map(|at| one(at, before(at, 1), vec![])).collect(),
        (0..many).map(|at| one(at, vec![], vec![])).collect(),
        (0..many).map(|at| one(at, before(at, 2), before(at, 1))).collect(),
    ];
    for revisions in shapes {
        let graph = graph(&revisions);
        let none = graph.applied([]).unwrap();
        let up = none.upgrade(&[at("heads")]).unwrap();
        assert_eq!(up.steps.len(), many);
        let all = graph.applied(graph.effective_heads()).unwrap();
        assert_eq!(all.implied().len() + graph.effective_heads().len(), many);
        let down = all.downgrade(&at("base")).unwrap();
        assert_eq!(down.steps.len(), many);
        assert!(up.ids().iter().eq(down.ids().iter().rev()));
        let stamp = none.stamp(&[at("heads")]).unwrap();
        assert_eq!((stamp.add.len(), stamp.remove.len()), (many, 0));
        assert_eq!(graph.range(&":".parse().unwrap(), None).unwrap().len(), many);
        assert_eq!(all.upgrade(&[at("heads")]).unwrap().ids(), [""; 0]);
    }
}

#[test]
fn thousands_of_errors_are_told_without_a_look_at_all_ids_for_each() {
    let one = |at: usize| Rev {
        id: format!("{at:06}"),
        down: vec![format!("{at:06}x")],
        depends_on: vec![],
        labels: vec![],
        replaces: vec![],
    };
    let revisions: Vec<Rev> = (0..30_000).map(one).collect();
    let errors = built(&revisions).unwrap_err();
    assert_eq!(errors.len(), revisions.len());
    let hints = errors.iter().filter(|error| error.to_string().contains("; is it 00000")).count();
    assert!((1..100).contains(&hints), "{hints}");
}
