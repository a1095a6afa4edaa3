//! `autogenerate` as a whole, on real servers.

mod kinds;
mod support;
