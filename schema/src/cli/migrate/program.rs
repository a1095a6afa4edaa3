//! What the application's binary brings beside its models: steps in Rust, the connections that they take, and its hook.

use std::path::Path;
use std::process::ExitCode;

use diesel::ConnectionResult;
use diesel_schema_core::def::SchemaDef;

use super::context::Revisions;
use crate::config::DatabaseUrl;
use crate::connection::{AsSqlConnection, SqlConnection};
use crate::generate;
use crate::upgrade::step::Typed;
use crate::upgrade::{BeforeUpgrade, Migrations, RevisionSet, RustStep};

type Connect = dyn Fn(&DatabaseUrl) -> ConnectionResult<Box<dyn SqlConnection>>;
type Hook = dyn Fn(&DatabaseUrl) -> BeforeUpgrade;

/// The application's binary `migrate`, where it has more to give than its models.
///
/// ```no_run
/// use diesel::{Connection, PgConnection};
/// use diesel_schema::cli::Migrate;
/// use diesel_schema::upgrade::{BeforeUpgrade, Migrations};
/// # use diesel_schema::def::SchemaDef;
/// # fn of(schema: &'static SchemaDef, migrations: &Migrations) -> std::process::ExitCode {
///
/// Migrate::new(schema)
///     .steps(migrations, |url| PgConnection::establish(&url.target))
///     .before_upgrade(|url| BeforeUpgrade::pg_dump(&url.target, "backups"))
///     .run()
/// # }
/// ```
#[must_use = "`run` does what was typed"]
pub struct Migrate {
    schema: &'static SchemaDef,
    program: Program,
}

impl Migrate {
    /// As [`migrate`](super::migrate), which has nothing but models.
    pub fn new(schema: &'static SchemaDef) -> Self {
        Self { schema, program: Program::default() }
    }

    /// The steps in Rust that were registered at `embed_migrations!`: without them, a revision that has one is refused.
    /// `connect` makes the connection that they take, an application's enum for example.
    pub fn steps<C: AsSqlConnection + 'static>(
        mut self,
        migrations: &Migrations,
        connect: fn(&DatabaseUrl) -> ConnectionResult<C>,
    ) -> Self {
        let connect = move |url: &DatabaseUrl| {
            connect(url).map(|connection| Box::new(Typed::new(Box::new(connection))) as Box<dyn SqlConnection>)
        };
        self.program.steps = migrations.steps();
        self.program.connect = Some(Box::new(connect));
        self
    }

    /// What `upgrade` runs before anything is applied, as the application's own upgrade does with
    /// [`Options::before_upgrade`](crate::upgrade::Options): `hook` makes it for the database that is upgraded. Its error
    /// stops the upgrade. A backup that `--backup` asks for comes before it.
    pub fn before_upgrade(mut self, hook: impl Fn(&DatabaseUrl) -> BeforeUpgrade + 'static) -> Self {
        self.program.before = Some(Box::new(hook));
        self
    }

    /// Does what the process's arguments say. Exit codes as [`migrate`](super::migrate)'s.
    #[must_use]
    pub fn run(self) -> ExitCode {
        super::main(self.schema, self.program)
    }
}

#[derive(Default)]
pub(super) struct Program {
    steps: &'static [RustStep],
    connect: Option<Box<Connect>>,
    before: Option<Box<Hook>>,
}

impl Program {
    /// The revisions of a folder, with their steps.
    pub(super) fn set<'a>(&self, revisions: &'a Revisions) -> RevisionSet<'a> {
        revisions.set().with_steps(self.steps)
    }

    /// A connection that the steps can take.
    pub(super) fn establish(&self, url: &DatabaseUrl) -> Result<Box<dyn SqlConnection>, generate::Error> {
        match &self.connect {
            None => generate::establish(url),
            Some(connect) => connect(url).map_err(|error| generate::cannot_connect(url, &error)),
        }
    }

    /// What runs before an upgrade of this database: the copy into `backup`, and the application's own.
    pub(super) fn before(
        &self,
        url: &DatabaseUrl,
        backup: Option<&Path>,
    ) -> Result<Option<BeforeUpgrade>, generate::Error> {
        let backup = backup.map(|folder| generate::backup(url, folder)).transpose()?;
        let own = self.before.as_ref().map(|hook| hook(url));
        Ok(match (backup, own) {
            (Some(backup), Some(own)) => Some(backup.and(own)),
            (backup, own) => backup.or(own),
        })
    }
}
