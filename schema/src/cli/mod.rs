//! What a developer types: one function per command. It parses, calls, prints; the logic is in `generate`.

mod ask;
mod autogenerate;
mod print;

pub use autogenerate::autogenerate;
