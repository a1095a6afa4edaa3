//! `migrate stamp TARGET`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::context::{Context, Timeouts, say, target};
use super::error::Error;
use crate::cli::print;
use crate::generate::{self, Tone};
use crate::upgrade::{self, Runner};

/// Say that the database stands at TARGET, without running anything
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, head, heads, base, a branch label, label@base; with --sql also a range a:b
    #[arg(allow_hyphen_values = true)]
    target: String,
    /// Forget everything that is applied first, also what no revision has
    #[arg(long)]
    purge: bool,
    /// Print the SQL script instead of running it
    #[arg(long, conflicts_with = "purge")]
    pub(super) sql: bool,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    removed: Vec<String>,
    added: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    if arguments.sql {
        let way = context.way(&arguments.target)?;
        print::text(&upgrade::stamp_script(&context.revisions()?.set(), &way)?);
        return Ok(ExitCode::SUCCESS);
    }
    let target = target(&arguments.target)?;
    let (url, revisions) = context.opened()?;
    let set = revisions.set();
    let mut connection = generate::establish(&url)?;
    let (more, options) = (Context::more(&url), Context::options(&arguments.timeouts)?);
    let stamped = Runner::new(&mut *connection, &more, &set, &options).stamp(&[target], arguments.purge)?;
    if context.json {
        let upgrade::Stamped { removed, added, heads } = stamped;
        print::json(&Done { removed, added, heads });
        return Ok(ExitCode::SUCCESS);
    }
    for (what, ids) in
        [("not applied any more, says the table:", &stamped.removed), ("applied, says the table:", &stamped.added)]
    {
        if !ids.is_empty() {
            say(Tone::Plain, format!("{what} {}", ids.join(", ")));
        }
    }
    let nothing = stamped.removed.is_empty() && stamped.added.is_empty();
    let stands = Context::stands_at(&set, &stamped.heads);
    say(Tone::Good, if nothing { format!("nothing to stamp: {stands}") } else { stands });
    Ok(ExitCode::SUCCESS)
}
