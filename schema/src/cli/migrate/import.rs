//! `migrate import`.

use std::process::ExitCode;

use clap::Args;

use super::context::Context;
use super::error::Error;
use crate::cli::import;

/// Write models for a database that is there, or for the revisions of a Diesel folder
///
/// A file for each table, enums, `sql/` files for what no struct can say, the `schema!` call, schema.lock, and an initial
/// revision that is recorded as applied in that database, and not run there. Revisions that are there stay the history.
/// Names that the server would pick are left out, all others are kept. No file is overwritten.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    import: import::Arguments,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    import::run(&arguments.import, context.url()?, &context.directory, &context.project, context.json)?;
    Ok(ExitCode::SUCCESS)
}
