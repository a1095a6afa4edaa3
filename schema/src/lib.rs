//! Migrations generated from Diesel models, proven before they are written, and run by the application.
//!
//! The floors, each of which imports only what stands below it:
//! `cli` → `upgrade` → `generate` → `plan` → `diff` → `dialect` → `connection` → `change` → `schema`, beside
//! `revision` (in `diesel-schema-core`), which knows no database.
#![warn(missing_docs)]

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
pub mod plan;
pub mod schema;
pub mod upgrade;

/// What the macros' expansions need; no part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use diesel_migrations;
}

pub use diesel_schema_core::{Dialect, declared, def, embedded, naming};
pub use diesel_schema_macros::embed_migrations;
