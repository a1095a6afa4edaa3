//! `migrate heads`.

use std::process::ExitCode;

use clap::Args;

use super::context::Context;
use super::error::Error;
use crate::upgrade::graph_of;

/// List the heads
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show all that there is to say of each
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let revisions = context.revisions()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    context.list(&context.entries(&graph, &revisions.list, None, &graph.heads()), arguments.verbose);
    Ok(ExitCode::SUCCESS)
}
