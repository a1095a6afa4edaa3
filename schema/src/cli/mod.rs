//! What a developer types: one function per command. It parses, calls, prints; the logic is in `generate`
//! and `upgrade`.

mod ask;
mod autogenerate;
mod import;
mod lint;
mod migrate;
mod print;
mod project;

pub use autogenerate::autogenerate;
pub use migrate::{migrate, migrate_with};
pub use project::project;
