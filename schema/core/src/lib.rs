//! What diesel-schema's macros and its library share: how a schema is declared, the lock file,
//! revisions and their graph.
//!
//! Nothing here talks to a database. A procedural-macro crate can export nothing but macros, so what
//! both the macros (at compile time) and the library (at run time) need lives in this crate of its own.
#![warn(missing_docs)]

pub mod columns_in;
pub mod declared;
pub mod def;
pub mod dialect;
pub mod drift;
pub mod embedded;
mod from_def;
pub mod lock;
pub mod naming;
pub mod revision;
pub mod sql;
pub mod suggest;

pub use dialect::Dialect;
