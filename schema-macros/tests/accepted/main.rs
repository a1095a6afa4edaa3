//! Models that are no mistake, as an application declares them, and what it does with them.
#![allow(dead_code, unreachable_pub)]

mod joins;
mod minimal;
mod unusual;
