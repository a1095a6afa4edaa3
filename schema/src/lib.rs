//! Migrations generated from Diesel models, proven before they are written, and run by the application.
//!
//! The floors, each of which imports only what stands below it:
//! `cli` → `upgrade` → `generate` → `plan` → `diff` → `dialect` → `connection` → `change` → `schema`, beside
//! `revision` (in `diesel-schema-core`), which knows no database.
#![warn(missing_docs)]

pub mod change;
pub mod connection;
pub mod dialect;
pub mod diff;
pub mod model;
pub mod plan;
pub mod prelude;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod schema;

pub use diesel_schema_core::{Dialect, declared, def, embedded, naming};
