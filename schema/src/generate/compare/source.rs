//! Where a schema comes from.

use std::fmt;
use std::str::FromStr;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::revision::Graph;
use diesel_schema_core::revision::graph::Selector;

use super::error::CompareError;
use crate::config::{DatabaseUrl, Project};
use crate::connection::one_line;
use crate::dialect::DialectImpl;
use crate::generate::error::Error;
use crate::generate::server;
use crate::generate::spelling::Server;
use crate::generate::{contract, revisions};
use crate::schema::{Privileges, Schema};

/// What can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The declared schema.
    Models,
    /// `schema.lock`.
    Lock,
    /// What the revisions add up to, all of them or up to some, replayed on a scratch.
    Revisions(Option<Selector>),
    /// What a database holds.
    Database(DatabaseUrl),
}

impl FromStr for Source {
    type Err = CompareError;

    /// `models`, `lock`, `revisions`, `revisions@REV`, and everything else is a database URL.
    fn from_str(text: &str) -> Result<Self, CompareError> {
        Ok(match text.split_once('@') {
            None if text == "models" => Self::Models,
            None if text == "lock" => Self::Lock,
            None if text == "revisions" => Self::Revisions(None),
            Some(("revisions", revision)) => Self::Revisions(Some(revision.parse()?)),
            _ => Self::Database(text.parse()?),
        })
    }
}

impl fmt::Display for Source {
    /// As it is typed, a URL without its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Models => f.write_str("models"),
            Self::Lock => f.write_str("lock"),
            Self::Revisions(None) => f.write_str("revisions"),
            Self::Revisions(Some(revision)) => write!(f, "revisions@{revision}"),
            Self::Database(url) => f.write_str(&url.redacted()),
        }
    }
}

impl Source {
    /// The database, where it is one.
    #[must_use]
    pub const fn url(&self) -> Option<&DatabaseUrl> {
        match self {
            Self::Database(url) => Some(url),
            _ => None,
        }
    }
}

/// The dialect that the sources name by themselves, which databases do.
///
/// # Errors
/// Two databases of two dialects.
pub fn common_dialect(from: &Source, to: &Source) -> Result<Option<Dialect>, CompareError> {
    match (from.url(), to.url()) {
        (Some(a), Some(b)) if a.dialect != b.dialect => {
            Err(CompareError::TwoDialects { from: a.redacted(), a: a.dialect, to: b.redacted(), b: b.dialect })
        }
        (a, b) => Ok(a.or(b).map(|url| url.dialect)),
    }
}

/// A source that was read.
pub(super) struct Side {
    pub(super) schema: Schema,
    /// Whether it is said in this crate's words, and no server has seen it.
    pub(super) said: bool,
}

/// What sources are read with.
pub(super) struct Place<'a> {
    pub(super) dialect: &'static dyn DialectImpl,
    pub(super) declared: Option<&'a DeclaredSchema>,
    pub(super) project: &'a Project,
    pub(super) server: Option<Server<'a>>,
    /// Why there is no server.
    pub(super) why: Option<String>,
}

impl Place<'_> {
    pub(super) fn side(&self, source: &Source) -> Result<Side, CompareError> {
        let said = |schema| Side { schema, said: true };
        let live = |schema| Side { schema, said: false };
        Ok(match source {
            Source::Models => {
                let declared = self.declared.ok_or(CompareError::NoModels)?;
                let lock = revisions::read_lock(&self.project.layout.lock())?;
                said(self.lower(&contract::expanded(declared, lock.as_ref(), &[], &|_| false)?)?)
            }
            Source::Lock => {
                let path = self.project.layout.lock();
                let lock = revisions::read_lock(&path)?.ok_or(CompareError::NoLock(path))?;
                said(self.lower(&lock.expanded().map_err(|error| Error::Lock(error.to_string()))?)?)
            }
            Source::Revisions(revision) => live(self.replayed(revision.as_ref())?),
            Source::Database(url) => live(self.live(url)?),
        })
    }

    /// Owners and privileges, where it is a database.
    pub(super) fn privileges(&self, source: &Source) -> Result<Option<Privileges>, CompareError> {
        let Source::Database(url) = source else { return Ok(None) };
        let mut connection = server::connect(url)?;
        let read = self.dialect.privileges(&mut *connection);
        Ok(Some(read.map_err(|error| Error::Query {
            dialect: self.dialect.dialect(),
            doing: "reading owners and privileges",
            message: one_line(error),
        })?))
    }

    fn lower(&self, declared: &DeclaredSchema) -> Result<Schema, CompareError> {
        Ok(self.dialect.lower(declared).map_err(Error::Unsupported)?)
    }

    fn live(&self, url: &DatabaseUrl) -> Result<Schema, CompareError> {
        let mut connection = server::connect(url)?;
        let read = self.dialect.read(&mut *connection);
        Ok(read.map_err(|error| Error::Query {
            dialect: self.dialect.dialect(),
            doing: "reading the schema",
            message: one_line(error),
        })?)
    }

    fn replayed(&self, revision: Option<&Selector>) -> Result<Schema, CompareError> {
        let dialect = self.dialect.dialect();
        let folder = self.project.layout.folder(dialect);
        if !revisions::is_folder_there(&folder)? {
            return Err(CompareError::NoFolder { dialect, folder });
        }
        let found = diesel_schema_core::revision::read(&folder);
        let found = found.map_err(Error::from)?;
        let graph = Graph::new(found.iter().map(|it| it.node())).map_err(|problems| {
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::revisions(said.join("\n"))
        })?;
        let wanted = revision.map(|it| graph.applied_at(std::slice::from_ref(it))).transpose()?;
        let is_wanted = |id: &str| wanted.as_ref().is_none_or(|wanted| wanted.has(id));
        let replay = found.iter().filter(|it| is_wanted(&it.id)).cloned().map(Into::into).collect::<Vec<_>>();
        let Some(server) = self.server else {
            let reason = self.why.clone().unwrap_or_default();
            return Err(Error::Scratch { dialect, reason }.into());
        };
        let mut scratch = server.scratch()?;
        revisions::replay(&replay, crate::dialect::Scratch::connection(&mut scratch))?;
        Ok(server.read(&mut scratch)?)
    }
}
