//! Autogenerate: models and a live schema → a revision for every dialect, proven before it is written.
//!
//! [`prepare`] does everything but writing, [`Prepared::write`] writes all or nothing.

#[cfg(feature = "lint")]
mod allowed;
mod before;
mod check;
mod compare;
mod contract;
mod costs;
mod drawing;
mod each_revision;
mod edit;
mod entry;
mod error;
mod history;
mod import;
mod in_step;
mod init;
mod known;
#[cfg(feature = "lint")]
mod linted;
mod lost_down;
#[cfg(feature = "lint")]
mod mended;
pub mod name;
mod new_revision;
mod old_name;
mod placement;
mod prepare;
pub mod print_schema;
mod proof;
mod report;
mod revisions;
mod run;
mod schema_rs;
mod scratches;
mod segments;
mod server;
mod sizes;
mod spelling;
mod squash;
mod trace;
mod transition;
mod trash;
pub mod write;

pub use check::{Findings, check};
pub use compare::{CompareError, Comparison, Sides, Source, common_dialect, compare};
pub use contract::Phase;
pub use drawing::{Drawn, draw};
pub use each_revision::{Failing, Gap, ProofError, ProofRequest, Verdict, Which, drift, is_there, prove_each};
pub use edit::{Editable, editable, take_in};
pub use entry::Entry;
pub use error::Error;
pub use import::{ImportError, ImportRequest, Imported, import};
pub use init::{Begun, InitError, init};
#[cfg(feature = "lint")]
pub use linted::{LintError, LintReport, LintRequest, Linted, lint_each, lint_levels};
#[cfg(feature = "lint")]
pub use mended::{Mended, mend};
pub use new_revision::{NewRequest, Written, new_revision};
pub use placement::{Placement, PlacementError};
pub use prepare::{Prepared, PreparedDialect, Request, prepare, prepare_at, prepare_on};
pub use proof::{Proof, Replay};
pub use report::{Line, Tone, report};
pub(crate) use revisions::is_folder_there;
pub use scratches::{Lease, Scratches};
pub use segments::{NOTHING, Segment};
pub use server::{backup, connect, establish, implementation};
pub(crate) use server::{cannot_connect, exists};
pub use spelling::Server;
pub use squash::{SquashError, SquashRequest, Squashed, squash};
pub use trace::{TakenLock, TraceError, Traced, TracedStatement, trace};
pub use transition::{Start, Transition, transition};
pub use trash::{Trash, purge, trash};

use crate::diff::Candidate;

/// Whom to ask what only the developer can know.
pub trait Ask {
    /// Whether something that goes and something that comes are one thing under a new name.
    fn is_rename(&mut self, candidate: &Candidate) -> bool;

    /// Whether these losses of data are meant.
    fn accepts_losses(&mut self, losses: &[String]) -> bool;
}

/// Nobody is there: nothing is a rename, and no loss is accepted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Ask for Nobody {
    fn is_rename(&mut self, _: &Candidate) -> bool {
        false
    }

    fn accepts_losses(&mut self, _: &[String]) -> bool {
        false
    }
}
