//! `autogenerate` as a whole, on real servers.

mod build;
mod copies;
mod journey;
mod kept;
mod kinds;
mod linted;
mod live;
mod lost_down;
mod online;
#[cfg(feature = "testing")]
mod property;
mod replays;
#[cfg(feature = "testing")]
mod rows;
mod rules;
mod schema_rs;
mod support;
mod two_releases;
