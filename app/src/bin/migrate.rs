//! `cargo run --bin migrate -- upgrade`: everything that is typed about revisions.

use std::process::ExitCode;

fn main() -> ExitCode {
    diesel_schema::cli::migrate(&recommendation_writer::schema::SCHEMA)
}
