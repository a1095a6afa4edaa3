//! The revisions between two selectors: what `history` lists.

use super::Graph;
use super::applied::Applied;
use super::resolve::{Branch, Named, Way};
use super::say::{either, list};
use super::select_error::SelectError;
use super::selector::{Point, Range, Selector};
use super::walk::{Set, reach};

/// What counts as between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Between {
    /// The lower end too.
    pub inclusive: bool,
    /// Also what the upper end needs and does not come after the lower one.
    pub everything: bool,
}

/// Why there is nothing between two selectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// A selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// The lower end does not come before the upper one.
    #[error("{from} does not come before {}; {}", upper(.to), advice(*.turned))]
    NotBefore {
        /// The lower end.
        from: String,
        /// The upper end.
        to: Vec<String>,
        /// Whether it would be right the other way around.
        turned: bool,
    },
    /// One end names two revisions of which one comes before the other.
    #[error("{below} comes before {above}, and both are named as the same end of the range; name one of them")]
    Overlap {
        /// The lower of the two.
        below: String,
        /// The upper.
        above: String,
    },
    /// One end counts from the other, and that names several revisions.
    #[error("{selector} counts from the other end of the range, which is {}; type {}", and(.ends), ranges(.selector, *.lower, .ends))]
    SeveralEnds {
        /// What counts.
        selector: String,
        /// Whether it is the lower end.
        lower: bool,
        /// What the other end names.
        ends: Vec<String>,
    },
    /// Each end counts from the other.
    #[error("{from}:{to} says nowhere to count from; name a revision at one end")]
    Relative {
        /// The lower end.
        from: String,
        /// The upper end.
        to: String,
    },
}

fn upper(to: &[String]) -> String {
    if to.is_empty() { "base".to_owned() } else { list(to) }
}

/// `a and b`.
fn and(ids: &[String]) -> String {
    if let [first, second] = ids { format!("{first} and {second}") } else { list(ids) }
}

/// The range with one revision at the end that is counted from.
fn ranges(selector: &str, lower: bool, ends: &[String]) -> String {
    let one = |id: &String| if lower { format!("`{selector}:{id}`") } else { format!("`{id}:{selector}`") };
    either(&ends.iter().map(one).collect::<Vec<_>>())
}

/// An end of a range counts from the other end, and not from what is applied.
fn counted(selector: &Selector, lower: bool, error: SelectError) -> RangeError {
    match error {
        SelectError::SeveralCurrent { current, .. } => {
            RangeError::SeveralEnds { selector: selector.to_string(), lower, ends: current }
        }
        other => other.into(),
    }
}

fn advice(turned: bool) -> &'static str {
    if turned {
        "type the range the other way around"
    } else {
        "`migrate history --graph` draws how they hang together"
    }
}

impl<'a> Graph<'a> {
    /// The revisions of a range, each after all that it needs: the upper end and what it needs that comes after the
    /// lower end, and the lower end itself. An open end is `base` or `heads`. A bare offset counts from the other end:
    /// `-3:current` are the last three and what they start from.
    ///
    /// # Errors
    /// A selector names no revision, or the ends do not follow each other.
    pub fn range(&self, range: &Range, applied: Option<&Applied<'_, 'a>>) -> Result<Vec<&'a str>, RangeError> {
        let heads = Selector::heads();
        let from: Vec<Selector> = range.from.iter().cloned().collect();
        let to = [range.to.clone().unwrap_or(heads)];
        self.between(&from, &to, applied, Between { inclusive: true, everything: false })
    }

    /// As [`Graph::range`], with several selectors at an end, and a choice of what counts; no selector is the base.
    ///
    /// # Errors
    /// As [`Graph::range`].
    pub fn between(
        &self,
        from: &[Selector],
        to: &[Selector],
        applied: Option<&Applied<'_, 'a>>,
        between: Between,
    ) -> Result<Vec<&'a str>, RangeError> {
        let counts = |ends: &[Selector]| ends.iter().find(|end| end.point == Point::Relative).cloned();
        let (lower, upper, branch) = match (counts(from), counts(to)) {
            (Some(from), Some(to)) => {
                return Err(RangeError::Relative { from: from.to_string(), to: to.to_string() });
            }
            (None, Some(end)) => {
                let (lower, branch) = self.ends(from, applied)?;
                let upper = self.ends(to, Some(&self.standing_at(&lower)));
                let (upper, _) = upper.map_err(|error| counted(&end, false, error))?;
                (lower, upper, branch)
            }
            (Some(end), None) => {
                let (upper, _) = self.ends(to, applied)?;
                let lower = self.ends(from, Some(&self.standing_at(&upper)));
                let (lower, branch) = lower.map_err(|error| counted(&end, true, error))?;
                (lower, upper, branch)
            }
            (None, None) => {
                let (lower, branch) = self.ends(from, applied)?;
                (lower, self.ends(to, applied)?.0, branch)
            }
        };
        let on_branch = |at: &usize| branch.as_ref().is_none_or(|branch| branch.members.has(*at));
        let upper: Vec<usize> = upper.into_iter().filter(on_branch).collect();
        self.no_overlap(&lower)?;
        self.no_overlap(&upper)?;
        let mut found = reach(&self.needs, upper.iter().copied());
        let below = reach(&self.needs, lower.iter().copied());
        if let Some(at) = lower.iter().find(|at| !between.everything && !found.has(**at)) {
            let turned = upper.iter().any(|upper| below.has(*upper));
            let from = self.nodes[*at].id.to_owned();
            return Err(RangeError::NotBefore { from, to: self.owned(&upper), turned });
        }
        found.remove_all(&below);
        if between.inclusive {
            lower.iter().for_each(|at| _ = found.add(*at));
        }
        if !lower.is_empty() && !between.everything {
            found.keep(&reach(&self.children, lower.iter().copied()));
        }
        Ok(self.ids(self.order.iter().copied().filter(|at| found.has(*at))))
    }

    /// The places that selectors name, each once, and the branch of the only one of them.
    fn ends(
        &self,
        selectors: &[Selector],
        applied: Option<&Applied<'_, 'a>>,
    ) -> Result<(Vec<usize>, Option<Branch>), SelectError> {
        let mut places = Vec::new();
        let mut of = None;
        for selector in selectors {
            let Named { branch, at, .. } = self.named(selector, applied, Way::Any)?;
            places.extend(at.into_iter().flatten());
            of = branch;
        }
        places.sort_unstable();
        places.dedup();
        Ok((places, of.filter(|_| selectors.len() == 1)))
    }

    fn standing_at(&self, places: &[usize]) -> Applied<'_, 'a> {
        let done: Set = reach(&self.needs, places.iter().copied());
        Applied { graph: self, rows: done.clone(), done, replaced: Vec::new() }
    }

    fn no_overlap(&self, ends: &[usize]) -> Result<(), RangeError> {
        let needs = ends.iter().flat_map(|at| self.needs[*at].iter().copied());
        let below = reach(&self.needs, needs);
        let Some(at) = ends.iter().find(|at| below.has(**at)) else { return Ok(()) };
        let above = {
            let above = reach(&self.dependents, [*at]);
            ends.iter().find(|end| *end != at && above.has(**end))
        };
        let id = |at: &usize| self.nodes[*at].id.to_owned();
        Err(RangeError::Overlap { below: id(at), above: above.map(id).unwrap_or_default() })
    }
}
