//! `migrate lint`.

use std::process::ExitCode;

pub(super) use crate::cli::lint::Arguments;

use super::context::Context;
use super::error::Error;
use crate::cli::lint;

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    Ok(lint::run(arguments, context.json)?)
}
