//! Random graphs against the definitions.

use std::collections::BTreeSet;

use diesel_schema_core::revision::graph::{Graph, PlanError, SelectError, Selector};
use proptest::prelude::*;
use proptest::sample::Index;

use super::common::{Naive, Rev, at, graph, set};

/// Graphs of up to 14 revisions whose ids don't follow their order, with labels, merges and dependencies.
fn revisions() -> impl Strategy<Value = Vec<Rev>> {
    let one = (prop::collection::vec(any::<Index>(), 0..3), prop::collection::vec(any::<Index>(), 0..2), 0..4u8);
    (prop::collection::vec(one, 1..14), any::<u64>()).prop_map(|(all, seed)| {
        let id = |at: usize| format!("{:02x}r{at}", (seed.rotate_left(at as u32 * 5) ^ at as u64) % 256);
        let label = |at: usize| format!("label{at}");
        let mut revisions: Vec<Rev> = Vec::new();
        for (at, (parents, needs, kind)) in all.iter().enumerate() {
            let before = |indices: &[Index]| -> Vec<usize> {
                if at == 0 { Vec::new() } else { indices.iter().map(|index| index.index(at)).collect() }
            };
            // By the label where there is one.
            let depends_on = before(needs).into_iter().map(|other| match all[other].2 {
                0 => label(other),
                _ => id(other),
            });
            revisions.push(Rev {
                replaces: Vec::new(),
                id: id(at),
                down: before(parents).into_iter().map(id).collect(),
                depends_on: depends_on.collect(),
                labels: if *kind == 0 { vec![label(at)] } else { Vec::new() },
            });
        }
        revisions
    })
}

/// A graph, and some of its ids.
fn with_ids() -> impl Strategy<Value = (Vec<Rev>, Vec<String>, Vec<String>)> {
    let some = || prop::collection::vec(any::<Index>(), 0..4);
    (revisions(), some(), some()).prop_map(|(revisions, rows, more)| {
        let ids = |some: &[Index]| some.iter().map(|index| index.get(&revisions).id.clone()).collect();
        let (rows, more) = (ids(&rows), ids(&more));
        (revisions, rows, more)
    })
}

fn applied<'g, 'a>(graph: &'g Graph<'a>, rows: &[String]) -> diesel_schema_core::revision::graph::Applied<'g, 'a> {
    graph.applied(rows.iter().map(String::as_str)).unwrap()
}

