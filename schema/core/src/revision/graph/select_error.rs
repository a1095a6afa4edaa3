//! Why a selector names no revision of a graph.

use super::say::{either, list, merge};

/// Why a selector names no revision of this graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectError {
    /// No id and no label.
    #[error("no revision begins with {name}, and no branch label is called so; {}{ALL}", meant(.similar))]
    Unknown {
        /// What was typed.
        name: String,
        /// What may have been meant.
        similar: Vec<String>,
    },
    /// What stands before the `@` is no branch.
    #[error("there is no branch {name}: no branch label is called so, and no revision begins so; {}{BRANCHES}", meant(.similar))]
    UnknownBranch {
        /// What was typed.
        name: String,
        /// What may have been meant.
        similar: Vec<String>,
    },
    /// Several ids begin so.
    #[error("several revisions begin with {name}: {}; type more of the id", list(.candidates))]
    Ambiguous {
        /// What was typed.
        name: String,
        /// The ids.
        candidates: Vec<String>,
    },
    /// The revision is neither before nor after what the branch names.
    #[error("revision {revision} is not on the branch {branch}; type {revision} alone, or a revision of that branch, such as {}", either(.candidates))]
    NotOnBranch {
        /// The revision.
        revision: String,
        /// The branch, as typed.
        branch: String,
        /// Heads of the branch.
        candidates: Vec<String>,
    },
    /// One head is asked for, and there are more.
    #[error("several heads: {}; run {}, or type one of them instead of {selector}{}", list(.heads), merge(.heads), all(.selector))]
    SeveralHeads {
        /// What was typed.
        selector: String,
        /// The heads.
        heads: Vec<String>,
    },
    /// What is applied has several heads, and the selector does not say from which to count.
    #[error("several revisions are current: {}; {selector} does not say which is meant: type {}", list(.current), relative(.current, *.offset))]
    SeveralCurrent {
        /// What was typed.
        selector: String,
        /// The heads of what is applied.
        current: Vec<String>,
        /// How far the selector counts.
        offset: i32,
    },
    /// There is nothing to count from.
    #[error("nothing{} is applied, so {selector} has nothing to count from; the first revisions are {}", on(.branch), list(.bases))]
    NothingCurrent {
        /// What was typed.
        selector: String,
        /// The branch, as typed.
        branch: Option<String>,
        /// Where one could begin.
        bases: Vec<String>,
    },
    /// The way forks.
    #[error("{selector} is ambiguous: {} {} are {}; type one of them", if *.up { "after" } else { "before" }, at.as_deref().unwrap_or("base"), list(.candidates))]
    Fork {
        /// What was typed.
        selector: String,
        /// Where; `None` is the base.
        at: Option<String>,
        /// Whether it counts up.
        up: bool,
        /// What comes next there.
        candidates: Vec<String>,
    },
    /// The graph ends before the count does.
    #[error("{selector} counts too far: after {walked} of {} it is at {}", offset.unsigned_abs(), end(.at.as_deref(), *.offset))]
    TooFar {
        /// What was typed.
        selector: String,
        /// How far it counts.
        offset: i32,
        /// How many there are.
        walked: usize,
        /// The last of them; `None` is the base.
        at: Option<String>,
    },
    /// `upgrade -1` or `downgrade +1`.
    #[error("{selector} counts {}, and that is not the way of {}; type `{}`", if *.offset < 0 { "down" } else { "up" }, way(*.offset), other(.selector, *.offset))]
    WrongWay {
        /// What was typed.
        selector: String,
        /// How far it counts.
        offset: i32,
    },
    /// `current` or `+1` where no database was asked.
    #[error("{selector} counts from what is applied in a database, and none was asked; name a revision instead")]
    NoDatabase {
        /// What was typed.
        selector: String,
    },
}

const ALL: &str = "`migrate history` lists all";
const BRANCHES: &str = "`migrate branches` lists all";

fn meant(similar: &[String]) -> String {
    if similar.is_empty() { String::new() } else { format!("did you mean {}? ", either(similar)) }
}

fn all(selector: &str) -> String {
    if selector.ends_with("head") { format!(", or `{selector}s` for all") } else { String::new() }
}

fn on(branch: &Option<String>) -> String {
    branch.as_ref().map(|branch| format!(" of the branch {branch} alone")).unwrap_or_default()
}

fn relative(current: &[String], offset: i32) -> String {
    let one = |id: &String| if offset == 0 { format!("`{id}`") } else { format!("`{id}@{offset:+}`") };
    either(&current.iter().map(one).collect::<Vec<_>>())
}

fn end(at: Option<&str>, offset: i32) -> String {
    match at {
        None if offset < 0 => "base, and there is nothing below".to_owned(),
        None => "base, and there is nothing above".to_owned(),
        Some(id) if offset < 0 => format!("{id}, and there is nothing below"),
        Some(id) => format!("{id}, and there is nothing above"),
    }
}

fn way(offset: i32) -> &'static str {
    if offset < 0 { "an upgrade" } else { "a downgrade" }
}

fn other(selector: &str, offset: i32) -> String {
    if offset < 0 { format!("downgrade {selector}") } else { format!("upgrade {selector}") }
}
