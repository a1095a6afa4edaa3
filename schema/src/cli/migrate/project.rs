//! `diesel-schema`: what is typed where there is no binary `migrate` yet, or none is wanted. It has `init`, and each command
//! of `migrate` that needs no models.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use diesel_schema_core::Dialect;
use serde::Serialize;

use super::{Global, Program, exit};
use crate::cli::print;
use crate::config::{ConfigError, Project};
use crate::generate::{self, Error, InitError, Line, Tone};

/// Migrations from Diesel models
#[derive(Debug, Parser)]
#[command(name = "diesel-schema", bin_name = "diesel-schema", version, disable_help_subcommand = true)]
#[command(after_help = exit::table())]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(Init),
    #[command(flatten)]
    Migrate(super::Command),
}

/// Begin to use diesel-schema in this package: write the files that it lacks, and say which lines to add
///
/// What is there stays as it is.
#[derive(Debug, Args)]
struct Init {
    /// Which database it uses: postgres or sqlite; else what the folders or the features of diesel say
    #[arg(long, value_name = "DIALECT")]
    dialect: Vec<Dialect>,
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

/// Runs `diesel-schema` with the process's arguments.
///
/// Its exit code is 0 where all went well, 1 where something went wrong, 2 where it was typed wrongly; `--help` lists those
/// that say what a command found.
#[must_use]
pub fn project() -> ExitCode {
    let Arguments { global, command } = Arguments::parse();
    print::as_program("diesel-schema");
    let init = match command {
        Command::Init(init) => init,
        Command::Migrate(command) => {
            let typed_to = &mut Arguments::command();
            return super::execute(&global, &command, None, Program::default(), typed_to);
        }
    };
    match run(&init, &global) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let hints = if let InitError::Generate(error) = &error { error.hints() } else { Vec::new() };
            print::said(&error, &hints, global.json);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Init, global: &Global) -> Result<(), InitError> {
    let failed = |error: ConfigError| InitError::Generate(Error::from(error));
    let directory = std::env::current_dir().map_err(|error| failed(ConfigError::Read(error)))?;
    let project = Project::find(&directory, global.migrations.as_deref()).map_err(failed)?;
    let begun = generate::init(&directory, &project, &arguments.dialect)?;
    let shown = |path: &Path| path.strip_prefix(&directory).unwrap_or(path).display().to_string();
    let written: Vec<String> = begun.written.iter().map(|path| shown(path)).collect();
    if global.json {
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
