//! `migrate merge REVS NAME`.

use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use diesel_schema_core::revision::graph::Selector;

use super::context::Context;
use super::error::Error;
use super::revision;
use crate::generate::{self, NewRequest, Placement};

/// Write a revision that makes one of several heads
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The heads, or `heads` for all; and last, what the revision is called
    #[arg(num_args = 2.., required = true, value_name = "REVS NAME")]
    words: Vec<String>,
    /// Its id; else a timestamp
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// A name for the branch that starts here
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let (name, heads) = arguments.words.split_last().map_or(("", &[][..]), |(name, heads)| (name.as_str(), heads));
    let parents: Vec<Selector> = heads.iter().map(|head| head.parse()).collect::<Result<_, _>>()?;
    let written = generate::new_revision(&NewRequest {
        project: &context.project,
        dialects: &context.dialects()?,
        name,
        placement: Placement {
            parents: &parents,
            splice: false,
            branch_labels: &arguments.branch_label,
            depends_on: &[],
            id: arguments.rev_id.as_deref(),
            merge: true,
        },
        now: SystemTime::now(),
    })?;
    revision::report(&written, context);
    Ok(ExitCode::SUCCESS)
}
