//! `migrate heads`.

use std::process::ExitCode;

use clap::Args;

use super::context::Context;
use super::error::Error;
use crate::upgrade::{RevisionSet, graph_of};

/// List the heads
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show all that there is to say of each
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    context.list(&context.entries(&graph, &revisions, None, &graph.heads()), arguments.verbose);
    Ok(ExitCode::SUCCESS)
}
