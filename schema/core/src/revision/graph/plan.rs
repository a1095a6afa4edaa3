//! Which revisions an upgrade or a downgrade runs, in which order.

use super::applied::Applied;
use super::resolve::{Named, Way};
use super::say::list;
use super::select_error::SelectError;
use super::selector::{Point, Selector};
use super::walk::{Set, reach};

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `up.sql`: a row is written.
    Up,
    /// `down.sql`: a row is taken away.
    Down,
}

/// One revision that is applied or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its id.
    pub id: &'a str,
    /// The heads of what is applied that are none any more after it, sorted.
    pub heads_gone: Vec<&'a str>,
    /// The heads of what is applied that are new after it, sorted.
    pub heads_new: Vec<&'a str>,
}

/// What to run, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Up or down.
    pub direction: Direction,
    /// The heads of what is applied before the first step, sorted.
    pub heads_before: Vec<&'a str>,
    /// What is applied without a row: a table of heads alone would forget it. Rows to be written before the first step.
    pub implied: Vec<&'a str>,
    /// The steps.
    pub steps: Vec<Step<'a>>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The selector names no revision.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// The table holds a revision that is not in the graph.
    #[error(
        "the database is ahead: it holds {}, which this binary ({}) does not know; deploy the newer binary, or \
         downgrade with it", list(.unknown), of_heads(.heads)
    )]
    Ahead {
        /// The rows.
        unknown: Vec<String>,
        /// The heads of the graph.
        heads: Vec<String>,
    },
    /// The table holds some of what a revision was squashed from, and not the last of it.
    #[error(
        "the database has applied {} and not yet {revision}, into which they were squashed; upgrade it to {revision} with \
         the build of before that, then use this one", list(.found)
    )]
    Partly {
        /// The squashed revision.
        revision: String,
        /// What of it the table holds.
        found: Vec<String>,
    },
    /// A downgrade to what is not applied.
    #[error("revision {revision} is not applied, so nothing can go down to it; {}", applied(.current))]
    NotApplied {
        /// The revision.
        revision: String,
        /// The heads of what is applied.
        current: Vec<String>,
    },
    /// A downgrade to a revision whose children are not applied, and which others depend on.
    #[error(
        "nothing that is applied has {revision} as its parent, so there is nothing to undo; what depends on it is {}: type \
         `downgrade {instead}` to undo {}", list(.dependents), first(.dependents)
    )]
    OnlyDependents {
        /// The revision.
        revision: String,
        /// What depends on it.
        dependents: Vec<String>,
        /// The selector that undoes the first of them.
        instead: String,
    },
    /// A branch that does not tell apart what follows the target.
    #[error("{selector} goes down to {}, and the branch {branch} goes on from there to {}; type `{instead}`", target.as_deref().unwrap_or("base"), list(.candidates))]
    Fork {
        /// What was typed.
        selector: String,
        /// Where it goes; `None` is the base.
        target: Option<String>,
        /// The branch.
        branch: String,
        /// What follows the target.
        candidates: Vec<String>,
        /// What says it.
        instead: String,
    },
}

fn of_heads(ids: &[String]) -> String {
    match ids {
        [] => "without revisions".to_owned(),
        [one] => format!("head {one}"),
        several => format!("heads {}", list(several)),
    }
}

fn applied(current: &[String]) -> String {
    if current.is_empty() { "nothing is applied".to_owned() } else { format!("the database is at {}", list(current)) }
}

fn first(ids: &[String]) -> &'static str {
    if ids.len() == 1 { "it" } else { "the first of them" }
}

impl<'a> Plan<'a> {
    /// The ids of the steps.
    #[must_use]
    pub fn ids(&self) -> Vec<&'a str> {
        self.steps.iter().map(|step| step.id).collect()
    }

    /// The heads of what is applied after each step. For graphs of a usual shape: the lists of a thousand branches side
    /// by side are as long as they are many.
    #[must_use]
    pub fn heads_after_each(&self) -> Vec<Vec<&'a str>> {
        let mut heads: std::collections::BTreeSet<&str> = self.heads_before.iter().copied().collect();
        let after = |step: &Step<'a>| {
            step.heads_gone.iter().for_each(|id| _ = heads.remove(id));
            heads.extend(&step.heads_new);
            heads.iter().copied().collect()
        };
        self.steps.iter().map(after).collect()
    }
}

