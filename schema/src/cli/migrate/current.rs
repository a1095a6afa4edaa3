//! `migrate current`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::context::{Context, say};
use super::error::Error;
use super::exit::Found;
use crate::cli::print;
use crate::generate::{self, Tone};
use crate::upgrade::{self, UpgradeError, graph_of};

/// Show where the database stands
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show all that there is to say of each
    #[arg(long, short)]
    verbose: bool,
    /// Exit with 3 where revisions are pending
    #[arg(long)]
    check_heads: bool,
}

#[derive(Serialize)]
struct Standing {
    current: Vec<String>,
    heads: Vec<String>,
    pending: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let (url, revisions) = context.opened()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let mut connection = generate::connect(&url)?;
    let rows = upgrade::applied(&mut *connection)?.unwrap_or_default();
    let applied = graph.applied(rows.iter().map(String::as_str)).map_err(UpgradeError::from)?;
    let (current, pending) = (applied.current(), applied.pending());
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    if context.json {
        let heads = owned(&graph.heads());
        print::json(&Standing { current: owned(&current), heads, pending: owned(&pending) });
    } else {
        let entries = context.entries(&graph, &revisions.list, None, &current);
        if entries.is_empty() {
            say(Tone::Plain, "nothing is applied");
        }
        context.list(&entries, arguments.verbose);
        match pending.as_slice() {
            [] => {}
            [one] => print::aside(&format!("1 revision is pending: {one}; run `migrate upgrade`")),
            many => print::aside(&format!(
                "{} revisions are pending: {}; run `migrate upgrade`",
                many.len(),
                many.join(", ")
            )),
        }
    }
    Ok(if arguments.check_heads && !pending.is_empty() { Found::Pending.into() } else { ExitCode::SUCCESS })
}
