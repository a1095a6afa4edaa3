//! `migrate downgrade TARGET`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::{Range, Selector};
use serde::Serialize;

use super::bar::Bar;
use super::context::{Context, Target, Timeouts, say};
use super::error::Error;
use crate::cli::{ask, print};
use crate::generate::{self, Tone};
use crate::upgrade::{self, Options, RevisionSet, Runner, UpgradeError, graph_of};

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
        return sql(&arguments.target, &options, context);
    }
    let target = Target::one(&arguments.target)?;
    let url = context.database()?;
    let revisions = context.revisions(url.dialect)?;
    let set = context.steps.set(url.dialect, &revisions);
    generate::exists(&url)?;
    let mut connection = context.steps.establish(&url)?;
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
    let heads = bar.around(|| Runner::new(&mut *connection, &more, &set, &options).downgrade(&ids, &mut tell))?;
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
        let many = format!("{count} revision{}", if one { " is" } else { "s are" });
        return Err(Error::NobodyAgrees(many));
    }
    let question = if one { "Undo it?".to_owned() } else { format!("Undo these {count} revisions?") };
    if terminal.yes(question) { Ok(()) } else { Err(Error::Disagreed) }
}

fn sql(target: &str, options: &Options, context: &Context) -> Result<ExitCode, Error> {
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    let rows;
    let (applied, to) = match Target::parse(target)? {
        Target::Range(Range { from, to }) => {
            let from = from.unwrap_or_else(Selector::heads);
            (graph.applied_at(&[from])?, to.unwrap_or_else(Selector::base))
        }
        Target::One(to) => {
            rows = context.rows()?.ok_or(Error::NoUrl)?;
            (graph.applied(rows.iter().map(String::as_str)).map_err(UpgradeError::from)?, to)
        }
    };
    let plan = applied.downgrade(&to).map_err(UpgradeError::from)?;
    print::text(&upgrade::script(&set, &plan, options)?);
    Ok(ExitCode::SUCCESS)
}
