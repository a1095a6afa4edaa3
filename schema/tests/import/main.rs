//! `diesel-schema import`: models of databases that were there before.
//!
//! What is imported of `postgres.sql` and of `sqlite.sql` stands in `postgres/` and `sqlite/`, and is compiled here.
//! `UPDATE_IMPORTED=1` writes it anew.

mod apps;
mod beside_structs;
mod order;
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, clippy::type_complexity, reason = "it is written for a library")]
mod postgres;
mod round;
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, clippy::type_complexity, reason = "it is written for a library")]
mod sqlite;
mod support;
