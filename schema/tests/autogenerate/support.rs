//! Projects that are made while the test runs, and the SQLite or PostgreSQL behind them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel_schema::Dialect;
use diesel_schema::config::{DatabaseUrl, Layout, PLAIN_BELOW, PrintSchema, Project, SchemaRs};
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::*;
use diesel_schema::generate::{Ask, Error, Nobody, Phase, Prepared, Request, Scratches, prepare_on};
use diesel_schema::naming;

/// A project in a folder of its own.
pub(crate) struct Workbench {
    pub(crate) root: tempfile::TempDir,
    pub(crate) project: Project,
    pub(crate) now: SystemTime,
    pub(crate) database: Option<DatabaseUrl>,
    pub(crate) scratches: Scratches,
    /// Whether what is dropped is kept for the way back.
    pub(crate) keep_data: bool,
    /// What is done about the release of before.
    pub(crate) phase: Phase,
}

impl Workbench {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::Dialects(root.path().join("migrations"));
        let schema_rs = vec![SchemaRs { file: root.path().join("schema.rs"), print: PrintSchema::default() }];
        let project = Project {
            layout,
            schema_rs,
            scratch_postgres: None,
            databases: BTreeMap::new(),
            plain_below: PLAIN_BELOW,
            lint: BTreeMap::new(),
        };
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        Self {
            root,
            project,
            now,
            database: None,
            scratches: Scratches::default(),
            keep_data: false,
            phase: Phase::Contract,
        }
    }

    pub(crate) fn prepare(
        &self,
        declared: &DeclaredSchema,
        ask: &mut dyn Ask,
        losses: bool,
    ) -> Result<Prepared, Error> {
        self.prepare_on(None, declared, ask, losses)
    }

    /// On a connection to the database that is open already.
    pub(crate) fn prepare_on(
        &self,
        connection: Option<&mut (dyn SqlConnection + 'static)>,
        declared: &DeclaredSchema,
        ask: &mut dyn Ask,
        losses: bool,
    ) -> Result<Prepared, Error> {
        let request = Request {
            declared,
            name: "a change",
            project: &self.project,
            database: self.database.clone(),
            scratch_postgres: None,
            renames: &[],
            allow_data_loss: losses,
            keep_data: self.keep_data,
            phase: self.phase,
            plain: false,
            now: self.now,
        };
        prepare_on(&request, &self.scratches, connection, ask)
    }

    /// Writes the revision and holds that a second run finds nothing to do.
    pub(crate) fn generate(&self, declared: &DeclaredSchema) -> Prepared {
        let prepared = self.prepare(declared, &mut Nobody, true).unwrap_or_else(|error| panic!("{error}"));
        prepared.write().unwrap();
        let again = self.prepare(declared, &mut Nobody, false).unwrap_or_else(|error| panic!("{error}"));
        assert!(again.no_changes(), "{:#?}", again.dialects);
        assert!(again.files.files.is_empty(), "{:#?}", again.files);
        prepared
    }

    /// Every file below the folder, by its path.
    pub(crate) fn listing(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(self.root.path()).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

/// A project that makes its PostgreSQL scratches on the server of the tests.
pub(crate) fn on_postgres() -> Workbench {
    let url = std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"));
    let mut bench = Workbench::new();
    bench.project.scratch_postgres = Some(url);
    bench
}

pub(crate) fn schema(dialects: &[Dialect], models: Vec<Model>) -> DeclaredSchema {
    DeclaredSchema {
        models,
        enums: Vec::new(),
        sequences: Vec::new(),
        sql: Vec::new(),
        dialects: dialects.to_vec(),
        comments: true,
        at: "src/lib.rs:1:1".to_owned(),
    }
}

pub(crate) fn column(name: &str, ty: &str) -> Column {
    Column {
        name: name.to_owned(),
        rust: name.to_owned(),
        ty: Type { kind: TypeKind::Diesel, namespace: None, name: ty.to_owned(), modifiers: Vec::new(), array: 0 },
        nullable: true,
        default: None,
        identity: None,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: String::new(),
        renamed_from: None,
        at: "src/lib.rs:2:1".to_owned(),
    }
}

/// A table with an `id` and these columns.
pub(crate) fn model(table: &str, columns: Vec<Column>) -> Model {
    let id = Column { nullable: false, identity: Some(Identity::ByDefault), ..column("id", "Int4") };
    let at = "src/lib.rs:2:1".to_owned();
    Model {
        namespace: None,
        table: table.to_owned(),
        rust: table.to_owned(),
        comment: String::new(),
        renamed_from: None,
        columns: std::iter::once(id).chain(columns).collect(),
        primary_key: Key {
            name: Some(naming::object_name(table, "", naming::label::PRIMARY_KEY)),
            columns: vec!["id".to_owned()],
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: Deferrable::No,
            at: at.clone(),
        },
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        inheritance: Inheritance::default(),
        options: Vec::new(),
        at,
    }
}
