//! From a selector to the revisions that it names.

use super::applied::Applied;
use super::say::similar;
use super::select_error::SelectError;
use super::selector::{Point, Selector};
use super::walk::{Set, reach};
use super::{Graph, label};

/// What stands before the `@` of a selector.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    /// As typed.
    pub(super) name: String,
    /// The revision that it names.
    pub(super) at: usize,
    /// All that comes before and after it, over parents alone.
    pub(super) members: Set,
}

/// Which way a plan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
    /// Either: nothing is to be carried out.
    Any,
}

/// What a selector names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) branch: Option<Branch>,
    /// `None` is the base.
    pub(super) at: Vec<Option<usize>>,
    /// What a relative selector counted from.
    pub(super) start: Option<usize>,
}

impl<'a> Graph<'a> {
    /// The revisions that a selector names; none of them is the base.
    ///
    /// `applied` is what `current` and a bare offset count from; `None` where no database was asked.
    ///
    /// # Errors
    /// It names none, or does not say which.
    pub fn resolve(&self, selector: &Selector, applied: Option<&Applied<'_, 'a>>) -> Result<Vec<&'a str>, SelectError> {
        Ok(self.ids(self.named(selector, applied, Way::Any)?.at.into_iter().flatten()))
    }

    /// The one revision that a selector names; `None` is the base.
    ///
    /// # Errors
    /// As [`Graph::resolve`], or it names several.
    pub fn resolve_one(
        &self,
        selector: &Selector,
        applied: Option<&Applied<'_, 'a>>,
    ) -> Result<Option<&'a str>, SelectError> {
        let named = self.named(selector, applied, Way::Any)?;
        Ok(self.one(selector, &named.at)?.map(|at| self.nodes[at].id))
    }

    pub(super) fn named(
        &self,
        selector: &Selector,
        applied: Option<&Applied<'_, 'a>>,
        way: Way,
    ) -> Result<Named, SelectError> {
        let branch = selector.branch.as_deref().map(|name| self.branch(name)).transpose()?;
        let within = branch.as_ref();
        let offset = selector.offset;
        let counts = selector.point == Point::Relative || (selector.point == Point::Current && offset != 0);
        if !counts {
            let mut at = self.point(selector, within, applied)?;
            if offset != 0 {
                at = vec![self.walk(self.one(selector, &at)?, selector, within.filter(|_| offset > 0))?];
            }
            return Ok(Named { branch, at, start: None });
        }
        if (way == Way::Up && offset < 0) || (way == Way::Down && offset > 0) {
            return Err(SelectError::WrongWay { selector: selector.to_string(), offset });
        }
        let Some(applied) = applied else { return Err(SelectError::NoDatabase { selector: selector.to_string() }) };
        let start = applied.start(selector, within)?;
        let at = vec![self.walk(start, selector, within.filter(|_| offset > 0))?];
        Ok(Named { branch, at, start })
    }

    /// The revision that a branch, an id, a label or the beginning of an id names.
    pub(super) fn branch(&self, name: &str) -> Result<Branch, SelectError> {
        let at = self.name(name, None).map_err(|error| match error {
            SelectError::Unknown { name, similar } => SelectError::UnknownBranch { name, similar },
            other => other,
        })?;
        Ok(Branch { name: name.to_owned(), at, members: self.lineage_of(at) })
    }

    fn name(&self, name: &str, branch: Option<&Branch>) -> Result<usize, SelectError> {
        let exact = self.place(name).or_else(|| self.labels.get(name).copied());
        if let Some(at) = exact {
            return Ok(at);
        }
        let first = self.nodes.partition_point(|node| node.id < name);
        let begin_so = (first..self.nodes.len()).take_while(|at| self.nodes[*at].id.starts_with(name));
        let all: Vec<usize> = begin_so.collect();
        let on_branch: Vec<usize> =
            all.iter().copied().filter(|at| branch.is_none_or(|branch| branch.members.has(*at))).collect();
        let found = if on_branch.is_empty() { &all } else { &on_branch };
        match found.as_slice() {
            [one] => Ok(*one),
            [] => {
                // A folder's whole name.
                let folder = name.split_once('_').and_then(|(id, _)| self.place(id));
                let names =
                    || self.nodes.iter().map(|node| node.id).chain(self.labels.keys().copied()).chain(label::WORDS);
                folder.ok_or_else(|| SelectError::Unknown { name: name.to_owned(), similar: similar(names(), name) })
            }
            several => Err(SelectError::Ambiguous { name: name.to_owned(), candidates: self.owned(several) }),
        }
    }

    fn point(
        &self,
        selector: &Selector,
        branch: Option<&Branch>,
        applied: Option<&Applied<'_, 'a>>,
    ) -> Result<Vec<Option<usize>>, SelectError> {
        let on_branch = |at: &usize| branch.is_none_or(|branch| branch.members.has(*at));
        let heads = || (0..self.nodes.len()).filter(|at| self.children[*at].is_empty()).filter(on_branch);
        match &selector.point {
            Point::Base => Ok(vec![None]),
            Point::Head => {
                let heads: Vec<usize> = heads().collect();
                if heads.len() > 1 {
                    return Err(self.several_heads(selector, &heads));
                }
                Ok(heads.into_iter().map(Some).collect())
            }
            Point::Heads if branch.is_some() => Ok(heads().map(Some).collect()),
            // To have these is to have the others.
            Point::Heads => Ok(heads().filter(|at| self.dependents[*at].is_empty()).map(Some).collect()),
            Point::Current | Point::Relative => {
                let Some(applied) = applied else {
                    return Err(SelectError::NoDatabase { selector: selector.to_string() });
                };
                let current: Vec<_> = applied.tips().filter(on_branch).map(Some).collect();
                match branch {
                    Some(branch) if current.is_empty() => Err(applied.nothing_current(selector, Some(branch))),
                    None if current.is_empty() => Ok(vec![None]),
                    _ => Ok(current),
                }
            }
            Point::Name(name) => {
                let at = self.name(name, branch)?;
                match branch.filter(|branch| !branch.members.has(at)) {
                    None => Ok(vec![Some(at)]),
                    Some(branch) => Err(SelectError::NotOnBranch {
                        revision: self.nodes[at].id.to_owned(),
                        branch: branch.name.clone(),
                        candidates: self.owned(&heads().collect::<Vec<_>>()),
                    }),
                }
            }
        }
    }

    /// The one of `at`; in a graph without revisions `head` is the base.
    pub(super) fn one(&self, selector: &Selector, at: &[Option<usize>]) -> Result<Option<usize>, SelectError> {
        let several = || at.iter().flatten().copied().collect::<Vec<_>>();
        match (at, &selector.point) {
            ([], _) => Ok(None),
            ([one], _) => Ok(*one),
            (_, Point::Current | Point::Relative) => Err(SelectError::SeveralCurrent {
                selector: selector.to_string(),
                current: self.owned(&several()),
                offset: selector.offset,
            }),
            _ => Err(self.several_heads(selector, &several())),
        }
    }

    fn several_heads(&self, selector: &Selector, heads: &[usize]) -> SelectError {
        SelectError::SeveralHeads { selector: selector.to_string(), heads: self.owned(heads) }
    }

    /// From `start` (`None` is the base) as far as the selector counts.
    fn walk(
        &self,
        start: Option<usize>,
        selector: &Selector,
        branch: Option<&Branch>,
    ) -> Result<Option<usize>, SelectError> {
        let up = selector.offset > 0;
        let mut at = start;
        for walked in 0..selector.offset.unsigned_abs() as usize {
            let next: Vec<Option<usize>> = match (up, at) {
                (true, None) => self.bases_on(branch).map(Some).collect(),
                (true, Some(at)) => {
                    let on_branch = |at: &&usize| branch.is_none_or(|branch| branch.members.has(**at));
                    self.children[at].iter().filter(on_branch).copied().map(Some).collect()
                }
                (false, None) => Vec::new(),
                (false, Some(at)) if self.parents[at].is_empty() => vec![None],
                (false, Some(at)) => self.parents[at].iter().copied().map(Some).collect(),
            };
            at = match next.as_slice() {
                [one] => *one,
                [] => {
                    return Err(SelectError::TooFar {
                        selector: selector.to_string(),
                        offset: selector.offset,
                        walked,
                        at: at.map(|at| self.nodes[at].id.to_owned()),
                    });
                }
                _ => {
                    return Err(SelectError::Fork {
                        selector: selector.to_string(),
                        at: at.map(|at| self.nodes[at].id.to_owned()),
                        up,
                        candidates: self.owned(&next.into_iter().flatten().collect::<Vec<_>>()),
                    });
                }
            };
        }
        Ok(at)
    }

    pub(super) fn bases_on<'s>(&'s self, branch: Option<&'s Branch>) -> impl Iterator<Item = usize> + 's {
        (0..self.nodes.len())
            .filter(|at| self.parents[*at].is_empty())
            .filter(move |at| branch.is_none_or(|branch| branch.members.has(*at)))
    }

    pub(super) fn owned(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|at| self.nodes[*at].id.to_owned()).collect()
    }

    /// `at` and what stands below it, over parents alone.
    pub(super) fn line_below(&self, at: usize) -> Set {
        reach(&self.parents, [at])
    }
}
