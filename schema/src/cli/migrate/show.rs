//! `migrate show REV`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::{Applied, Selector};

use super::context::{Context, plain, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::{Line, Tone};
use crate::upgrade::{UpgradeError, graph_of};

/// Show a revision and its SQL
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, head, heads, current, a branch label, rev-N
    #[arg(allow_hyphen_values = true)]
    revision: String,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let selector: Selector = arguments.revision.parse()?;
    let revisions = context.revisions()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let rows = context.rows_if_there();
    let known = rows.as_ref().map(|rows| rows.iter().map(String::as_str).filter(|id| graph.get(id).is_some()));
    let applied: Option<Applied<'_, '_>> =
        known.map(|known| graph.applied(known).map_err(UpgradeError::from)).transpose()?;
    let ids = graph.resolve(&selector, applied.as_ref())?;
    let entries = context.entries(&graph, &revisions.list, applied.as_ref(), &ids);
    if context.json {
        print::json(&entries);
        return Ok(ExitCode::SUCCESS);
    }
    if entries.is_empty() {
        say(Tone::Plain, format!("nothing to show: {} names no revision", arguments.revision));
    }
    for (entry, revision) in entries.iter().zip(ids.iter().filter_map(|id| set.get(id))) {
        print::lines(&plain(entry.details()));
        for (file, sql) in [("up.sql", Some(revision.up)), ("down.sql", revision.down)] {
            let Some(sql) = sql else { continue };
            let heading = Line { tone: Tone::Heading, text: format!("  {file}") };
            let lines = sql.trim_end().lines();
            let lines = lines.map(|line| Line { tone: Tone::Sql, text: format!("    {line}").trim_end().to_owned() });
            print::lines(&std::iter::once(heading).chain(lines).collect::<Vec<_>>());
        }
    }
    Ok(ExitCode::SUCCESS)
}
