//! What every command of `migrate` stands on: the project, its revisions, the database.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use diesel_schema_core::Dialect;
use diesel_schema_core::def::SchemaDef;
use diesel_schema_core::revision::graph::{Applied, Range, Selector};
use diesel_schema_core::revision::{self, Graph, Revision};

use super::{Error, Global, Program};
use crate::cli::print;
use crate::config::{self, DatabaseUrl, Layout, Picked, Project};
use crate::connection::{AsSqlConnection, SqlConnection};
use crate::generate::{self, Entry, Line, Tone};
use crate::upgrade::{self, Event, Options, RevisionSet, Way};

const ALL: [Dialect; 2] = [Dialect::Postgres, Dialect::Sqlite];

pub(super) struct Context {
    pub(super) directory: PathBuf,
    pub(super) project: Project,
    /// None in the program that knows no models.
    pub(super) schema: Option<&'static SchemaDef>,
    pub(super) json: bool,
    pub(super) program: Rc<Program>,
    url: Option<String>,
}

/// A connection of which another one can be had.
pub(super) struct Own(Box<dyn SqlConnection>);

impl AsSqlConnection for Own {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        &mut *self.0
    }
}

/// How patient a command is; each is in seconds, else what the environment says.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Waiting")]
pub(super) struct Timeouts {
    /// How long to wait for a lock of PostgreSQL, 0: as the server has it [MIGRATIONS_LOCK_TIMEOUT, else 5]
    #[arg(long, value_name = "SECONDS", value_parser = upgrade::seconds)]
    lock_timeout: Option<Duration>,
    /// How long to try a revision again that had no lock [MIGRATIONS_LOCK_BUDGET, else 60]
    #[arg(long, value_name = "SECONDS", value_parser = upgrade::seconds)]
    lock_budget: Option<Duration>,
    /// How long a statement may take on PostgreSQL [MIGRATIONS_STATEMENT_TIMEOUT, else as the server has it]
    #[arg(long, value_name = "SECONDS", value_parser = upgrade::seconds)]
    statement_timeout: Option<Duration>,
    /// How long to wait for another process that is upgrading [MIGRATIONS_LOCK_DEADLINE, else 60]
    #[arg(long, value_name = "SECONDS", value_parser = upgrade::seconds)]
    lock_deadline: Option<Duration>,
}

/// One dialect's revisions, as they were read.
pub(super) struct Revisions {
    pub(super) dialect: Dialect,
    pub(super) list: Vec<Revision>,
}

impl Revisions {
    pub(super) fn set(&self) -> RevisionSet<'_> {
        RevisionSet::new(self.dialect, &self.list)
    }
}

/// The target of a command that works on a database.
pub(super) fn target(text: &str) -> Result<Selector, Error> {
    // A range is told from a mistyped selector.
    if text.contains(':') {
        text.parse::<Range>()?;
        return Err(Error::RangeWithoutSql(text.to_owned()));
    }
    Ok(text.parse()?)
}

impl Context {
    pub(super) fn new(
        global: &Global,
        schema: Option<&'static SchemaDef>,
        program: Rc<Program>,
    ) -> Result<Self, Error> {
        let directory = std::env::current_dir().map_err(config::ConfigError::Read)?;
        let project = Project::find(&directory, global.migrations.as_deref())?;
        let url = config::database_url(global.database_url.as_deref())?;
        Ok(Self { directory, project, schema, json: global.json, program, url })
    }

    /// The same for a database that was picked by its name.
    pub(super) fn on(&self, picked: Picked) -> Self {
        let Picked { url, project, .. } = picked;
        let (directory, schema, json) = (self.directory.clone(), self.schema, self.json);
        let program = Rc::clone(&self.program);
        Self { directory, project, schema, json, program, url: Some(url) }
    }

