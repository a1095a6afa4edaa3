//! Exit codes: what each means, whichever command gives it.

use std::fmt::Write as _;
use std::process::ExitCode;

/// What a command found that is no fault of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Found {
    Pending = 3,
    Lock = 4,
    Live = 5,
    Files = 6,
    Proof = 7,
    Drift = 8,
}

impl From<Found> for ExitCode {
    fn from(found: Found) -> Self {
        Self::from(found as u8)
    }
}

const MEANINGS: [(u8, &str); 9] = [
    (0, "all went well"),
    (1, "something went wrong; `diff --exit-code`: both sides differ"),
    (2, "it was typed wrongly; `diff --exit-code`: something went wrong"),
    (Found::Pending as u8, "revisions are pending: `check`, `current --check-heads`"),
    (Found::Lock as u8, "models or revisions are not those of schema.lock: `check`"),
    (Found::Live as u8, "models and the live schema differ: `check`"),
    (Found::Files as u8, "files of applied revisions changed: `check`"),
    (Found::Proof as u8, "a revision does not hold: `prove`"),
    (Found::Drift as u8, "the live schema is not what its revisions add up to: `prove`"),
];

/// All of them, below the help.
pub(super) fn table() -> String {
    let mut text = "Exit codes, the first that holds:\n".to_owned();
    for (code, meaning) in MEANINGS {
        let _ = writeln!(text, "  {code}  {}", meaning.replace('`', ""));
    }
    text
}
