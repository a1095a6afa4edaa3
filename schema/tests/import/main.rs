//! `migrate import`: models of databases that were there before.

mod apps;
mod support;