    /// The models, which `what` can't do without.
    pub(super) fn models(&self, what: &'static str) -> Result<&'static SchemaDef, Error> {
        self.schema.ok_or(Error::NoModels(what))
    }

    /// The database, where one is named.
    pub(super) fn url(&self) -> Result<Option<DatabaseUrl>, Error> {
        Ok(self.url.as_deref().map(str::parse).transpose()?)
    }

    /// The database, which has to be named.
    pub(super) fn database(&self) -> Result<DatabaseUrl, Error> {
        let names = || self.project.databases.keys().cloned().collect::<Vec<_>>();
        self.url()?.ok_or_else(|| if names().is_empty() { Error::NoUrl } else { Error::NoName(names()) })
    }

    pub(super) fn url_text(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whose revisions a command without a database is about: the first dialect's that has any.
    pub(super) fn dialect(&self) -> Result<Dialect, Error> {
        if let Some(url) = self.url()? {
            return Ok(url.dialect);
        }
        let has = |dialect: &&Dialect| self.project.layout.folder(**dialect).is_dir();
        let all = self.schema.map_or(&ALL[..], |schema| schema.dialects);
        Ok(all.iter().find(has).or(all.first()).copied().unwrap_or(Dialect::Postgres))
    }

    /// The dialects that new revisions are written for.
    pub(super) fn dialects(&self) -> Result<Vec<Dialect>, Error> {
        match &self.project.layout {
            Layout::Plain(_) => Ok(vec![self.dialect()?]),
            Layout::Dialects(_) => match self.schema {
                Some(schema) => Ok(schema.dialects.to_vec()),
                // Those that the project has begun with.
                None => {
                    let found = ALL.into_iter().filter(|dialect| self.project.layout.folder(*dialect).is_dir());
                    let found: Vec<Dialect> = found.collect();
                    if found.is_empty() { Ok(vec![self.dialect()?]) } else { Ok(found) }
                }
            },
        }
    }

    /// The dialects whose revisions are proven: the one that is said, else the database's, else all that have any.
    pub(super) fn dialects_to_prove(&self, said: Option<Dialect>) -> Result<Vec<Dialect>, Error> {
        if let Some(dialect) = said.or(self.url()?.map(|url| url.dialect)) {
            let folder = self.project.layout.folder(dialect);
            return if generate::is_folder_there(&folder)? {
                Ok(vec![dialect])
            } else {
                Err(self.no_folder(dialect, folder))
            };
        }
        let mut all = self.dialects()?;
        all.retain(|dialect| self.project.layout.folder(*dialect).is_dir());
        Ok(all)
    }

    fn no_folder(&self, dialect: Dialect, folder: PathBuf) -> Error {
        Error::NoFolder { dialect, folder, by_url: self.url.is_some() }
    }

    /// The revisions of the dialect that a command is about.
    pub(super) fn revisions(&self) -> Result<Revisions, Error> {
        let dialect = self.dialect()?;
        let folder = self.project.layout.folder(dialect);
        if !generate::is_folder_there(&folder)? {
            return Err(self.no_folder(dialect, folder));
        }
        let list = revision::read(&folder).map_err(generate::Error::from)?;
        // Errors name the files as the terminal's own folder sees them.
        let shown = |it: Revision| Revision { folder: self.shown(&it.folder.display().to_string()).into(), ..it };
        let list = list.into_iter().map(shown).collect();
        Ok(Revisions { dialect, list })
    }

    /// The database, which has to be named, and its dialect's revisions.
    pub(super) fn opened(&self) -> Result<(DatabaseUrl, Revisions), Error> {
        Ok((self.database()?, self.revisions()?))
    }

    /// Where a script leads: a range, or from what is applied to `text`. Without a database nothing is.
    pub(super) fn way(&self, text: &str) -> Result<Way, Error> {
        if text.contains(':') {
            return Ok(Way::Range(text.parse()?));
        }
        Ok(Way::From { rows: self.rows()?.unwrap_or_default(), to: text.parse()? })
    }

    /// What the environment says of how an upgrade behaves, changed by what is typed.
    pub(super) fn options(timeouts: &Timeouts) -> Result<Options, Error> {
        let mut options = Options::from_env();
        options.check()?;
        let some = |it: Duration| (!it.is_zero()).then_some(it);
        options.lock_deadline = timeouts.lock_deadline.unwrap_or(options.lock_deadline);
        options.lock_budget = timeouts.lock_budget.unwrap_or(options.lock_budget);
        options.lock_timeout = timeouts.lock_timeout.map_or(options.lock_timeout, some);
        options.statement_timeout = timeouts.statement_timeout.map_or(options.statement_timeout, some);
        Ok(options)
    }

    /// Does what may fail in a way that passes, and says where it is done again.
    pub(super) fn patiently<T>(options: &Options, attempt: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        let say = |error: &Error, pause: Duration| {
            print::aside(&format!("note: {error}\nnote: tried again in {:.0} s", pause.as_secs_f64()));
        };
        upgrade::with_retries(options, Error::is_transient, say, attempt)
    }

    /// The rows of Diesel's table; `None` where no database is named.
    pub(super) fn rows(&self) -> Result<Option<Vec<String>>, Error> {
        let Some(url) = self.url()? else { return Ok(None) };
        let mut connection = generate::connect(&url)?;
        Ok(Some(upgrade::applied(&mut *connection)?.unwrap_or_default()))
    }

    /// The same where to know them is worth something, and not to is no error.
    pub(super) fn rows_if_there(&self) -> Option<Vec<String>> {
        self.rows().unwrap_or_else(|error| {
            print::aside(&format!("note: what is applied is not marked: {error}"));
            None
        })
    }

    /// Applied revisions whose files changed since; `None` where no database is named.
    pub(super) fn changed(&self) -> Result<Option<Vec<String>>, Error> {
        let Some(url) = self.url()? else { return Ok(None) };
        if !generate::is_folder_there(&self.project.layout.folder(url.dialect))? {
            return Ok(Some(Vec::new()));
        }
        let revisions = self.revisions()?;
        let changed = upgrade::changed(&mut *generate::connect(&url)?, &revisions.set())?;
        Ok(Some(changed.into_iter().map(|it| it.revision).collect()))
    }

    /// What was done to the database; none where none is named, or none can be asked.
    pub(super) fn events(&self) -> Result<Vec<Event>, Error> {
        let Some(url) = self.url()? else { return Ok(Vec::new()) };
        Ok(upgrade::events(&mut *generate::connect(&url)?)?)
    }

    /// Another connection to the same database, for a lock that outlives statements.
    pub(super) fn more(url: &DatabaseUrl) -> impl Fn() -> Option<Box<dyn AsSqlConnection>> + '_ {
        || generate::connect(url).ok().map(|it| Box::new(Own(it)) as Box<dyn AsSqlConnection>)
    }

    /// A folder as it is shown.
    pub(super) fn shown(&self, path: &str) -> String {
        let path = Path::new(path);
        path.strip_prefix(&self.directory).unwrap_or(path).display().to_string()
    }

    /// Entries of `ids`, in their order.
    pub(super) fn entries(
        &self,
        graph: &Graph<'_>,
        revisions: &[Revision],
        applied: Option<&Applied<'_, '_>>,
        ids: &[&str],
    ) -> Vec<Entry> {
        let by_id = |id: &&str| revisions.iter().find(|revision| revision.id == **id);
        let found = ids.iter().filter_map(by_id);
        found.map(|revision| Entry::of(graph, revision, applied, &self.directory)).collect()
    }

    /// Prints entries: a line each, or all of them.
    pub(super) fn list(&self, entries: &[Entry], verbose: bool) {
        if self.json {
            return print::json(&entries);
        }
        let mut lines = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let mark = match entry.applied {
                None => "",
                Some(true) => "* ",
                Some(false) => "  ",
            };
            if verbose {
                lines.extend((at > 0).then(String::new));
                lines.extend(entry.details());
            } else {
                lines.push(format!("{mark}{}", entry.line()));
            }
        }
        print::lines(&plain(lines));
    }

    /// `<ids> (head)`: where a database stands, seen against all heads.
    pub(super) fn stands_at(set: &RevisionSet<'_>, heads: &[String]) -> String {
        let names: Vec<String> = heads
            .iter()
            .map(|id| if set.heads.contains(&id.as_str()) { format!("{id} (head)") } else { id.clone() })
            .collect();
        if names.is_empty() { "nothing is applied".to_owned() } else { format!("applied up to {}", names.join(", ")) }
    }
}

pub(super) fn plain(lines: Vec<String>) -> Vec<Line> {
    lines.into_iter().map(|text| Line { tone: Tone::Plain, text }).collect()
}

pub(super) fn say(tone: Tone, text: impl Into<String>) {
    print::lines(&[Line { tone, text: text.into() }]);
}
