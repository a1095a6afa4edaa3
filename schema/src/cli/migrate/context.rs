//! What every command of `migrate` stands on: the project, its revisions, the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel_schema_core::Dialect;
use diesel_schema_core::def::SchemaDef;
use diesel_schema_core::revision::graph::{Applied, Range, Selector};
use diesel_schema_core::revision::{self, Graph, Revision};

use super::{Error, Global, Steps};
use crate::cli::print;
use crate::config::{self, DatabaseUrl, Layout, Project};
use crate::connection::{AsSqlConnection, SqlConnection};
use crate::generate::{self, Entry, Line, Tone};
use crate::upgrade::{self, Options, RevisionSet, UpgradeError};

pub(super) struct Context {
    pub(super) directory: PathBuf,
    pub(super) project: Project,
    pub(super) schema: &'static SchemaDef,
    pub(super) json: bool,
    pub(super) steps: Steps,
    url: Option<String>,
}

/// A connection of which another one can be had.
pub(super) struct Own(Box<dyn SqlConnection>);

impl AsSqlConnection for Own {
    fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
        &mut *self.0
    }
}

/// `a:b`, where it is one; else a selector.
pub(super) enum Target {
    One(Selector),
    Range(Range),
}

impl Target {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        Ok(if text.contains(':') { Self::Range(text.parse()?) } else { Self::One(text.parse()?) })
    }

    /// For a command that works on a database.
    pub(super) fn one(text: &str) -> Result<Selector, Error> {
        match Self::parse(text)? {
            Self::One(selector) => Ok(selector),
            Self::Range(_) => Err(Error::RangeWithoutSql(text.to_owned())),
        }
    }
}

impl Context {
    pub(super) fn new(global: Global, schema: &'static SchemaDef, steps: Steps) -> Result<Self, Error> {
        let directory = std::env::current_dir().map_err(config::ConfigError::Read)?;
        let project = Project::find(&directory, global.migrations.as_deref())?;
        let url = config::database_url(global.database_url.as_deref());
        Ok(Self { directory, project, schema, json: global.json, steps, url })
    }

    /// The database, where one is named.
    pub(super) fn url(&self) -> Result<Option<DatabaseUrl>, Error> {
        Ok(self.url.as_deref().map(str::parse).transpose()?)
    }

    /// The database, which has to be named.
    pub(super) fn database(&self) -> Result<DatabaseUrl, Error> {
        self.url()?.ok_or(Error::NoUrl)
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
        let all = self.schema.dialects;
        Ok(all.iter().find(has).or(all.first()).copied().unwrap_or(Dialect::Postgres))
    }

    /// The dialects that new revisions are written for.
    pub(super) fn dialects(&self) -> Result<Vec<Dialect>, Error> {
        match &self.project.layout {
            Layout::Plain(_) => Ok(vec![self.dialect()?]),
            Layout::Dialects(_) => Ok(self.schema.dialects.to_vec()),
        }
    }

    pub(super) fn revisions(&self, dialect: Dialect) -> Result<Vec<Revision>, Error> {
        let folder = self.project.layout.folder(dialect);
        if !folder.exists() {
            return Err(Error::NoFolder { dialect, folder });
        }
        Ok(revision::read(&folder).map_err(|problems| generate::Error::Revisions(problems.to_string()))?)
    }

    /// How long to wait for a process that is upgrading.
    pub(super) fn lock_deadline() -> Result<Duration, Error> {
        let options = Options::from_env();
        options.invalid.map_or(Ok(options.lock_deadline), |say| Err(UpgradeError::Options(say).into()))
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
