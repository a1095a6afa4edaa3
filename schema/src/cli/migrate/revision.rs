//! `migrate revision NAME`.

use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use diesel_schema_core::revision::graph::Selector;
use serde::Serialize;

use super::context::{Context, plain};
use super::error::Error;
use crate::cli::{autogenerate, print};
use crate::generate::{self, NewRequest, Placement, Written};

/// Write a revision: what the models changed, or with --empty one to write the SQL of by hand
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What it does, in a few words: "move names"
    name: String,
    /// Write `SELECT 1;` and no more
    #[arg(long)]
    empty: bool,
    /// The revision that it follows, or base; else the only head
    #[arg(long, value_name = "REV", default_value = "head", allow_hyphen_values = true)]
    head: Vec<String>,
    /// Let it follow a revision that others follow already
    #[arg(long)]
    splice: bool,
    /// A name for the branch that starts here
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// What has to be applied before it besides its parents: a revision or a branch label
    #[arg(long, value_name = "REV")]
    depends_on: Vec<String>,
    /// Its id; else a timestamp
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// What keeps its data under a new name: users.text=body for a column, posts=articles for a table
    #[arg(long, value_name = "OLD=NEW", conflicts_with = "empty")]
    rename: Vec<String>,
    /// Write the revision though it loses data
    #[arg(long, conflicts_with = "empty")]
    allow_data_loss: bool,
    /// Write the short forms, which lock a table for as long as they take, however large it is
    #[arg(long, conflicts_with = "empty")]
    plain: bool,
    /// Copy what is dropped into a table of its own, from which down.sql brings it back; `migrate purge` removes it
    #[arg(long, conflicts_with = "empty")]
    keep_data: bool,
}

#[derive(Serialize)]
struct Said {
    id: Option<String>,
    down_revision: Vec<String>,
    written: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let parents: Vec<Selector> = arguments.head.iter().map(|head| head.parse()).collect::<Result<_, _>>()?;
    let placement = Placement {
        parents: &parents,
        splice: arguments.splice,
        branch_labels: &arguments.branch_label,
        depends_on: &arguments.depends_on,
        id: arguments.rev_id.as_deref(),
        merge: false,
    };
    if !arguments.empty {
        return from_models(arguments, placement, context);
    }
    let written = generate::new_revision(&NewRequest {
        project: &context.project,
        dialects: &context.dialects()?,
        name: &arguments.name,
        placement,
        now: SystemTime::now(),
    })?;
    report(&written, context);
    Ok(ExitCode::SUCCESS)
}

fn from_models(arguments: &Arguments, placement: Placement<'_>, context: &Context) -> Result<ExitCode, Error> {
    // The only head is what is meant where nothing is said, and several heads have their own error.
    let said = arguments.head != ["head"]
        || arguments.splice
        || !arguments.branch_label.is_empty()
        || !arguments.depends_on.is_empty()
        || arguments.rev_id.is_some();
    let options = autogenerate::Options {
        rename: &arguments.rename,
        allow_data_loss: arguments.allow_data_loss,
        keep_data: arguments.keep_data,
        plain: arguments.plain,
        placement: said.then_some(placement),
    };
    let (schema, project) = (context.schema, &context.project);
    let prepared = autogenerate::prepare(schema, project, context.url_text(), &arguments.name, &options)?;
    prepared.write()?;
    if context.json {
        let files = prepared.files.folders.iter().map(|(path, _)| path);
        let files = files.chain(prepared.files.files.iter().map(|(path, _)| path));
        let written = files.map(|path| context.shown(&path.display().to_string())).collect();
        print::json(&Said { id: None, down_revision: Vec::new(), written });
    } else {
        print::lines(&generate::report(&prepared, &context.directory, true));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what was written.
pub(super) fn report(written: &Written, context: &Context) {
    let paths: Vec<String> = written.paths.iter().map(|path| context.shown(&path.display().to_string())).collect();
    if context.json {
        let (id, down_revision) = (Some(written.id.clone()), written.down_revision.clone());
        print::json(&Said { id, down_revision, written: paths });
    } else {
        print::lines(&plain(paths.iter().map(|path| format!("wrote {path}")).collect()));
    }
}
