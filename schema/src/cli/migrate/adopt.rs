//! `migrate adopt`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::context::{Context, Timeouts, say};
use super::error::Error;
use crate::cli::{ask, print};
use crate::generate::{self, Tone};
use crate::upgrade::{self, Adoption, Runner, Tool};

/// Take over a database that Alembic, sqlx or refinery migrated: stamp what their table says
///
/// Says what would be stamped and asks. Their own table stays as it is.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Whose table counts, where there are several: alembic, sqlx, refinery or diesel
    #[arg(long, value_name = "TOOL")]
    from: Option<Tool>,
    /// Don't ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    timeouts: Timeouts,
}

#[derive(Serialize)]
struct Done {
    from: String,
    found: Vec<String>,
    removed: Vec<String>,
    added: Vec<String>,
    heads: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let (url, revisions) = context.opened()?;
    let set = revisions.set();
    let mut connection = generate::connect(&url)?;
    let adoption = upgrade::adoption(&mut *connection, &set, arguments.from)?;
    let nothing = adoption.add.is_empty() && adoption.remove.is_empty();
    if !nothing && !arguments.yes {
        agree(&adoption)?;
    }
    let (more, options) = (Context::more(&url), Context::options(&arguments.timeouts)?);
    Runner::new(&mut *connection, &more, &set, &options).adopt(&adoption)?;
    let stands = Context::stands_at(&set, &adoption.heads);
    if context.json {
        let Adoption { tool, found, remove, add, heads, .. } = adoption;
        print::json(&Done { from: tool.to_string(), found, removed: remove, added: add, heads });
    } else if nothing {
        say(Tone::Good, format!("nothing to adopt: {stands}"));
    } else {
        say(Tone::Plain, format!("applied, says the table: {}", adoption.add.join(", ")));
        say(Tone::Good, stands);
        print::aside("`migrate check` compares the live schema with the models");
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what would be stamped, and asks.
fn agree(adoption: &Adoption) -> Result<(), Error> {
    let (tool, found) = (adoption.tool, adoption.found.join(", "));
    print::aside(&format!("{} holds {}", tool.table(), if found.is_empty() { "no row" } else { &found }));
    if !adoption.remove.is_empty() {
        print::aside(&format!("to be spelt as the revisions are: {}", adoption.remove.join(", ")));
    }
    print::aside("to be stamped, without running anything:");
    adoption.add.iter().for_each(|id| print::aside(&format!("  {id}")));
    let mut terminal = ask::Terminal::new();
    if !terminal.is_there() {
        let (count, one) = (adoption.add.len(), adoption.add.len() == 1);
        return Err(Error::NobodyAgrees(format!(
            "{count} revision{} to be stamped",
            if one { " is" } else { "s are" }
        )));
    }
    if terminal.yes("Stamp them?".to_owned()) { Ok(()) } else { Err(Error::Disagreed("stamped")) }
}