impl<'a> Applied<'_, 'a> {
    /// What brings the database up to `targets`: they and all that they need, without what is applied. Nothing else.
    ///
    /// # Errors
    /// A selector names no revision, or does not say which.
    pub fn upgrade(&self, targets: &[Selector]) -> Result<Plan<'a>, PlanError> {
        let mut wanted = Vec::new();
        for target in targets {
            wanted.extend(self.graph.named(target, Some(self), Way::Up)?.at.into_iter().flatten());
        }
        let mut run = reach(&self.graph.needs, wanted);
        run.remove_all(&self.done);
        Ok(self.up(&run))
    }

    /// What takes the database down to `target`: undoes its children that are applied and all that needs these.
    ///
    /// With a branch, as in `label@base` or `label@rev`, only the children on that branch.
    ///
    /// # Errors
    /// The selector names no revision or does not say which, the revision is not applied, or nothing is there to undo
    /// and something depends on it.
    pub fn downgrade(&self, target: &Selector) -> Result<Plan<'a>, PlanError> {
        let named = self.graph.named(target, Some(self), Way::Down)?;
        if target.offset == 0 && matches!(target.point, Point::Current | Point::Relative) {
            return Ok(self.down(&Set::empty(self.graph.nodes.len())));
        }
        let at = self.graph.one(target, &named.at)?;
        let roots = self.roots(target, &named, at)?;
        let mut undo = reach(&self.graph.dependents, roots);
        undo.keep(&self.done);
        if let Some(at) = at.filter(|_| undo.is_empty()) {
            self.nothing_to_undo(at)?;
        }
        Ok(self.down(&undo))
    }

    /// What undoes the revisions `ids` and all that needs them; those that are not applied or not there are passed over.
    #[must_use]
    pub fn undo<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Plan<'a> {
        let mut undo = reach(&self.graph.dependents, self.graph.places(ids));
        undo.keep(&self.done);
        self.down(&undo)
    }

    /// The revisions right above the target `at` that go first.
    fn roots(&self, target: &Selector, named: &Named, at: Option<usize>) -> Result<Vec<usize>, PlanError> {
        let graph = self.graph;
        let above: Vec<usize> = match at {
            None => graph.bases_on(None).collect(),
            Some(at) => graph.children[at].clone(),
        };
        let relative = named.start;
        // A bare offset undoes the line of what it counted from, and not what stands beside it.
        let line = named.branch.as_ref().map(|branch| branch.at).or(relative);
        let Some(line) = line.filter(|_| above.len() > 1) else { return Ok(above) };
        let below = graph.line_below(line);
        let on_line: Vec<usize> = above.iter().copied().filter(|at| below.has(*at)).collect();
        match (on_line.is_empty(), relative) {
            (false, _) => Ok(on_line),
            // The branch begins at the target or below it: all that follows is on it.
            (true, None) => Ok(above),
            (true, Some(start)) => {
                let start = graph.nodes[start].id;
                Err(PlanError::Fork {
                    selector: target.to_string(),
                    target: at.map(|at| graph.nodes[at].id.to_owned()),
                    branch: target.branch.clone().unwrap_or_default(),
                    candidates: graph.owned(&above),
                    instead: format!("{start}@{:+}", target.offset),
                })
            }
        }
    }

    fn nothing_to_undo(&self, at: usize) -> Result<(), PlanError> {
        let graph = self.graph;
        let revision = graph.nodes[at].id.to_owned();
        if !self.done.has(at) {
            return Err(PlanError::NotApplied { revision, current: graph.owned(&self.tips().collect::<Vec<_>>()) });
        }
        let dependents: Vec<usize> = graph.dependents[at].iter().copied().filter(|next| self.done.has(*next)).collect();
        let Some(first) = dependents.first() else { return Ok(()) };
        let below = graph.parents[*first].first().map_or("base", |parent| graph.nodes[*parent].id);
        let instead = format!("{}@{below}", graph.nodes[*first].id);
        Err(PlanError::OnlyDependents { revision, dependents: graph.owned(&dependents), instead })
    }

    fn up(&self, run: &Set) -> Plan<'a> {
        let graph = self.graph;
        let mut heads = Set::empty(graph.nodes.len());
        self.tips().for_each(|at| _ = heads.add(at));
        let step = |at: usize| {
            let gone: Vec<usize> = graph.needs[at].iter().copied().filter(|need| heads.has(*need)).collect();
            gone.iter().for_each(|at| heads.remove(*at));
            heads.add(at);
            let id = graph.nodes[at].id;
            Step { id, heads_gone: graph.ids(gone), heads_new: vec![id] }
        };
        let steps = graph.order.iter().copied().filter(|at| run.has(*at)).map(step).collect();
        self.plan(Direction::Up, steps)
    }

    fn down(&self, undo: &Set) -> Plan<'a> {
        let graph = self.graph;
        // How many of what is applied need each.
        let mut needed: Vec<usize> = vec![0; graph.nodes.len()];
        self.done.iter().for_each(|at| graph.needs[at].iter().for_each(|need| needed[*need] += 1));
        let step = |at: usize| {
            let mut new = Vec::new();
            for &need in &graph.needs[at] {
                needed[need] -= 1;
                if needed[need] == 0 {
                    new.push(need);
                }
            }
            let id = graph.nodes[at].id;
            Step { id, heads_gone: vec![id], heads_new: graph.ids(new) }
        };
        let steps = graph.order.iter().rev().copied().filter(|at| undo.has(*at)).map(step).collect();
        self.plan(Direction::Down, steps)
    }

    fn plan(&self, direction: Direction, steps: Vec<Step<'a>>) -> Plan<'a> {
        Plan { direction, heads_before: self.current(), implied: self.implied(), steps }
    }
}
