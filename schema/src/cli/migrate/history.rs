//! `migrate history`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::{PlanError, Range};

use super::context::{Context, plain};
use super::error::Error;
use crate::cli::print;
use crate::generate::draw;
use crate::upgrade::{UpgradeError, graph_of, standing};

/// List the revisions, the newest first; `*` marks what is applied
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only those from a to b; an end may be open, `-3:current` counts from the other
    #[arg(long, short, value_name = "A:B", allow_hyphen_values = true)]
    range: Option<String>,
    /// Show all that there is to say of each
    #[arg(long, short)]
    verbose: bool,
    /// Draw how they hang together
    #[arg(long, conflicts_with_all = ["verbose", "json"])]
    graph: bool,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let range: Range = arguments.range.as_deref().unwrap_or(":").parse()?;
    let revisions = context.revisions()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let rows = context.rows_if_there();
    let unknown = rows.iter().flatten().filter(|id| !graph.knows(id)).map(String::as_str);
    let mut unknown: Vec<&str> = unknown.collect();
    unknown.sort_unstable();
    if !unknown.is_empty() {
        print::aside(&format!("note: the database is ahead: it also holds {}", unknown.join(", ")));
    }
    let rows = rows.map(|rows| rows.into_iter().filter(|id| graph.knows(id)).collect::<Vec<_>>());
    let applied = rows.as_ref().map(|rows| match standing(&graph, Some(rows)) {
        Err(error @ UpgradeError::Plan(PlanError::Partly { .. })) => {
            print::aside(&format!("note: {error}"));
            let rows: Vec<String> = rows.iter().filter(|id| graph.get(id).is_some()).cloned().collect();
            standing(&graph, Some(&rows))
        }
        applied => applied,
    });
    let applied = applied.transpose()?;
    let mut ids = graph.range(&range, applied.as_ref())?;
    ids.reverse();
    let entries = context.entries(&graph, &revisions.list, applied.as_ref(), &ids);
    if !arguments.graph {
        context.list(&entries, arguments.verbose);
        return Ok(ExitCode::SUCCESS);
    }
    let mark = |id: &str| if applied.as_ref().is_some_and(|applied| applied.has(id)) { '*' } else { 'o' };
    let mut lines = Vec::new();
    for (drawn, entry) in draw(&graph, &ids, mark).into_iter().zip(&entries) {
        lines.extend(drawn.above);
        lines.push(format!("{} {}", drawn.mark, entry.line()));
        lines.extend(drawn.below);
    }
    print::lines(&plain(lines));
    Ok(ExitCode::SUCCESS)
}
