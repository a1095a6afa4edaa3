//! `autogenerate` as a whole, on real servers.

mod build;
mod journey;
mod kinds;
mod live;
mod rules;
mod support;
