//! `migrate purge`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::context::{Context, say};
use super::error::Error;
use crate::cli::{ask, print};
use crate::generate::{self, Tone, Trash};

/// Remove the copies that revisions written with --keep-data made of what they dropped
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ids of revisions, or their beginnings; none: all copies
    revisions: Vec<String>,
    /// Don't ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct Done {
    purged: Vec<Purged>,
}

#[derive(Serialize)]
struct Purged {
    revision: String,
    what: String,
    table: String,
    rows: u64,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let url = context.database()?;
    generate::exists(&url)?;
    let mut connection = generate::connect(&url)?;
    let mut trash = generate::trash(&mut *connection)?;
    for text in &arguments.revisions {
        if !trash.iter().any(|it| it.revision.starts_with(text)) {
            return Err(Error::NothingKept(text.clone()));
        }
    }
    let meant = |it: &Trash| arguments.revisions.iter().any(|text| it.revision.starts_with(text));
    trash.retain(|it| arguments.revisions.is_empty() || meant(it));
    if !trash.is_empty() {
        if !arguments.yes {
            agree(&trash)?;
        }
        generate::purge(&mut *connection, &trash)?;
    }
    if context.json {
        let purged = trash.into_iter().map(|it| Purged {
            revision: it.revision,
            what: it.what,
            table: it.table.to_string(),
            rows: it.rows,
        });
        print::json(&Done { purged: purged.collect() });
        return Ok(ExitCode::SUCCESS);
    }
    for it in &trash {
        say(Tone::Plain, format!("removed {}", described(it)));
    }
    if trash.is_empty() {
        say(Tone::Good, "nothing to purge: no copies of what revisions dropped");
    }
    Ok(ExitCode::SUCCESS)
}

fn described(it: &Trash) -> String {
    let rows = if it.rows == 1 { "1 row".to_owned() } else { format!("{} rows", it.rows) };
    format!("what {} dropped: {} ({rows})", it.revision, it.what)
}

/// Says what goes, and asks.
fn agree(trash: &[Trash]) -> Result<(), Error> {
    print::aside("to be removed, so that the downs of their revisions restore the shape only:");
    trash.iter().for_each(|it| print::aside(&format!("  {}", described(it))));
    let mut terminal = ask::Terminal::new();
    let (one, count) = (trash.len() == 1, trash.len());
    if !terminal.is_there() {
        let many = format!("{count} cop{} to be removed", if one { "y is" } else { "ies are" });
        return Err(Error::NobodyAgrees(many));
    }
    let question = if one { "Remove it?".to_owned() } else { format!("Remove these {count} copies?") };
    if terminal.yes(question) { Ok(()) } else { Err(Error::Disagreed("removed")) }
}
