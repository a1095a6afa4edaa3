//! `cargo run --bin autogenerate -- "add user nickname"`: models → migrations.

use std::process::ExitCode;

fn main() -> ExitCode {
    diesel_schema::cli::autogenerate(&recommendation_writer::schema::SCHEMA)
}
