//! `migrate squash A:B`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use diesel_schema_core::revision::graph::Range;
use serde::Serialize;

use super::context::{Context, plain, say};
use super::error::Error;
use crate::cli::print;
use crate::config;
use crate::generate::{self, SquashRequest, Tone};

/// Make one revision of several that follow each other
///
/// It keeps the id of the last one, and is proven on a scratch to do what they did. A database that has applied all of
/// them has applied it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// From the first to the last: a:b, both included; an end may be open
    #[arg(allow_hyphen_values = true)]
    range: String,
    /// What it does, in a few words; else the last one's name
    name: Option<String>,
}

#[derive(Serialize)]
struct Done {
    id: String,
    replaces: Vec<String>,
    written: Vec<String>,
    removed: Vec<String>,
    notes: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let range: Range = arguments.range.parse()?;
    let done = generate::squash(&SquashRequest {
        project: &context.project,
        dialects: &context.dialects()?,
        range: &range,
        name: arguments.name.as_deref(),
        database: context.url()?.as_ref(),
        scratch_postgres: config::scratch_postgres_url()?.as_deref(),
    })?;
    let shown = |paths: &[PathBuf]| -> Vec<String> {
        paths.iter().map(|path| context.shown(&path.display().to_string())).collect()
    };
    let (written, removed) = (shown(&done.written), shown(&done.removed));
    if context.json {
        let (id, replaces, notes) = (done.id, done.replaces, done.notes);
        print::json(&Done { id, replaces, written, removed, notes });
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines: Vec<String> = removed.iter().map(|path| format!("took away {path}")).collect();
    lines.extend(written.iter().map(|path| format!("wrote {path}")));
    print::lines(&plain(lines));
    done.notes.iter().for_each(|note| say(Tone::Warning, format!("note: {note}")));
    say(
        Tone::Good,
        format!(
            "{} does what {} did before it; a database that has applied only some of them is upgraded with the build of \
             before first",
            done.id,
            done.replaces.join(", ")
        ),
    );
    Ok(ExitCode::SUCCESS)
}
