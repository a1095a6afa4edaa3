//! What `migrate import` and `diesel-schema import` do alike.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use diesel_schema_core::Dialect;
use diesel_schema_core::revision::{self, graph::Selector};
use serde::Serialize;

use super::print;
use crate::config::{self, DatabaseUrl, Project};
use crate::connection::{AsSqlConnection, SqlConnection};
use crate::generate::{self, CompareError, ImportError, ImportRequest, Imported, Line, Scratches, Source, Tone};
use crate::upgrade::{Options, RevisionSet, Runner, UpgradeError};

/// What is typed.
#[derive(Debug, Args)]
#[group(id = "import")]
pub(super) struct Arguments {
    /// What to import: a database URL, or `revisions`; else the database that is named, else the revisions
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Whose revisions, where no database is imported: postgres or sqlite
    #[arg(long)]
    dialect: Option<Dialect>,
    /// The folder of the models
    #[arg(long, value_name = "FOLDER", default_value = "src/models")]
    to: PathBuf,
    /// Write models that can't say all of it: `autogenerate` will write those changes
    #[arg(long)]
    allow_differences: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What stops it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Source(#[from] CompareError),
    #[error("the files are written, and the database does not know of the revision: {0}")]
    Stamp(#[from] UpgradeError),
}

impl Error {
    pub(super) fn hints(&self) -> Vec<String> {
        match self {
            Self::Import(error) => error.hints(),
            Self::Source(error) => error.hints(),
            Self::Stamp(_) => vec!["type `migrate stamp head` when that is mended".to_owned()],
        }
    }
}

impl From<generate::Error> for Error {
    fn from(error: generate::Error) -> Self {
        Self::Import(error.into())
    }
}

#[derive(Serialize)]
struct Done {
    dialect: &'static str,
    models: usize,
    written: Vec<String>,
    differences: Vec<String>,
    not_imported: Vec<String>,
    notes: Vec<String>,
    to_add: Vec<Lines>,
    stamped: Vec<String>,
}

#[derive(Serialize)]
struct Lines {
    file: String,
    text: String,
}

/// Imports `database`, unless another source is typed; where there is neither, the revisions.
pub(super) fn run(
    arguments: &Arguments,
    database: Option<DatabaseUrl>,
    directory: &Path,
    project: &Project,
    json: bool,
) -> Result<(), Error> {
    // A database beside `--from revisions` says whose revisions, and where a scratch of them can be made.
    let dialect = arguments.dialect.or(database.as_ref().map(|url| url.dialect));
    let server = database.as_ref().filter(|url| url.dialect == Dialect::Postgres).map(|url| url.target.clone());
    let source = match &arguments.from {
        Some(text) => text.parse()?,
        None => database.map_or(Source::Revisions(None), Source::Database),
    };
    let request = ImportRequest {
        directory,
        project,
        source: &source,
        dialect,
        to: &arguments.to,
        scratch_postgres: config::scratch_postgres_url().map_err(generate::Error::from)?.or(server),
        allow_differences: arguments.allow_differences,
        now: SystemTime::now(),
    };
    let imported = generate::import(&request, &Scratches::default())?;
    let mut stamped = Vec::new();
    if !arguments.dry_run {
        imported.write()?;
        if let (true, Some(url)) = (imported.stamp, source.url()) {
            stamped = stamp(url, project)?;
        }
    }
    if json {
        print::json(&done(imported, stamped, directory));
    } else {
        print::lines(&report(&imported, &stamped, directory, arguments.dry_run));
    }
    Ok(())
}

/// A connection of which another one can be had.
struct Own(Box<dyn SqlConnection>);

impl AsSqlConnection for Own {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        &mut *self.0
    }
}

/// Records the revisions as applied.
fn stamp(url: &DatabaseUrl, project: &Project) -> Result<Vec<String>, Error> {
    let read = revision::read(&project.layout.folder(url.dialect));
    let revisions = read.map_err(generate::Error::from)?;
    let set = RevisionSet::new(url.dialect, &revisions);
    let mut connection = generate::connect(url)?;
    let more = || generate::connect(url).ok().map(|it| Box::new(Own(it)) as Box<dyn AsSqlConnection>);
    let options = Options::from_env();
    Ok(Runner::new(&mut *connection, &more, &set, &options).stamp(&[Selector::heads()], false)?.added)
}

fn written(imported: &Imported, directory: &Path) -> Vec<String> {
    let folders = imported.prepared.dialects.iter().flat_map(|part| part.folders.iter().map(|(path, _)| path));
    let files = imported.prepared.files.files.iter().map(|(path, _)| path);
    let shown = |path: &PathBuf| path.strip_prefix(directory).unwrap_or(path).display().to_string();
    files.chain(folders).map(shown).collect()
}

fn done(imported: Imported, stamped: Vec<String>, directory: &Path) -> Done {
    let written = written(&imported, directory);
    let Imported { dialect, models, differences, unread, to_add, prepared, .. } = imported;
    let shown = |path: &Path| path.strip_prefix(directory).unwrap_or(path).display().to_string();
    Done {
        dialect: dialect.name(),
        models,
        written,
        differences,
        not_imported: unread,
        notes: prepared.notes,
        to_add: to_add.into_iter().map(|(file, text)| Lines { file: shown(&file), text }).collect(),
        stamped,
    }
}

fn report(imported: &Imported, stamped: &[String], directory: &Path, dry: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |tone, text: String| lines.push(Line { tone, text });
    let verb = if dry { "would write" } else { "wrote" };
    written(imported, directory).into_iter().for_each(|path| say(Tone::Plain, format!("{verb} {path}")));
    for difference in &imported.differences {
        say(Tone::Warning, format!("no model says it, `autogenerate` would change it: {difference}"));
    }
    for unread in &imported.unread {
        say(Tone::Warning, format!("not imported, because diesel-schema can't read it yet: {unread}"));
    }
    imported.prepared.notes.iter().for_each(|note| say(Tone::Plain, format!("note: {note}")));
    for (file, text) in &imported.to_add {
        let file = file.strip_prefix(directory).unwrap_or(file).display();
        say(Tone::Heading, format!("add to {file}:"));
        text.lines().for_each(|line| say(Tone::Sql, format!("    {line}").trim_end().to_owned()));
    }
    if !stamped.is_empty() {
        say(Tone::Plain, format!("applied, says the database now: {}", stamped.join(", ")));
    }
    let count = if imported.models == 1 { "1 model".to_owned() } else { format!("{} models", imported.models) };
    say(Tone::Good, format!("{count}; then: cargo run --bin autogenerate -- \"nothing\", which says `no changes`"));
    lines
}
