//! `migrate`: everything that is typed about revisions, a file per command.

mod adopt;
mod bar;
mod branches;
mod check;
mod completions;
mod context;
mod current;
mod diff;
mod downgrade;
mod edit;
mod error;
mod heads;
mod history;
mod import;
mod lint;
mod merge;
mod prove;
mod purge;
mod repair;
mod revision;
mod several;
mod show;
mod squash;
mod stamp;
mod steps;
mod upgrade;

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use clap::{Args, Parser, Subcommand};
use diesel_schema_core::def::SchemaDef;

use context::Context;
use diesel::ConnectionResult;
use error::Error;
use steps::Steps;

use crate::config::DatabaseUrl;
use crate::connection::AsSqlConnection;
use crate::upgrade::Migrations;

const EXIT_CODES: &str = "Exit code 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly; \
                          check, current, diff and prove have more, which their --help lists.";

/// Applies, undoes and lists revisions
#[derive(Debug, Parser)]
#[command(name = "migrate", bin_name = "migrate", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
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
    /// A database by its name in Cargo.toml, or `all`; may be said several times
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "database_url")]
    database: Vec<String>,
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
    Adopt(adopt::Arguments),
    Import(import::Arguments),
    Lint(lint::Arguments),
    Repair(repair::Arguments),
    Purge(purge::Arguments),
    Merge(merge::Arguments),
    Revision(revision::Arguments),
    Edit(edit::Arguments),
    Squash(squash::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Prove(prove::Arguments),
    Completions(completions::Arguments),
}

/// Runs `migrate` with the process's arguments: all that the application's `migrate` binary does.
///
/// Exit code 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly; `check` and `current
/// --check-heads` give 3 where revisions are pending, `check` 4 where models or revisions are not those of schema.lock, and
/// 5 where models and the live schema differ; `diff --exit-code` gives 1 where both sides differ and 2 where something went
/// wrong; `check` gives 6 where files of applied revisions changed; `prove` gives 6 where a revision does not hold and 7 where the live schema is not what its revisions add up to.
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
    // A shell's start-up asks for them from anywhere, in a project or not.
    if let Command::Completions(arguments) = &arguments.command {
        return completions::run(arguments);
    }
    let json = arguments.global.json;
    // Its 1 means that something differs.
    let as_diff = matches!(&arguments.command, Command::Diff(arguments) if arguments.exit_code);
    let failed = |error: &Error, database: Option<&str>| {
        let code = error.print(json, database);
        if as_diff { ExitCode::from(2) } else { code }
    };
    several::run(&arguments, schema, Rc::new(steps), &failed).unwrap_or_else(|error| failed(&error, None))
}

fn run(command: &Command, context: &Context) -> Result<ExitCode, Error> {
    match command {
        Command::Upgrade(arguments) => upgrade::run(arguments, context),
        Command::Downgrade(arguments) => downgrade::run(arguments, context),
        Command::Current(arguments) => current::run(arguments, context),
        Command::History(arguments) => history::run(arguments, context),
        Command::Heads(arguments) => heads::run(arguments, context),
        Command::Branches(arguments) => branches::run(arguments, context),
        Command::Show(arguments) => show::run(arguments, context),
        Command::Stamp(arguments) => stamp::run(arguments, context),
        Command::Adopt(arguments) => adopt::run(arguments, context),
        Command::Import(arguments) => import::run(arguments, context),
        Command::Lint(arguments) => lint::run(arguments, context),
        Command::Repair(arguments) => repair::run(arguments, context),
        Command::Purge(arguments) => purge::run(arguments, context),
        Command::Merge(arguments) => merge::run(arguments, context),
        Command::Revision(arguments) => revision::run(arguments, context),
        Command::Edit(arguments) => edit::run(arguments, context),
        Command::Squash(arguments) => squash::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::Diff(arguments) => diff::run(arguments, context),
        Command::Prove(arguments) => prove::run(arguments, context),
        Command::Completions(arguments) => Ok(completions::run(arguments)),
    }
}

impl Command {
    /// Whether it changes the database.
    const fn changes(&self) -> bool {
        matches!(
            self,
            Self::Upgrade(_)
                | Self::Downgrade(_)
                | Self::Stamp(_)
                | Self::Adopt(_)
                | Self::Import(_)
                | Self::Repair(_)
                | Self::Purge(_)
        )
    }

    /// Whether what it prints is SQL, with `--json` or not.
    const fn prints_sql(&self, json: bool) -> bool {
        match self {
            Self::Upgrade(arguments) => arguments.sql,
            Self::Downgrade(arguments) => arguments.sql,
            Self::Stamp(arguments) => arguments.sql,
            Self::Diff(_) => !json,
            _ => false,
        }
    }
}
