//! `migrate upgrade TARGET`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::bar::Bar;
use super::context::{Context, Timeouts, say, target};
use super::error::Error;
use crate::cli::print;
use crate::generate::Tone;
use crate::upgrade;

/// Apply what is pending up to TARGET
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, head, heads, +N, a branch label, label@head; with --sql also a range a:b
    #[arg(default_value = "heads", allow_hyphen_values = true)]
    target: String,
    /// Print the SQL script instead of running it
    #[arg(long)]
    pub(super) sql: bool,
    /// Copy the database into this folder first, where something is pending: with pg_dump, or as an SQLite file
    #[arg(long, value_name = "FOLDER", conflicts_with = "sql")]
    backup: Option<PathBuf>,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    applied: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let mut options = Context::options(&arguments.timeouts)?;
    if arguments.sql {
        let way = context.way(&arguments.target)?;
        print::text(&upgrade::upgrade_script(&context.revisions()?.set(), &way, &options)?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut targets = vec![target(&arguments.target)?];
    let (url, revisions) = context.opened()?;
    let set = context.program.set(&revisions);
    options.before_upgrade = context.program.before(&url, arguments.backup.as_deref())?;
    let mut prepared = false;
    let mut applied = Vec::new();
    let bar = Bar::new(context.json);
    let mut tell = |it: &upgrade::Applied| {
        if !context.json {
            bar.above(|| say(Tone::Plain, format!("applied {}", context.shown(&it.folder))));
        }
        applied.push(it.id.clone());
    };
    let more = Context::more(&url);
    let heads = bar.around(|| {
        Context::patiently(&options, || {
            let mut connection = context.program.establish(&url)?;
            let other = (&more as &upgrade::More<'_>, &mut prepared);
            Ok(upgrade::upgrade_to(&mut *connection, other, &set, &options, &mut targets, &mut tell)?)
        })
    })?;
    if context.json {
        print::json(&Done { applied, heads });
    } else if applied.is_empty() {
        say(Tone::Good, format!("nothing to apply: {}", Context::stands_at(&set, &heads)));
    } else {
        say(Tone::Good, Context::stands_at(&set, &heads));
    }
    Ok(ExitCode::SUCCESS)
}
