//! `migrate history`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::Range;

use super::context::Context;
use super::error::Error;
use crate::upgrade::{RevisionSet, UpgradeError, graph_of};

/// List the revisions, the newest first; `*` marks what is applied
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only those from a to b; an end may be open, `-3:current` counts from the other
    #[arg(long, short, value_name = "A:B", allow_hyphen_values = true)]
    range: Option<String>,
    /// Show all that there is to say of each
    #[arg(long, short)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let range: Range = arguments.range.as_deref().unwrap_or(":").parse()?;
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    let rows = context.rows_if_there();
    let known = rows.as_ref().map(|rows| rows.iter().map(String::as_str).filter(|id| graph.get(id).is_some()));
    let applied = known.map(|known| graph.applied(known).map_err(UpgradeError::from)).transpose()?;
    let mut ids = graph.range(&range, applied.as_ref())?;
    ids.reverse();
    context.list(&context.entries(&graph, &revisions, applied.as_ref(), &ids), arguments.verbose);
    Ok(ExitCode::SUCCESS)
}
