//! The tables of the schema `audit`.

mod entries;

// Globs: what #[model] makes beside a struct has to be seen with it.
pub use self::entries::*;
