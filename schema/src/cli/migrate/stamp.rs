//! `migrate stamp TARGET`.

use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::{Range, Selector};
use serde::Serialize;

use super::context::{Context, Target, Timeouts, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::{self, Tone};
use crate::upgrade::{self, RevisionSet, Runner, UpgradeError, graph_of};

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
}

#[derive(Serialize)]
struct Done {
    removed: Vec<String>,
    added: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    if arguments.sql {
        return sql(&arguments.target, context);
    }
    let target = Target::one(&arguments.target)?;
    let url = context.database()?;
    let revisions = context.revisions(url.dialect)?;
    let set = RevisionSet::new(url.dialect, &revisions);
    let mut connection = generate::establish(&url)?;
    let (more, options) = (Context::more(&url), Context::options(&Timeouts::default())?);
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

fn sql(target: &str, context: &Context) -> Result<ExitCode, Error> {
    let dialect = context.dialect()?;
    let revisions = context.revisions(dialect)?;
    let set = RevisionSet::new(dialect, &revisions);
    let graph = graph_of(&set)?;
    let rows;
    let (applied, to) = match Target::parse(target)? {
        Target::Range(Range { from, to }) => {
            let from: Vec<Selector> = from.into_iter().collect();
            (graph.applied_at(&from)?, to.unwrap_or_else(Selector::heads))
        }
        Target::One(to) => {
            rows = context.rows()?.unwrap_or_default();
            (graph.applied(rows.iter().map(String::as_str)).map_err(UpgradeError::from)?, to)
        }
    };
    let stamp = applied.stamp(&[to]).map_err(UpgradeError::from)?;
    print::text(&upgrade::stamp_script(dialect, &stamp));
    Ok(ExitCode::SUCCESS)
}
