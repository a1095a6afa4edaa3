//! `diesel-schema init`, `import` and `lint`: what is typed where there are no models yet.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use diesel_schema_core::Dialect;
use serde::Serialize;

use super::{import, lint, print};
use crate::config::{self, ConfigError, Project};
use crate::generate::{self, Error, InitError, Line, Tone};

/// Migrations from Diesel models
#[derive(Debug, Parser)]
#[command(name = "diesel-schema", bin_name = "diesel-schema", version, disable_help_subcommand = true)]
struct Arguments {
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(Init),
    Import(Import),
    Lint(lint::Arguments),
}

/// Begin to use diesel-schema in this package: write the files that it lacks, and say which lines to add
///
/// What is there stays as it is.
#[derive(Debug, Args)]
struct Init {
    /// The migrations folder; else what diesel.toml says
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// Which database it uses: postgres or sqlite; else what the folders or the features of diesel say
    #[arg(long, value_name = "DIALECT")]
    dialect: Vec<Dialect>,
}

/// Write models for a database that is there, or for the revisions of a Diesel folder
///
/// A file for each table, enums, `sql/` files for what no struct can say, the `schema!` call, schema.lock, and an initial
/// revision that is recorded as applied in that database, and not run there. Revisions that are there stay the history.
/// Names that the server would pick are left out, all others are kept. No file is overwritten.
#[derive(Debug, Args)]
struct Import {
    #[command(flatten)]
    import: import::Arguments,
    /// The database; else DATABASE_URL, else that of .env
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The migrations folder; else what diesel.toml says
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
}

#[derive(Serialize)]
struct Done {
    written: Vec<String>,
    to_add: Vec<Lines>,
}

#[derive(Serialize)]
struct Lines {
    file: String,
    text: String,
}

/// Runs `diesel-schema` with the process's arguments: the commands of a project whose own binaries are not there yet.
///
/// Exit code 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly.
#[must_use]
pub fn project() -> ExitCode {
    let arguments = Arguments::parse();
    let init = match &arguments.command {
        Command::Init(init) => init,
        Command::Lint(found) => {
            return lint::run(found, arguments.json).unwrap_or_else(|error| {
                print::said(&error, &[], arguments.json);
                ExitCode::FAILURE
            });
        }
        Command::Import(found) => {
            return match run_import(found, arguments.json) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    print::said(&error, &error.hints(), arguments.json);
                    ExitCode::FAILURE
                }
            };
        }
    };
    match run(init, arguments.json) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let hints = if let InitError::Generate(error) = &error { error.hints() } else { Vec::new() };
            print::said(&error, &hints, arguments.json);
            ExitCode::FAILURE
        }
    }
}

fn run_import(arguments: &Import, json: bool) -> Result<(), import::Error> {
    let failed = |error: ConfigError| import::Error::from(Error::from(error));
    let directory = std::env::current_dir().map_err(|error| failed(ConfigError::Read(error)))?;
    let project = Project::find(&directory, arguments.migrations.as_deref()).map_err(failed)?;
    let url = config::database_url(arguments.database_url.as_deref());
    let url = url.as_deref().map(str::parse).transpose().map_err(Error::from)?;
    import::run(&arguments.import, url, &directory, &project, json)
}

fn run(arguments: &Init, json: bool) -> Result<(), InitError> {
    let failed = |error: ConfigError| InitError::Generate(Error::from(error));
    let directory = std::env::current_dir().map_err(|error| failed(ConfigError::Read(error)))?;
    let project = Project::find(&directory, arguments.migrations.as_deref()).map_err(failed)?;
    let begun = generate::init(&directory, &project, &arguments.dialect)?;
    let shown = |path: &Path| path.strip_prefix(&directory).unwrap_or(path).display().to_string();
    let written: Vec<String> = begun.written.iter().map(|path| shown(path)).collect();
    if json {
        let to_add = begun.to_add.into_iter().map(|(file, text)| Lines { file: shown(&file), text }).collect();
        print::json(&Done { written, to_add });
        return Ok(());
    }
    let next = if begun.revisions {
        "then write a model for each table, until `cargo run --bin migrate -- check` says that they agree"
    } else {
        "then write models, and: cargo run --bin autogenerate -- \"initial\""
    };
    let mut lines = Vec::new();
    let mut say = |tone, text: String| lines.push(Line { tone, text });
    written.iter().for_each(|path| say(Tone::Plain, format!("wrote {path}")));
    for (file, text) in &begun.to_add {
        say(Tone::Heading, format!("add to {}:", shown(file)));
        text.lines().for_each(|line| say(Tone::Sql, format!("    {line}")));
    }
    match (written.is_empty(), begun.to_add.is_empty()) {
        (true, true) => say(Tone::Good, "nothing to do: everything is there".to_owned()),
        _ => say(Tone::Good, next.to_owned()),
    }
    print::lines(&lines);
    Ok(())
}
