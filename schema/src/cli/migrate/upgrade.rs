//! `migrate upgrade TARGET`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::{PlanError, Range, Selector};
use serde::Serialize;

use super::bar::Bar;
use super::context::{Context, Target, Timeouts, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::Tone;
use crate::upgrade::{self, Options, RevisionSet, Runner, UpgradeError, graph_of};

/// Apply what is pending up to TARGET
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, head, heads, +N, a branch label, label@head; with --sql also a range a:b
    #[arg(default_value = "heads", allow_hyphen_values = true)]
    target: String,
    /// Print the SQL script instead of running it
    #[arg(long)]
    pub(super) sql: bool,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    applied: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let options = Context::options(&arguments.timeouts)?;
    if arguments.sql {
        return sql(&arguments.target, &options, context);
    }
    let mut targets = vec![Target::one(&arguments.target)?];
    let url = context.database()?;
    let revisions = context.revisions(url.dialect)?;
    let set = context.steps.set(url.dialect, &revisions);
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
            let mut connection = context.steps.establish(&url)?;
            Ok(Runner::new(&mut *connection, &more, &set, &options).upgrade_to(&mut targets, &mut tell)?)
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

fn sql(target: &str, options: &Options, context: &Context) -> Result<ExitCode, Error> {
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    let rows;
    let (applied, to) = match Target::parse(target)? {
        Target::Range(range) => {
            graph.range(&range, None)?;
            let Range { from, to } = range;
            let from: Vec<Selector> = from.into_iter().collect();
            (graph.applied_at(&from)?, to.unwrap_or_else(Selector::heads))
        }
        Target::One(to) => {
            rows = context.rows()?.unwrap_or_default();
            (graph.applied(rows.iter().map(String::as_str)).map_err(UpgradeError::from)?, to)
        }
    };
    let plan = applied.upgrade(&[to]).map_err(|error: PlanError| UpgradeError::from(error))?;
    print::text(&upgrade::script(&set, &plan, options)?);
    Ok(ExitCode::SUCCESS)
}
