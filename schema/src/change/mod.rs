//! Changes and steps as pure data: what the differ finds, and what a dialect renders.
//!
//! They stand below the dialects, which turn the one into the other; `diff` and `plan`, which make and order
//! them, stand above.

mod constraint;
mod difference;
mod fit;
mod reverse;
mod step;
mod table;

pub use constraint::Constraint;
pub use difference::{Change, Target};
pub use fit::{Fit, Works};
pub use step::{Hazard, HazardKind, Plan, Stage, Step, TableLock, Work};
