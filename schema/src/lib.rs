//! Migrations generated from Diesel models, proven before they are written, and run by the application.
//!
//! The floors, each of which imports only what stands below it:
//! `cli` → `upgrade` → `generate` → `plan` → `diff` → `dialect` → `connection` → `change` → `schema`, beside
//! `revision` (in `diesel-schema-core`), which knows no database.
#![warn(missing_docs)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod config;
pub mod connection;
pub mod dialect;
pub mod diff;
#[cfg(feature = "cli")]
pub mod generate;
#[cfg(feature = "lint")]
pub mod lint;
pub mod model;
pub mod plan;
pub mod prelude;
pub mod schema;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod upgrade;

pub use diesel_schema_core::{Dialect, declared, def, drift, embedded, naming};
pub use diesel_schema_macros::embed_migrations;
