//! Import, compile, and ask `autogenerate`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use diesel_schema::Dialect;
use diesel_schema::config::Project;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::def::SchemaDef;
use diesel_schema::generate::{self, Nobody, Request};

use crate::support::{Database, package, printed_by_diesel};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Types `diesel-schema import`.
fn import(folder: &Path, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diesel-schema"));
    command.arg("import").args(words).current_dir(folder).env_remove("DATABASE_URL").env_remove("SCRATCH_POSTGRES_URL");
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.success(), text.replace(&folder.display().to_string(), "[root]"))
}

/// Imports, compares with what is compiled here, and says what `autogenerate` says then.
fn round(dialect: Dialect, schema: &'static SchemaDef) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let name = dialect.name();
    package(root.path(), "imported", dialect);
    let database = Database::new(dialect, "round", root.path());
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    database.load(&std::fs::read_to_string(here.join(format!("{name}.sql"))).unwrap()).unwrap();
    let (went_well, said) = import(root.path(), &["--database-url", &database.url]);
    assert!(went_well, "{said}");
    assert!(said.contains("applied, says the database now"), "{said}");
    let (models, expected) = (root.path().join("src/models"), here.join(name));
    if std::env::var_os("UPDATE_IMPORTED").is_some() {
        let _ = std::fs::remove_dir_all(&expected);
        for path in files(&models) {
            let to = expected.join(path.strip_prefix(&models).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(path, to).unwrap();
        }
        panic!("written anew: run it again without UPDATE_IMPORTED");
    }
    let names = |folder: &Path| -> Vec<PathBuf> {
        files(folder).iter().map(|path| path.strip_prefix(folder).unwrap().to_owned()).collect()
    };
    assert_eq!(names(&models), names(&expected));
    for name in names(&models) {
        let text = |folder: &Path| std::fs::read_to_string(folder.join(&name)).unwrap();
        assert_eq!(text(&models), text(&expected), "{}: UPDATE_IMPORTED=1 writes it anew", name.display());
    }
    let project = Project::find(root.path(), None).unwrap();
    let prepared = generate::prepare(
        &Request {
            declared: &DeclaredSchema::from(schema),
            name: "nothing",
            project: &project,
            database: Some(database.url.parse().unwrap()),
            scratch_postgres: None,
            renames: &[],
            allow_data_loss: false,
            keep_data: false,
            plain: false,
            now: SystemTime::now(),
        },
        &mut Nobody,
    );
    let prepared = prepared.unwrap();
    let changes: Vec<String> = prepared
        .dialects
        .iter()
        .flat_map(|part| part.transition.changes.iter().map(|change| change.describe()))
        .collect();
    assert!(changes.is_empty(), "{changes:?}");
    let stale: Vec<_> = prepared.files.files.iter().map(|(path, _)| path).collect();
    assert!(stale.is_empty(), "schema.lock and schema.rs are those of the compiled models: {stale:?}");
    if dialect == Dialect::Postgres
        && let Some(printed) = printed_by_diesel(&database.url, &["--except-tables", "logs"])
    {
        assert_eq!(std::fs::read_to_string(root.path().join("schema.rs")).unwrap(), printed.unwrap());
    }
    let (again, said) = import(root.path(), &["--database-url", &database.url]);
    assert!(!again && said.contains("says that there are models already"), "{said}");
    root
}

#[test]
fn models_of_a_postgresql_database_compile_and_need_no_change() {
    round(Dialect::Postgres, &crate::postgres::schema::SCHEMA);
}

#[test]
fn models_of_an_sqlite_database_compile_and_need_no_change() {
    round(Dialect::Sqlite, &crate::sqlite::schema::SCHEMA);
}

#[test]
fn revisions_of_a_diesel_folder_stay_the_history() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write("src/lib.rs", "// mine\n");
    write("migrations/2020-01-01-000000_users/up.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL);\n");
    write("migrations/2020-01-01-000000_users/down.sql", "DROP TABLE users;\n");
    write("migrations/2020-01-02-000000_name/up.sql", "ALTER TABLE users ADD COLUMN name TEXT;\n");
    write("migrations/2020-01-02-000000_name/down.sql", "ALTER TABLE users DROP COLUMN name;\n");
    let (went_well, said) = import(root.path(), &["--dialect", "sqlite"]);
    assert!(went_well, "{said}");
    let lock = std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap();
    let model = std::fs::read_to_string(root.path().join("src/models/users.rs")).unwrap();
    assert_eq!(std::fs::read_to_string(root.path().join("src/lib.rs")).unwrap(), "// mine\n");
    insta::assert_snapshot!(format!("{said}\n--- src/models/users.rs\n{model}\n--- migrations/schema.lock\n{lock}"));
}

#[test]
fn no_file_is_overwritten() {
    let root = tempfile::tempdir().unwrap();
    package(root.path(), "app", Dialect::Sqlite);
    let database = Database::new(Dialect::Sqlite, "kept", root.path());
    database.load("CREATE TABLE users (id INTEGER PRIMARY KEY)").unwrap();
    std::fs::create_dir_all(root.path().join("src/models")).unwrap();
    std::fs::write(root.path().join("src/models/users.rs"), "// mine\n").unwrap();
    let before = files(root.path());
    let (went_well, said) = import(root.path(), &["--database-url", &database.url]);
    assert!(!went_well && said.contains("src/models/users.rs would be overwritten"), "{said}");
    assert_eq!(files(root.path()), before);
}
