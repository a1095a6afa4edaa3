//! The one order in which revisions are applied, and what stands in its way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Every place after all that it `needs`, ties broken by place; those on a cycle, and what needs them, are left out.
pub(super) fn order(needs: &[Vec<usize>], needed_by: &[Vec<usize>]) -> Vec<usize> {
    let mut waits: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut ready: BinaryHeap<Reverse<usize>> = (0..needs.len()).filter(|at| waits[*at] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for &next in &needed_by[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    order
}

/// One cycle among what could not be ordered, its first place repeated at the end.
pub(super) fn cycle(needs: &[Vec<usize>], order: &[usize]) -> Vec<usize> {
    let mut done = vec![false; needs.len()];
    order.iter().for_each(|at| done[*at] = true);
    let mut seen: Vec<Option<usize>> = vec![None; needs.len()];
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..needs.len()).find(|at| !done[*at]);
    while let Some(at) = next {
        if let Some(start) = seen[at] {
            path.push(at);
            return path.split_off(start);
        }
        seen[at] = Some(path.len());
        path.push(at);
        // What is left waits for something that is left, or it would have been ordered.
        next = needs[at].iter().copied().find(|at| !done[*at]);
    }
    path
}
