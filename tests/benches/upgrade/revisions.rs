//! As many small revisions as asked for, each the other's parent, as both runners take them.

use diesel_migrations::{EmbeddedMigration, EmbeddedMigrations, EmbeddedName, TomlMetadataWrapper};
use diesel_schema::Dialect;
use diesel_schema::embedded::{EmbeddedDialect, EmbeddedRevision};
use diesel_schema::upgrade::{Migrations, MigrationsOf};

/// The same revisions thrice. What a macro bakes in is static, so these are leaked.
pub(crate) struct Revisions {
    pub(crate) sql: Vec<&'static str>,
    stock: &'static [EmbeddedMigration],
    parts: &'static [MigrationsOf],
}

impl Revisions {
    pub(crate) fn new(count: usize) -> Self {
        let id = |number: usize| leak(format!("2026{number:010}"));
        let folder = |number: usize| leak(format!("{}_add_table", id(number)));
        let sql: Vec<&'static str> = (0..count)
            .map(|number| leak(format!("CREATE TABLE t{number} (id integer PRIMARY KEY, name text NOT NULL);")))
            .collect();
        let stock = sql.iter().enumerate().map(|(number, up)| {
            EmbeddedMigration::new(up, None, EmbeddedName::new(folder(number)), TomlMetadataWrapper::new(true))
        });
        let stock: &[EmbeddedMigration] = stock.collect::<Vec<_>>().leak();
        let source: &EmbeddedMigrations = Box::leak(Box::new(EmbeddedMigrations::new(stock)));
        let ours = sql.iter().enumerate().map(|(number, up)| EmbeddedRevision {
            id: id(number),
            slug: "add_table",
            folder: folder(number),
            down_revision: number.checked_sub(1).map(id).into_iter().collect::<Vec<_>>().leak(),
            depends_on: &[],
            branch_labels: &[],
            replaces: &[],
            up,
            down: None,
            irreversible: false,
            run_in_transaction: true,
            checksum: "",
        });
        let revisions: &[EmbeddedRevision] = ours.collect::<Vec<_>>().leak();
        let heads: &[&str] = revisions.last().map(|last| last.id).into_iter().collect::<Vec<_>>().leak();
        let parts = [Dialect::Postgres, Dialect::Sqlite]
            .map(|dialect| MigrationsOf { embedded: EmbeddedDialect { dialect, revisions, heads }, source });
        Self { sql, stock, parts: Box::leak(Box::new(parts)) }
    }

    pub(crate) fn stock(&self) -> EmbeddedMigrations {
        EmbeddedMigrations::new(self.stock)
    }

    pub(crate) fn ours(&self) -> Migrations {
        Migrations::new(self.parts)
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
