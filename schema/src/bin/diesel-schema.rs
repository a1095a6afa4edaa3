//! `diesel-schema init`: for a project whose own binaries are not there yet.

use std::process::ExitCode;

fn main() -> ExitCode {
    diesel_schema::cli::project()
}
