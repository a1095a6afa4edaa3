//! `migrate merge REVS NAME`.

use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use diesel_schema_core::revision::graph::Selector;

use super::context::Context;
use super::error::Error;
use super::revision;
use crate::generate::{self, NewRequest, Placement};

/// Write a revision that makes one of several heads
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The heads, or `heads` for all
    #[arg(num_args = 1.., required = true)]
    revs: Vec<String>,
    /// What the revision is called, in a few words
    #[arg(required = true)]
    name: String,
    /// Its id; else a timestamp
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    rev_id: Option<String>,
    /// A name for the branch that starts here
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let parents: Vec<Selector> = arguments.revs.iter().map(|head| head.parse()).collect::<Result<_, _>>()?;
    let written = generate::new_revision(&NewRequest {
        project: &context.project,
        dialects: &context.dialects()?,
        name: &arguments.name,
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
