//! `migrate history`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::Range;
use serde::Serialize;

use super::context::{Context, plain};
use super::error::Error;
use crate::cli::print;
use crate::generate::{Entry, draw};
use crate::upgrade::{Event, RevisionSet, UpgradeError, graph_of};

/// List the revisions, the newest first; `*` marks what is applied
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only those from a to b; an end may be open, `-3:current` counts from the other
    #[arg(long, short, value_name = "A:B", allow_hyphen_values = true)]
    range: Option<String>,
    /// Show all that there is to say of each, and when it was applied, how long that took, by whom
    #[arg(long, short)]
    verbose: bool,
    /// Draw how they hang together
    #[arg(long, conflicts_with_all = ["verbose", "json"])]
    graph: bool,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let range: Range = arguments.range.as_deref().unwrap_or(":").parse()?;
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    let rows = context.rows_if_there();
    let unknown = rows.iter().flatten().filter(|id| graph.get(id).is_none()).map(String::as_str);
    let mut unknown: Vec<&str> = unknown.collect();
    unknown.sort_unstable();
    if !unknown.is_empty() {
        print::aside(&format!("note: the database is ahead: it also holds {}", unknown.join(", ")));
    }
    let known = rows.as_ref().map(|rows| rows.iter().map(String::as_str).filter(|id| graph.get(id).is_some()));
    let applied = known.map(|known| graph.applied(known).map_err(UpgradeError::from)).transpose()?;
    let mut ids = graph.range(&range, applied.as_ref())?;
    ids.reverse();
    let entries = context.entries(&graph, &revisions, applied.as_ref(), &ids);
    if !arguments.graph && arguments.verbose && rows.is_some() {
        print_events(entries, context);
        return Ok(ExitCode::SUCCESS);
    }
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

/// A revision, and what was done with it in the database.
#[derive(Serialize)]
struct Known {
    #[serde(flatten)]
    entry: Entry,
    events: Vec<Event>,
}

/// Prints all that there is to say of revisions, with what was done to the database.
fn print_events(entries: Vec<Entry>, context: &Context) {
    let all = context.events().unwrap_or_else(|error| {
        print::aside(&format!("note: what was done is not shown: {error}"));
        Vec::new()
    });
    let known = |entry: Entry| {
        let events = all.iter().filter(|event| event.revision == entry.id).cloned().collect();
        Known { entry, events }
    };
    let known: Vec<Known> = entries.into_iter().map(known).collect();
    if context.json {
        return print::json(&known);
    }
    let mut lines = Vec::new();
    for (at, Known { entry, events }) in known.iter().enumerate() {
        lines.extend((at > 0).then(String::new));
        lines.extend(entry.details());
        lines.extend(events.iter().map(|event| format!("  {}", event.line())));
    }
    print::lines(&plain(lines));
}
