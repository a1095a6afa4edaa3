//! `migrate downgrade TARGET`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::bar::Bar;
use super::context::{Context, Timeouts, say, target};
use super::error::Error;
use crate::cli::{ask, print};
use crate::generate::{self, Tone};
use crate::upgrade::{self, RevisionSet, Runner};

/// Undo what is applied above TARGET
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, base, -N, label@base, rev-N; with --sql also a range a:b, from a down to b
    #[arg(allow_hyphen_values = true)]
    target: String,
    /// Don't ask
    #[arg(long, short)]
    yes: bool,
    /// Print the SQL script instead of running it
    #[arg(long)]
    pub(super) sql: bool,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    undone: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let options = Context::options(&arguments.timeouts)?;
    if arguments.sql {
        if !arguments.target.contains(':') {
            context.database()?;
        }
        let way = context.way(&arguments.target)?;
        print::text(&upgrade::downgrade_script(&context.revisions()?.set(), &way, &options)?);
        return Ok(ExitCode::SUCCESS);
    }
    let target = target(&arguments.target)?;
    let (url, revisions) = context.opened()?;
    let set = context.program.set(&revisions);
    generate::exists(&url)?;
    let mut connection = context.program.establish(&url)?;
    let ids = upgrade::to_undo(&mut *connection, &set, &target)?;
    if !ids.is_empty() && !arguments.yes {
        agree(&set, &ids, context)?;
    }
    let mut undone = Vec::new();
    let bar = Bar::new(context.json);
    let mut tell = |it: &upgrade::Applied| {
        if !context.json {
            bar.above(|| say(Tone::Plain, format!("undone {}", context.shown(&it.folder))));
        }
        undone.push(it.id.clone());
    };
    let more = Context::more(&url);
    let mut connection = Some(connection);
    let heads = bar.around(|| {
        Context::patiently(&options, || {
            // The one that was asked what to undo, and a new one where that fails.
            let mut connection = connection.take().map_or_else(|| context.program.establish(&url), Ok)?;
            Ok(Runner::new(&mut *connection, &more, &set, &options).downgrade(&ids, &mut tell)?)
        })
    })?;
    if context.json {
        print::json(&Done { undone, heads });
    } else if undone.is_empty() {
        say(Tone::Good, format!("nothing to undo: {}", Context::stands_at(&set, &heads)));
    } else {
        say(Tone::Good, Context::stands_at(&set, &heads));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what goes, and asks.
fn agree(set: &RevisionSet<'_>, ids: &[String], context: &Context) -> Result<(), Error> {
    print::aside("to be undone, in this order:");
    for revision in ids.iter().filter_map(|id| set.get(id)) {
        print::aside(&format!("  {}", context.shown(&revision.folder)));
        for loss in upgrade::losses(revision.down.unwrap_or_default(), set.dialect) {
            print::aside(&format!("    {loss}"));
        }
    }
    let mut terminal = ask::Terminal::new();
    let (one, count) = (ids.len() == 1, ids.len());
    if !terminal.is_there() {
        let many = format!("{count} revision{} to be undone", if one { " is" } else { "s are" });
        return Err(Error::NobodyAgrees(many));
    }
    let question = if one { "Undo it?".to_owned() } else { format!("Undo these {count} revisions?") };
    if terminal.yes(question) { Ok(()) } else { Err(Error::Disagreed("undone")) }
}
