//! `autogenerate "name"`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Parser;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::def::SchemaDef;

use super::{ask, print};
use crate::config::{self, Project};
use crate::generate::{self, Error, Phase, Placement, Prepared, Request, Scratches};

/// Compares the models with the database and writes the revision that makes up the difference
#[derive(Debug, Parser)]
#[command(name = "autogenerate", bin_name = "autogenerate", version, about, long_about = None)]
struct Arguments {
    /// What the revision does, in a few words: "add user nickname"
    name: String,
    /// The database to compare with; else DATABASE_URL, else that of .env, else the revisions are replayed in memory
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The migrations folder; else what diesel.toml says
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// What keeps its data under a new name: users.text=body for a column, posts=articles for a table
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Write the revision though it loses data
    #[arg(long)]
    allow_data_loss: bool,
    /// Copy what is dropped into a table of its own, from which down.sql brings it back; `migrate purge` removes it
    #[arg(long)]
    keep_data: bool,
    /// Keep what the release that is running needs: columns and tables go, and NOT NULL comes, with --contract
    ///
    /// Without it, that is done for the tables that the database knows to be large.
    #[arg(long, conflicts_with = "plain")]
    expand: bool,
    /// The release of before is gone: do what was kept waiting for that, and keep nothing
    #[arg(long, conflicts_with = "expand")]
    contract: bool,
    /// Write the short forms, which lock a table for as long as they take, however large it is
    #[arg(long)]
    plain: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs `autogenerate` with the process's arguments: all that the application's `autogenerate` binary does.
///
/// Exit code 0 where it wrote or had nothing to write, 1 where something went wrong, 2 where it was typed wrongly.
#[must_use]
pub fn autogenerate(schema: &'static SchemaDef) -> ExitCode {
    match run(&Arguments::parse(), schema) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print::error(&error),
    }
}

fn run(arguments: &Arguments, schema: &'static SchemaDef) -> Result<(), Error> {
    let directory = std::env::current_dir().map_err(config::ConfigError::Read)?;
    let project = Project::find(&directory, arguments.migrations.as_deref())?;
    let Arguments { rename, allow_data_loss, keep_data, plain, .. } = arguments;
    let (allow_data_loss, keep_data, plain) = (*allow_data_loss, *keep_data, *plain);
    let phase = phase(arguments.expand, arguments.contract);
    let options = Options { rename, allow_data_loss, keep_data, phase, plain, placement: None };
    let database = config::database_url(arguments.database_url.as_deref())?;
    let prepared = prepare(schema, &project, database.as_deref(), &arguments.name, &options)?;
    if !arguments.dry_run {
        prepared.write()?;
    }
    print::lines(&generate::report(&prepared, &directory, !arguments.dry_run));
    Ok(())
}

pub(super) const fn phase(expand: bool, contract: bool) -> Phase {
    match (expand, contract) {
        (_, true) => Phase::Contract,
        (true, _) => Phase::Expand,
        _ => Phase::BySize,
    }
}

/// What `autogenerate` and `migrate revision` take alike.
pub(super) struct Options<'a> {
    pub(super) rename: &'a [String],
    pub(super) allow_data_loss: bool,
    pub(super) keep_data: bool,
    pub(super) phase: Phase,
    pub(super) plain: bool,
    pub(super) placement: Option<Placement<'a>>,
}

pub(super) fn prepare(
    schema: &'static SchemaDef,
    project: &Project,
    database: Option<&str>,
    name: &str,
    options: &Options<'_>,
) -> Result<Prepared, Error> {
    let request = Request {
        declared: &DeclaredSchema::from(schema),
        name,
        project,
        database: database.map(str::parse).transpose()?,
        scratch_postgres: config::scratch_postgres_url()?,
        renames: options.rename,
        allow_data_loss: options.allow_data_loss,
        keep_data: options.keep_data,
        phase: options.phase,
        plain: options.plain,
        now: SystemTime::now(),
    };
    let pool = Scratches::default();
    generate::prepare_at(&request, options.placement.as_ref(), &pool, &mut ask::Terminal::new())
}
