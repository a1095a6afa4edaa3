//! `migrate branches`.

use std::process::ExitCode;

use clap::Args;

use super::context::{Context, plain};
use super::error::Error;
use crate::cli::print;
use crate::upgrade::graph_of;

/// List the branch points with what follows them, and the revisions with a branch label
#[derive(Debug, Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let revisions = context.revisions()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let mut ids = graph.branch_points();
    ids.extend(graph.labels().map(|(_, id)| id));
    ids.sort_unstable();
    ids.dedup();
    let entries = context.entries(&graph, &revisions.list, None, &ids);
    if context.json {
        print::json(&entries);
        return Ok(ExitCode::SUCCESS);
    }
    if entries.is_empty() {
        print::aside("there is no branch: the revisions follow one another");
    }
    let mut lines = Vec::new();
    for entry in &entries {
        lines.push(entry.line());
        let children: Vec<&str> = entry.children.iter().map(String::as_str).collect();
        let children = context.entries(&graph, &revisions.list, None, &children);
        lines.extend(children.iter().map(|child| format!("  → {}", child.line())));
    }
    print::lines(&plain(lines));
    Ok(ExitCode::SUCCESS)
}
