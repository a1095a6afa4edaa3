//! Revisions baked into a binary: what `embed_migrations!` expands to.

use crate::dialect::Dialect;

/// The revisions of one dialect.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedDialect {
    /// Whose they are.
    pub dialect: Dialect,
    /// Every revision, each after all of its parents and dependencies; ties are broken by id.
    pub revisions: &'static [EmbeddedRevision],
    /// The revisions that no other one names as its parent, sorted.
    pub heads: &'static [&'static str],
}

/// One revision folder.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedRevision {
    /// Its id: the folder's name up to the first `_`, without `-`, as Diesel has it.
    pub id: &'static str,
    /// The rest of the folder's name.
    pub slug: &'static str,
    /// The folder, for messages: `migrations/postgres/20251010122401_add_user_profile_fields`.
    pub folder: &'static str,
    /// Its parents.
    pub down_revision: &'static [&'static str],
    /// What has to be applied before it besides its parents.
    pub depends_on: &'static [&'static str],
    /// Names of the branch that starts here.
    pub branch_labels: &'static [&'static str],
    /// The revisions that it was squashed from, besides itself.
    pub replaces: &'static [&'static str],
    /// The text of `up.sql`.
    pub up: &'static str,
    /// The text of `down.sql`; `None` where there is none.
    pub down: Option<&'static str>,
    /// Whether nothing can undo it.
    pub irreversible: bool,
    /// Whether it runs in a transaction together with its row.
    pub run_in_transaction: bool,
    /// The checksum of its files, in hexadecimal.
    pub checksum: &'static str,
}
