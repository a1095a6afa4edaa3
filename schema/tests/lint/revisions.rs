//! Revisions of a project, in their order: what is known before each of them, and the safe forms written.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use diesel_schema::Dialect;
use diesel_schema::config::{DatabaseUrl, Project};
use diesel_schema::generate::{LintError, LintReport, LintRequest, Which, lint_each, lint_levels, mend};
use diesel_schema::lint::Level;
use diesel_schema_core::revision::graph::Selector;

/// A folder with one PostgreSQL revision behind the other.
fn project(revisions: &[(&str, &str)]) -> (tempfile::TempDir, Project) {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let mut parent = String::new();
    for (id, up) in revisions {
        let folder = root.path().join(format!("migrations/postgres/{id}_x"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("up.sql"), up).unwrap();
        std::fs::write(folder.join("down.sql"), "SELECT 1;\n").unwrap();
        let metadata = format!("run_in_transaction = true\ndown_revision = [{parent}]\n");
        std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
        parent = format!("\"{id}\"");
    }
    let project = Project::find(root.path(), None).unwrap();
    (root, project)
}

fn try_lint(
    project: &Project,
    (which, since): (&[&str], Option<&str>),
    database: Option<&DatabaseUrl>,
) -> Result<LintReport, LintError> {
    let which: Vec<Which> = which.iter().map(|it| it.parse().unwrap()).collect();
    let since: Option<Selector> = since.map(|it| it.parse().unwrap());
    let levels = lint_levels(project, &[])?;
    lint_each(&LintRequest {
        dialect: Dialect::Postgres,
        project,
        which: &which,
        since: since.as_ref(),
        files: &[],
        in_transaction: false,
        database,
        levels: &levels,
    })
}

/// The errors, by the revision.
fn errors(report: &LintReport) -> Vec<(String, &'static str)> {
    let found = report.files.iter().flat_map(|file| {
        let id = file.revision.clone().unwrap_or_default();
        file.findings.iter().filter(|it| it.level == Level::Error).map(move |it| (id.clone(), it.rule))
    });
    found.collect()
}

const CHAIN: &[(&str, &str)] = &[
    ("1", "CREATE TABLE t (id bigint PRIMARY KEY, b varchar(20));\n"),
    ("2", "ALTER TABLE t ALTER COLUMN b TYPE varchar(10);\n"),
    ("3", "ALTER TABLE t ALTER COLUMN b TYPE varchar(40);\n"),
];

#[test]
fn what_the_revisions_before_say_decides() {
    let (_root, project) = project(CHAIN);
    let all = errors(&try_lint(&project, (&[], None), None).unwrap());
    assert_eq!(all, [("2".to_owned(), "changing-column-type")]);
    assert_eq!(errors(&try_lint(&project, (&["3"], None), None).unwrap()), []);
    assert_eq!(errors(&try_lint(&project, (&[], Some("2")), None).unwrap()), []);
    assert_eq!(errors(&try_lint(&project, (&[], Some("1")), None).unwrap()), all);
    assert!(matches!(try_lint(&project, (&["9"], None), None), Err(LintError::Proof(_))));
}

#[test]
fn levels_stand_in_the_cargo_toml() {
    let (root, _) = project(CHAIN);
    let write = |rule: &str| {
        let text = format!("[workspace]\n[workspace.metadata.diesel-schema.lint]\n{rule}\n");
        std::fs::write(root.path().join("Cargo.toml"), text).unwrap();
        Project::find(root.path(), None).unwrap()
    };
    let quiet = write("changing-column-type = \"warn\"");
    assert_eq!(errors(&try_lint(&quiet, (&[], None), None).unwrap()), []);
    let typed = lint_levels(&quiet, &[("changing-column-type".to_owned(), Level::Off)]).unwrap();
    assert_eq!(typed, BTreeMap::from([("changing-column-type".to_owned(), Level::Off)]));
    assert!(matches!(lint_levels(&write("no-rule = \"warn\""), &[]), Err(LintError::UnknownRule { .. })));
    assert!(matches!(lint_levels(&write("all = \"loud\""), &[]), Err(LintError::Level { .. })));
}

fn up(root: &Path, id: &str) -> String {
    std::fs::read_to_string(root.join(format!("migrations/postgres/{id}_x/up.sql"))).unwrap()
}

#[test]
fn the_safe_form_is_written_and_is_found_no_more() {
    let (root, project) = project(&[
        ("1", "CREATE TABLE t (id bigint PRIMARY KEY, a bigint);\n"),
        ("2", "CREATE INDEX t_a_idx ON t (a);\n"),
    ]);
    let before = try_lint(&project, (&["2"], None), None).unwrap();
    assert_eq!(errors(&before), [("2".to_owned(), "require-concurrent-index-creation")]);
    let mended = mend(&project, &before).unwrap();
    assert!(mended.iter().all(|it| it.left_transaction) && mended.len() == 1, "{mended:?}");
    assert_eq!(up(root.path(), "2"), "CREATE INDEX CONCURRENTLY t_a_idx ON t (a);\n");
    let metadata = std::fs::read_to_string(root.path().join("migrations/postgres/2_x/metadata.toml")).unwrap();
    assert!(metadata.starts_with("run_in_transaction = false\n"), "{metadata}");
    assert_eq!(errors(&try_lint(&project, (&["2"], None), None).unwrap()), []);
}

#[test]
fn a_table_that_the_database_says_is_small_may_be_locked() {
    let server = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let name = format!("lint_sizes_{}", std::process::id());
    let mut on_server = PgConnection::establish(&server).unwrap();
    on_server.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let (small, large) = {
        let (_root, project) = project(&[
            ("1", "CREATE TABLE t (id bigint PRIMARY KEY, a bigint);\n"),
            ("2", "CREATE INDEX t_a_idx ON t (a);\n"),
        ]);
        let mut connection = PgConnection::establish(&url).unwrap();
        let table = "CREATE TABLE t (id bigint PRIMARY KEY, a bigint);";
        connection.batch_execute(table).unwrap();
        let applied = "CREATE TABLE __diesel_schema_migrations (
                version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
            INSERT INTO __diesel_schema_migrations (version) VALUES ('1');";
        connection.batch_execute(applied).unwrap();
        let database: DatabaseUrl = url.parse().unwrap();
        let mut lint = |rows: u64| {
            let fill = format!("TRUNCATE t; INSERT INTO t SELECT i, i FROM generate_series(1, {rows}) i; ANALYZE t;");
            connection.batch_execute(&fill).unwrap();
            errors(&try_lint(&project, (&["2"], None), Some(&database)).unwrap())
        };
        (lint(100), lint(20_000))
    };
    on_server.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    assert_eq!(small, []);
    assert_eq!(large, [("2".to_owned(), "require-concurrent-index-creation")]);
}
