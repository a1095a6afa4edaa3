//! `migrate check`.

use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use diesel_schema_core::declared::DeclaredSchema;
use serde::Serialize;

use super::context::{Context, say};
use super::error::Error;
use super::exit::Found;
use crate::cli::print;
use crate::config;
use crate::generate::{self, Findings, Phase, Request, Tone};

/// Compare models, schema.lock, revisions and the database
///
/// Exit code 3 where revisions are pending, 4 where models or revisions are not those of schema.lock, 5 where models and
/// the live schema differ, 6 where files of applied revisions changed; the first of them that holds.
#[derive(Debug, Args)]
pub(super) struct Arguments {}

#[derive(Serialize)]
struct Said {
    pending: Option<Vec<String>>,
    lock: Option<Vec<String>>,
    revisions: Option<Vec<String>>,
    live: Option<Vec<String>>,
    changed: Option<Vec<String>>,
    waiting: Vec<String>,
}

pub(super) fn run(_: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let findings = generate::check(&Request {
        declared: &DeclaredSchema::from(context.models("check")?),
        name: "check",
        project: &context.project,
        database: context.url()?,
        scratch_postgres: config::scratch_postgres_url()?,
        renames: &[],
        allow_data_loss: true,
        keep_data: false,
        phase: Phase::BySize,
        plain: true,
        now: SystemTime::now(),
    })?;
    let Findings { pending, lock, revisions, live, waiting } = findings;
    let changed = context.changed()?;
    let some = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let code = if some(&pending) {
        Found::Pending.into()
    } else if some(&lock) || some(&revisions) {
        Found::Lock.into()
    } else if some(&live) {
        Found::Live.into()
    } else if some(&changed) {
        Found::Files.into()
    } else {
        ExitCode::SUCCESS
    };
    if context.json {
        print::json(&Said { pending, lock, revisions, live, changed, waiting });
        return Ok(code);
    }
    let behind = some(&pending);
    part(
        pending,
        "no database was asked for pending revisions",
        "no revision is pending",
        "pending, run `migrate upgrade`:",
    );
    part(
        lock,
        "there is no schema.lock to compare with the models",
        "models and schema.lock agree",
        "models (+) and schema.lock (-) differ, run `autogenerate`:",
    );
    part(
        revisions,
        "there is no schema.lock to compare with the revisions",
        "revisions and schema.lock agree",
        "revisions and schema.lock differ, undo that or run `autogenerate`:",
    );
    let not = if behind {
        "the live schema was not compared with the models, because revisions are pending"
    } else {
        "no database was asked to compare with the models"
    };
    part(live, not, "models and the live schema agree", "models and the live schema differ, the models want:");
    part(
        changed,
        "no database was asked whether files of applied revisions changed",
        "no files of applied revisions changed",
        "changed after they were applied, restore the files or run `migrate repair`:",
    );
    if !waiting.is_empty() {
        say(Tone::Plain, "kept for a release that still runs; when it is gone, run `autogenerate --contract`:");
        waiting.iter().for_each(|line| say(Tone::Plain, format!("  {line}")));
    }
    Ok(code)
}

fn part(list: Option<Vec<String>>, not: &str, well: &str, heading: &str) {
    match list {
        None => say(Tone::Plain, not),
        Some(list) if list.is_empty() => say(Tone::Good, well),
        Some(list) => {
            say(Tone::Warning, heading);
            list.iter().for_each(|line| say(Tone::Plain, format!("  {line}")));
        }
    }
}
