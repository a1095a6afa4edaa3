//! What a developer types: one function per command. It parses, calls, prints; the logic is in `generate`
//! and `upgrade`.

mod ask;
mod autogenerate;
mod import;
mod migrate;
mod print;

pub use autogenerate::autogenerate;
pub use migrate::project::project;
pub use migrate::{Migrate, migrate};
