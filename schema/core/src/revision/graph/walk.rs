//! Sets of revisions, and what can be reached from them.

/// A set of places in a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set(Vec<bool>);

impl Set {
    pub(super) fn empty(size: usize) -> Self {
        Self(vec![false; size])
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.0[at]
    }

    /// Whether it was not there before.
    pub(super) fn add(&mut self, at: usize) -> bool {
        !std::mem::replace(&mut self.0[at], true)
    }

    pub(super) fn remove(&mut self, at: usize) {
        self.0[at] = false;
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, other)| *mine |= other);
    }

    pub(super) fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, other)| *mine &= other);
    }

    pub(super) fn remove_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, other)| *mine &= !other);
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// Its places, in the order of the ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter_map(|(at, has)| has.then_some(at))
    }
}

/// `start` and all that the arrows lead to from there.
pub(super) fn reach(arrows: &[Vec<usize>], start: impl IntoIterator<Item = usize>) -> Set {
    let mut found = Set::empty(arrows.len());
    let mut left: Vec<usize> = start.into_iter().collect();
    while let Some(at) = left.pop() {
        if found.add(at) {
            left.extend(&arrows[at]);
        }
    }
    found
}
