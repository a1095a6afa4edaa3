//! `migrate`: everything that is typed about revisions, a file per command.

mod bar;
mod branches;
mod check;
mod context;
mod current;
mod downgrade;
mod error;
mod heads;
mod history;
mod merge;
mod repair;
mod revision;
mod show;
mod stamp;
mod steps;
mod upgrade;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use diesel_schema_core::def::SchemaDef;

use context::Context;
use diesel::ConnectionResult;
use error::Error;
use steps::Steps;

use crate::config::DatabaseUrl;
use crate::connection::AsSqlConnection;
use crate::upgrade::Migrations;

/// Applies, undoes and lists revisions
#[derive(Debug, Parser)]
#[command(name = "migrate", bin_name = "migrate", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// The database; else DATABASE_URL, else that of .env
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The migrations folder; else what diesel.toml says
    #[arg(long, global = true, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Upgrade(upgrade::Arguments),
    Downgrade(downgrade::Arguments),
    Current(current::Arguments),
    History(history::Arguments),
    Heads(heads::Arguments),
    Branches(branches::Arguments),
    Show(show::Arguments),
    Stamp(stamp::Arguments),
    Repair(repair::Arguments),
    Merge(merge::Arguments),
    Revision(revision::Arguments),
    Check(check::Arguments),
}

/// Runs `migrate` with the process's arguments: all that the application's `migrate` binary does.
///
/// Exit code 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly; `check` and `current
/// --check-heads` give 3 where revisions are pending, `check` 4 where models and schema.lock differ, 5 where models and
/// the live schema do, and 6 where files of applied revisions changed.
#[must_use]
pub fn migrate(schema: &'static SchemaDef) -> ExitCode {
    main(schema, Steps::none())
}

/// As [`migrate`], with the steps in Rust that were registered at `embed_migrations!`: without them, it refuses the
/// revisions that have one. `connect` makes the connection that they take, an application's enum for example.
#[must_use]
pub fn migrate_with<C: AsSqlConnection + 'static>(
    schema: &'static SchemaDef,
    migrations: &Migrations,
    connect: fn(&DatabaseUrl) -> ConnectionResult<C>,
) -> ExitCode {
    main(schema, Steps::of(migrations.steps(), connect))
}

fn main(schema: &'static SchemaDef, steps: Steps) -> ExitCode {
    let arguments = Arguments::parse();
    let json = arguments.global.json;
    run(arguments, schema, steps).unwrap_or_else(|error| error.print(json))
}

fn run(arguments: Arguments, schema: &'static SchemaDef, steps: Steps) -> Result<ExitCode, Error> {
    let context = Context::new(arguments.global, schema, steps)?;
    match &arguments.command {
        Command::Upgrade(arguments) => upgrade::run(arguments, &context),
        Command::Downgrade(arguments) => downgrade::run(arguments, &context),
        Command::Current(arguments) => current::run(arguments, &context),
        Command::History(arguments) => history::run(arguments, &context),
        Command::Heads(arguments) => heads::run(arguments, &context),
        Command::Branches(arguments) => branches::run(arguments, &context),
        Command::Show(arguments) => show::run(arguments, &context),
        Command::Stamp(arguments) => stamp::run(arguments, &context),
        Command::Repair(arguments) => repair::run(arguments, &context),
        Command::Merge(arguments) => merge::run(arguments, &context),
        Command::Revision(arguments) => revision::run(arguments, &context),
        Command::Check(arguments) => check::run(arguments, &context),
    }
}