fn ids(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_is_one_and_the_questions_are_answered_as_defined((revisions, some, _) in with_ids()) {
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let order = ids(graph.order().to_vec());
        prop_assert_eq!(order.len(), revisions.len());
        prop_assert!(naive.is_order(&order));
        // Ties by id: each is the least of what could have come.
        for at in 0..order.len() {
            let done = set(&order[..at]);
            let ready = naive.needs.iter().filter(|(id, needs)| !done.contains(*id) && needs.is_subset(&done)).map(|(id, _)| id);
            prop_assert_eq!(Some(&order[at]), ready.min());
        }
        let start = set(&some);
        let of = || some.iter().map(String::as_str);
        prop_assert_eq!(set(graph.ancestors(of())), naive.ancestors(&start));
        prop_assert_eq!(set(graph.descendants(of())), naive.descendants(&start));
        for id in &start {
            prop_assert_eq!(set(graph.lineage(id)), naive.lineage(id));
            prop_assert_eq!(set(graph.children(id)), naive.children(id));
        }
        prop_assert_eq!(set(graph.bases()), naive.bases());
        prop_assert_eq!(set(graph.effective_heads()), naive.minimal(&set(&order)));
        let state = applied(&graph, &some);
        let done = naive.ancestors(&start);
        prop_assert_eq!(set(state.ids()), done.clone());
        prop_assert_eq!(set(state.current()), naive.minimal(&done));
        prop_assert_eq!(set(state.implied()), &done - &start);
    }

    #[test]
    fn an_upgrade_runs_targets_and_ancestors_without_what_is_applied((revisions, rows, targets) in with_ids()) {
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let state = applied(&graph, &rows);
        let before = naive.ancestors(&set(&rows));
        let plan = state.upgrade(&targets.iter().map(Selector::id).collect::<Vec<_>>()).unwrap();
        let steps = ids(plan.ids());
        prop_assert_eq!(set(&steps), &naive.ancestors(&set(&targets)) - &before);
        prop_assert!(naive.is_order(&steps));
        // Whatever is applied when it stops, all that it needs is applied too.
        let mut done = before.clone();
        for (step, heads) in steps.iter().zip(plan.heads_after_each()) {
            prop_assert!(naive.needs[step].is_subset(&done));
            done.insert(step.clone());
            prop_assert_eq!(set(heads), naive.minimal(&done));
        }
        // Undone again, it is as it was.
        let after = applied(&graph, &ids(done.iter().map(String::as_str).collect()));
        let undone = after.undo(steps.iter().map(String::as_str));
        prop_assert_eq!(&done - &set(undone.ids()), before);
    }

    #[test]
    fn a_downgrade_undoes_children_and_their_descendants((revisions, rows, targets) in with_ids()) {
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let state = applied(&graph, &rows);
        let before = naive.ancestors(&set(&rows));
        for target in targets.iter().map(Some).chain([None]) {
            let (selector, above) = match target {
                Some(id) => (Selector::id(id), naive.children(id)),
                None => (Selector::base(), naive.bases()),
            };
            let right = &naive.descendants(&above) & &before;
            let plan = match (state.downgrade(&selector), target) {
                (Ok(plan), _) => plan,
                (Err(error), Some(id)) => {
                    let not_applied = matches!(error, PlanError::NotApplied { .. });
                    prop_assert_eq!(!before.contains(id), not_applied, "{}", error);
                    prop_assert!(right.is_empty() && !naive.minimal(&before).contains(id), "{}", error);
                    continue;
                }
                (Err(error), None) => return Err(TestCaseError::fail(error.to_string())),
            };
            let steps = ids(plan.ids());
            prop_assert_eq!(set(&steps), right);
            let mut done = before.clone();
            for (step, heads) in steps.iter().zip(plan.heads_after_each()) {
                done.remove(step);
                prop_assert_eq!(naive.ancestors(&done), done.clone());
                prop_assert_eq!(set(heads), naive.minimal(&done));
            }
            // Up again to where it was.
            let after = ids(done.iter().map(String::as_str).collect());
            let heads: Vec<Selector> = state.current().into_iter().map(Selector::id).collect();
            let again = applied(&graph, &after).upgrade(&heads).unwrap();
            prop_assert_eq!(&done | &set(again.ids()), before.clone());
        }
    }

    #[test]
    fn with_a_branch_only_that_line_goes_down((revisions, rows, branches) in with_ids()) {
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let state = applied(&graph, &rows);
        let before = naive.ancestors(&set(&rows));
        let below = |id: &str| -> BTreeSet<String> {
            naive.lineage(id).into_iter().filter(|other| other == id || !naive.descendants(&set([id])).contains(other)).collect()
        };
        for branch in &branches {
            let bases: BTreeSet<String> = &naive.bases() & &below(branch);
            let plan = state.downgrade(&at(&format!("{branch}@base"))).unwrap();
            prop_assert_eq!(set(plan.ids()), &naive.descendants(&bases) & &before);
            for target in naive.lineage(branch) {
                let Ok(plan) = state.downgrade(&at(&format!("{branch}@{target}"))) else { continue };
                let children = naive.children(&target);
                let on_line: BTreeSet<String> = &children & &below(branch);
                let roots = if on_line.is_empty() { children } else { on_line };
                prop_assert_eq!(set(plan.ids()), &naive.descendants(&roots) & &before);
            }
        }
    }

    #[test]
    fn one_step_down_is_one_line_of_what_is_current((revisions, rows, _) in with_ids()) {
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let state = applied(&graph, &rows);
        let current = state.current();
        match state.downgrade(&at("-1")) {
            Ok(plan) => {
                prop_assert_eq!(current.len(), 1);
                prop_assert_eq!(plan.ids(), current);
            }
            Err(PlanError::Select(SelectError::SeveralCurrent { current: told, .. })) => {
                prop_assert!(told.len() > 1);
                prop_assert_eq!(&told, &ids(current));
                // What it says to type works, and undoes that one alone.
                for id in told {
                    match state.downgrade(&at(&format!("{id}@-1"))) {
                        Ok(plan) => prop_assert_eq!(plan.ids(), [id.as_str()]),
                        Err(error) => prop_assert!(naive.down[&id].len() > 1, "{}", error),
                    }
                }
            }
            Err(PlanError::Select(SelectError::NothingCurrent { .. })) => prop_assert!(current.is_empty()),
            Err(PlanError::Select(SelectError::Fork { .. })) => prop_assert!(naive.down[current[0]].len() > 1),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }

    #[test]
    fn a_stamp_leaves_the_targets_and_what_has_nothing_to_do_with_them((revisions, rows, targets) in with_ids()) {
        prop_assume!(!targets.is_empty());
        let (graph, naive) = (graph(&revisions), Naive::of(&revisions));
        let state = applied(&graph, &rows);
        let wanted = set(&targets);
        let related = &naive.ancestors(&wanted) | &naive.descendants(&wanted);
        let stays: BTreeSet<String> = &naive.minimal(&naive.ancestors(&set(&rows))) - &related;
        let right = naive.ancestors(&(&stays | &wanted));
        let stamp = state.stamp(&targets.iter().map(Selector::id).collect::<Vec<_>>()).unwrap();
        let after = &(&set(&rows) - &set(&stamp.remove)) | &set(&stamp.add);
        prop_assert_eq!(&after, &right);
        prop_assert_eq!(set(&stamp.heads), naive.minimal(&right));
        prop_assert!(naive.is_order(&ids(stamp.add.clone())));
        prop_assert!(naive.is_order(&ids(stamp.remove.iter().rev().copied().collect())));
        // Stamped again, nothing changes.
        let again = ids(after.iter().map(String::as_str).collect());
        let again = applied(&graph, &again).stamp(&[Selector::current()]).unwrap();
        prop_assert!(again.remove.is_empty() && again.add.is_empty());
        // To forget is to stamp the base.
        prop_assert_eq!(set(state.stamp(&[Selector::base()]).unwrap().remove), set(&rows));
    }

    #[test]
    fn the_order_of_what_is_given_makes_no_difference(
        ((revisions, rows, targets), shuffled) in with_ids().prop_flat_map(|it| (Just(it.clone()), Just(it.0).prop_shuffle()))
    ) {
        let mut shuffled = shuffled;
        for revision in &mut shuffled {
            revision.down.reverse();
            revision.depends_on.reverse();
        }
        let (one, other) = (graph(&revisions), graph(&shuffled));
        prop_assert_eq!(one.order(), other.order());
        let turned: Vec<String> = rows.iter().rev().cloned().collect();
        let (one_state, other_state) = (applied(&one, &rows), applied(&other, &turned));
        let typed = ["heads", "head", "base", "+1", "-1", "current", "label0@head", "label0@+1", "label1@-1", "base+1"];
        let typed = typed.iter().map(|text| at(text)).chain(targets.iter().map(Selector::id));
        for target in typed {
            prop_assert_eq!(one_state.upgrade(std::slice::from_ref(&target)), other_state.upgrade(std::slice::from_ref(&target)));
            prop_assert_eq!(one_state.downgrade(&target), other_state.downgrade(&target));
            prop_assert_eq!(one_state.stamp(std::slice::from_ref(&target)), other_state.stamp(std::slice::from_ref(&target)));
        }
    }

    #[test]
    fn a_table_of_heads_means_what_a_row_for_each_revision_means((revisions, rows, targets) in with_ids()) {
        let graph = graph(&revisions);
        let heads = applied(&graph, &rows);
        let each = applied(&graph, &ids(heads.ids()));
        prop_assert_eq!(each.implied(), Vec::<&str>::new());
        for target in targets.iter().map(Selector::id).chain([at("heads"), at("base"), at("-1"), at("+1")]) {
            let steps = |plan: Result<diesel_schema_core::revision::graph::Plan<'_>, PlanError>| plan.map(|plan| ids(plan.ids()));
            let target = [target];
            prop_assert_eq!(steps(heads.upgrade(&target)), steps(each.upgrade(&target)));
            prop_assert_eq!(steps(heads.downgrade(&target[0])), steps(each.downgrade(&target[0])));
        }
    }

    #[test]
    fn a_beginning_names_a_revision_if_it_is_the_only_one((revisions, some, _) in with_ids(), length in 1..5usize) {
        let graph = graph(&revisions);
        for id in some {
            let beginning: String = id.chars().take(length).collect();
            let begin_so: Vec<&str> = revisions.iter().map(|it| it.id.as_str()).filter(|it| it.starts_with(&beginning)).collect();
            let whole = begin_so.iter().any(|it| *it == beginning);
            match graph.resolve_one(&Selector::id(&beginning), None) {
                Ok(found) => prop_assert!(found == Some(begin_so[0]) && (begin_so.len() == 1 || whole)),
                Err(SelectError::Ambiguous { candidates, .. }) => {
                    prop_assert!(begin_so.len() > 1 && set(candidates) == set(begin_so));
                }
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_understood_or_refused((revisions, rows, _) in with_ids(), text in "(label[0-3]|[0-9a-f]{0,3}|head|heads|base|current|[a-z@+:é-]{0,4})@?(head|base|[0-9a-f]{0,2}|current)?([+-][0-9]{0,2})?") {
        let graph = graph(&revisions);
        let state = applied(&graph, &rows);
        if let Ok(selector) = text.parse::<Selector>() {
            prop_assert_eq!(&selector.to_string().parse::<Selector>().unwrap(), &selector);
            let done = set(state.ids());
            if let Ok(plan) = state.upgrade(std::slice::from_ref(&selector)) {
                prop_assert!(plan.ids().iter().all(|id| !done.contains(*id)));
            }
            if let Ok(plan) = state.downgrade(&selector) {
                prop_assert!(plan.ids().iter().all(|id| done.contains(*id)));
            }
            let _ = state.stamp(std::slice::from_ref(&selector));
        }
        if let Ok(range) = text.parse() {
            let _ = graph.range(&range, Some(&state));
        }
    }
}
