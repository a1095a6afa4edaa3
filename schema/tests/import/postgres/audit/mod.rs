//! The tables of the schema `audit`.

mod capitals;
mod entries;

// Globs: what #[model] makes beside a struct has to be seen with it.
pub use self::capitals::*;
pub use self::entries::*;
