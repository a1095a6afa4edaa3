//! `autogenerate` as a whole, on real servers.

mod kinds;
mod schema_rs;
mod support;
