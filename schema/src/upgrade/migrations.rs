//! What `embed_migrations!` gives.

use diesel_migrations::EmbeddedMigrations;
use diesel_schema_core::Dialect;
use diesel_schema_core::embedded::EmbeddedDialect;

use super::{RevisionSet, RustStep, UpgradeError};

/// The revisions of every dialect, baked into the binary by `embed_migrations!`.
#[derive(Clone, Copy)]
pub struct Migrations {
    parts: &'static [MigrationsOf],
    steps: &'static [RustStep],
}

/// The revisions of one dialect.
#[derive(Clone, Copy)]
pub struct MigrationsOf {
    /// As our runner takes them.
    pub embedded: EmbeddedDialect,
    /// As stock `diesel_migrations` takes them.
    pub source: &'static EmbeddedMigrations,
}

impl Migrations {
    /// What the macro calls.
    #[must_use]
    pub const fn new(parts: &'static [MigrationsOf]) -> Self {
        Self { parts, steps: &[] }
    }

    /// With code beside the SQL of some of them.
    #[must_use]
    pub const fn with_steps(self, steps: &'static [RustStep]) -> Self {
        Self { steps, ..self }
    }

    /// The code that is registered.
    #[must_use]
    pub const fn steps(&self) -> &'static [RustStep] {
        self.steps
    }

    /// The revisions of each dialect.
    #[must_use]
    pub const fn parts(&self) -> &'static [MigrationsOf] {
        self.parts
    }

    /// A dialect's revisions; `None` where the folder had none.
    #[must_use]
    pub fn of(&self, dialect: Dialect) -> Option<&'static EmbeddedDialect> {
        self.parts.iter().map(|part| &part.embedded).find(|embedded| embedded.dialect == dialect)
    }

    /// The same for Diesel's own `MigrationHarness`, which orders them by name.
    #[must_use]
    pub fn source(&self, dialect: Dialect) -> Option<&'static EmbeddedMigrations> {
        self.parts.iter().find(|part| part.embedded.dialect == dialect).map(|part| part.source)
    }

    pub(super) fn set(&self, dialect: Dialect) -> Result<RevisionSet<'static>, UpgradeError> {
        let set = self.of(dialect).map(RevisionSet::from).ok_or(UpgradeError::NoRevisions(dialect))?;
        Ok(set.with_steps(self.steps))
    }
}

impl std::fmt::Debug for Migrations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|part| &part.embedded)).finish()
    }
}
