//! `migrate edit REV`.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Args;
use diesel_schema_core::revision::graph::Selector;
use serde::Serialize;

use super::context::{Context, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::{self, Tone};
use crate::upgrade::{graph_of, standing};

/// Open a revision's files in $VISUAL or $EDITOR, and take them into schema.lock
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An id or its beginning, head, a branch label, rev-N
    #[arg(allow_hyphen_values = true)]
    revision: String,
    /// Also where the database has applied it
    #[arg(long, short)]
    yes: bool,
    /// Open nothing: take what was edited already into schema.lock
    #[arg(long)]
    no_editor: bool,
}

#[derive(Serialize)]
struct Done {
    id: String,
    files: Vec<String>,
    taken: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let selector: Selector = arguments.revision.parse()?;
    let dialects = context.dialects()?;
    let revision = generate::editable(&context.project, &dialects, &selector)?;
    if !arguments.yes {
        not_applied(&revision.id, context)?;
    }
    if !arguments.no_editor {
        open(&revision.files)?;
    }
    let taken = generate::take_in(&context.project, &dialects, &revision.id)?;
    let shown = |paths: &[PathBuf]| paths.iter().map(|path| context.shown(&path.display().to_string())).collect();
    let taken: Vec<String> = shown(&taken);
    if context.json {
        print::json(&Done { id: revision.id, files: shown(&revision.files), taken });
    } else if taken.is_empty() {
        let lock = context.project.layout.lock();
        let nothing =
            if lock.exists() { "schema.lock knows it as it is" } else { "there is no schema.lock to know it" };
        say(Tone::Good, nothing);
    } else {
        taken.iter().for_each(|folder| say(Tone::Plain, format!("schema.lock knows {folder} as it is now")));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a database has applied it does not run again.
fn not_applied(id: &str, context: &Context) -> Result<(), Error> {
    let Some(rows) = context.rows_if_there() else { return Ok(()) };
    let revisions = context.revisions()?;
    let set = revisions.set();
    let graph = graph_of(&set)?;
    let known: Vec<String> = rows.into_iter().filter(|row| graph.get(row).is_some()).collect();
    if standing(&graph, Some(&known))?.has(id) { Err(Error::Applied(id.to_owned())) } else { Ok(()) }
}

fn open(files: &[PathBuf]) -> Result<(), Error> {
    let named = |name| std::env::var(name).ok().filter(|it: &String| !it.trim().is_empty());
    let editor = named("VISUAL").or_else(|| named("EDITOR")).ok_or(Error::NoEditor)?;
    let status = command(&editor).args(files).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Editor { reason: status.to_string(), editor }),
        Err(error) => Err(Error::Editor { reason: error.to_string(), editor }),
    }
}

/// What is named is the shell's to take apart, quotes and all, as git has it.
#[cfg(unix)]
fn command(editor: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{editor} \"$@\""), editor]);
    command
}

/// The editor's own arguments are taken apart at blanks, as in `code --wait`.
#[cfg(not(unix))]
fn command(editor: &str) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}
