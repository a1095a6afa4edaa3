//! `migrate revision NAME`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use diesel_schema_core::revision::{self, graph::Selector};
use serde::Serialize;

use super::context::{Context, plain};
use super::error::Error;
use crate::cli::{autogenerate, print};
use crate::generate::{self, NewRequest, Placement, Prepared, Written};

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
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
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
    /// Keep what the release that is running needs: columns and tables go, and NOT NULL comes, with --contract
    #[arg(long, conflicts_with_all = ["empty", "plain", "contract"])]
    expand: bool,
    /// The release of before is gone: do what was kept waiting for that, and keep nothing
    #[arg(long, conflicts_with = "empty")]
    contract: bool,
}

#[derive(Serialize)]
struct Said {
    /// The new head; none where nothing was to be written.
    id: Option<String>,
    /// All that were written, in order: there are several where they can't share a transaction.
    ids: Vec<String>,
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
        phase: autogenerate::phase(arguments.expand, arguments.contract),
        plain: arguments.plain,
        placement: said.then_some(placement),
    };
    let (schema, project) = (context.models("revision without --empty")?, &context.project);
    let prepared = autogenerate::prepare(schema, project, context.url_text(), &arguments.name, &options)?;
    prepared.write()?;
    if context.json {
        let files = prepared.files.folders.iter().map(|(path, _)| path);
        let files = files.chain(prepared.files.files.iter().map(|(path, _)| path));
        let written = files.map(|path| context.shown(&path.display().to_string())).collect();
        let (ids, down_revision) = new(&prepared, context)?;
        print::json(&Said { id: ids.last().cloned(), ids, down_revision, written });
    } else {
        print::lines(&generate::report(&prepared, &context.directory, true));
    }
    Ok(ExitCode::SUCCESS)
}

/// The ids of what was written, of all dialects, and what the first one follows.
fn new(prepared: &Prepared, context: &Context) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut ids, mut down_revision) = (BTreeSet::new(), Vec::new());
    for part in prepared.dialects.iter().filter(|part| !part.folders.is_empty()) {
        let read = revision::read(&context.project.layout.folder(part.dialect));
        let all = read.map_err(generate::Error::from)?;
        let new: Vec<_> = all.iter().filter(|it| part.folders.iter().any(|(path, _)| *path == it.folder)).collect();
        ids.extend(new.iter().map(|it| it.id.clone()));
        let first = new.iter().find(|it| !it.down_revision.iter().any(|parent| ids.contains(parent)));
        down_revision = first.map(|it| it.down_revision.clone()).unwrap_or_default();
    }
    Ok((ids.into_iter().collect(), down_revision))
}

/// Says what was written.
pub(super) fn report(written: &Written, context: &Context) {
    let paths: Vec<String> = written.paths.iter().map(|path| context.shown(&path.display().to_string())).collect();
    if context.json {
        let (id, down_revision) = (written.id.clone(), written.down_revision.clone());
        print::json(&Said { id: Some(id.clone()), ids: vec![id], down_revision, written: paths });
    } else {
        print::lines(&plain(paths.iter().map(|path| format!("wrote {path}")).collect()));
    }
}
