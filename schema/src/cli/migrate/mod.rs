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
mod exit;
mod heads;
mod history;
mod import;
#[cfg(feature = "lint")]
mod lint;
mod merge;
mod program;
pub(super) mod project;
mod prove;
mod purge;
mod repair;
mod revision;
mod several;
mod show;
mod squash;
mod stamp;
mod trace;
mod upgrade;

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use diesel_schema_core::def::SchemaDef;

use context::Context;
use error::Error;
pub use program::Migrate;
use program::Program;

/// Applies, undoes and lists revisions
#[derive(Debug, Parser)]
#[command(name = "migrate", bin_name = "migrate", version, disable_help_subcommand = true, after_help = exit::table())]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
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
    Revision(revision::Arguments),
    Edit(edit::Arguments),
    Squash(squash::Arguments),
    Merge(merge::Arguments),
    Check(check::Arguments),
    Repair(repair::Arguments),
    Diff(diff::Arguments),
    Prove(prove::Arguments),
    Trace(trace::Arguments),
    #[cfg(feature = "lint")]
    Lint(lint::Arguments),
    Purge(purge::Arguments),
    Completions(completions::Arguments),
}

/// Runs `migrate` with the process's arguments: all that the application's `migrate` binary does.
///
/// Its exit code is 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly; `--help` lists those
/// that say what a command found.
#[must_use]
pub fn migrate(schema: &'static SchemaDef) -> ExitCode {
    Migrate::new(schema).run()
}

fn main(schema: &'static SchemaDef, program: Program) -> ExitCode {
    let Arguments { global, command } = Arguments::parse();
    execute(&global, &command, Some(schema), program, &mut Arguments::command())
}

/// Does what was typed; `typed_to` is the program's grammar. Without models, what needs none.
fn execute(
    global: &Global,
    command: &Command,
    schema: Option<&'static SchemaDef>,
    program: Program,
    typed_to: &mut clap::Command,
) -> ExitCode {
    // A shell's start-up asks for them from anywhere, in a project or not.
    if let Command::Completions(arguments) = command {
        return completions::run(arguments, typed_to);
    }
    let json = global.json;
    // Its 1 means that something differs.
    let as_diff = matches!(command, Command::Diff(arguments) if arguments.exit_code);
    let failed = |error: &Error, database: Option<&str>| {
        let code = error.print(json, database);
        if as_diff { ExitCode::from(2) } else { code }
    };
    several::run(global, command, schema, Rc::new(program), &failed).unwrap_or_else(|error| failed(&error, None))
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
        Command::Revision(arguments) => revision::run(arguments, context),
        Command::Edit(arguments) => edit::run(arguments, context),
        Command::Squash(arguments) => squash::run(arguments, context),
        Command::Merge(arguments) => merge::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::Repair(arguments) => repair::run(arguments, context),
        Command::Diff(arguments) => diff::run(arguments, context),
        Command::Prove(arguments) => prove::run(arguments, context),
        Command::Trace(arguments) => trace::run(arguments, context),
        #[cfg(feature = "lint")]
        Command::Lint(arguments) => lint::run(arguments, context),
        Command::Purge(arguments) => purge::run(arguments, context),
        // They are done before there is a context.
        Command::Completions(_) => Ok(ExitCode::SUCCESS),
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
