//! `migrate repair`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::context::{Context, Timeouts, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::{self, Tone};
use crate::upgrade::{self, Runner, UpgradeError, graph_of};

/// Accept the files of applied revisions as they are, where they changed after they were applied
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ids or their beginnings; none: all that changed
    revisions: Vec<String>,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    repaired: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let options = Context::options(&arguments.timeouts)?;
    let (url, revisions) = context.opened()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let mut connection = generate::connect(&url)?;
    let rows = upgrade::applied(&mut *connection)?.unwrap_or_default();
    let applied = graph.applied(rows.iter().map(String::as_str)).map_err(UpgradeError::from)?;
    let mut ids = Vec::new();
    for text in &arguments.revisions {
        ids.extend(graph.resolve(&text.parse()?, Some(&applied))?.into_iter().map(str::to_owned));
    }
    let mut unfinished = Vec::new();
    for id in &ids {
        if upgrade::accept_unfinished(&mut *connection, &set, id, &options)? {
            unfinished.push(id.clone());
        }
    }
    if !context.json {
        for id in &unfinished {
            say(
                Tone::Plain,
                format!("accepted {id} as it is now: `migrate upgrade` goes on behind what is done of it"),
            );
        }
    }
    let named = !ids.is_empty();
    ids.retain(|id| rows.contains(id) || !unfinished.contains(id));
    if named && ids.is_empty() {
        if context.json {
            print::json(&Done { repaired: unfinished });
        }
        return Ok(ExitCode::SUCCESS);
    }
    let more = Context::more(&url);
    let repaired = Runner::new(&mut *connection, &more, &set, &options).repair(&ids)?;
    if context.json {
        print::json(&Done { repaired: repaired.into_iter().map(|it| it.revision).collect() });
        return Ok(ExitCode::SUCCESS);
    }
    for it in &repaired {
        say(Tone::Plain, format!("accepted {}: {}", context.shown(&it.folder), it.checksums()));
    }
    if repaired.is_empty() {
        say(Tone::Good, "nothing to repair: no files changed that are known to be applied");
    }
    Ok(ExitCode::SUCCESS)
}
