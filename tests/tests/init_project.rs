//! `diesel-schema init` in a project that Diesel alone has served: what it writes, and what it says to add, builds, and
//! the models that come then need no migration.

use std::fs;
use std::path::Path;
use std::process::Command;

use diesel_schema::config::Project;
use diesel_schema::generate;
use diesel_schema_tests::readme::as_typed;
use diesel_schema_tests::workspace_root;

/// With the features and the profile that the tour's build has, so that Diesel is built once for both.
const MANIFEST: &str = r#"[package]
name = "my-app"
version = "0.1.0"
edition = "2024"

[dependencies]
diesel = { version = "2.3", default-features = false, features = ["sqlite", "postgres", "r2d2", "chrono", "returning_clauses_for_sqlite_3_35"] }
libsqlite3-sys = { version = ">=0.30, <0.39", features = ["bundled"] }

[profile.dev]
debug = "line-tables-only"
"#;

const MODEL: &str = r#"
use diesel_schema::prelude::*;

#[model(table = "users")]
pub struct User {
    #[primary_key]
    pub id: i32,
    pub name: Option<String>,
}
"#;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn cargo(root: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    as_typed(&mut command);
    command.env("CARGO_TARGET_DIR", workspace_root().join("target/tour")).current_dir(root);
    let output = command.args(words).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {}:\n{stderr}", words.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// Puts lines where `init` says, below their heading where that is there already.
fn add(path: &Path, lines: &str) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let (heading, rest) = lines.split_once('\n').unwrap();
    let added = if text.contains(&format!("{heading}\n")) {
        text.replacen(&format!("{heading}\n"), &format!("{heading}\n{rest}\n"), 1)
    } else {
        format!("{text}{lines}\n")
    };
    fs::write(path, added).unwrap();
}

#[test]
fn a_project_of_diesel_builds_with_what_init_gives_it() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, "Cargo.toml", MANIFEST);
    write(root, "src/main.rs", "fn main() {}\n");
    let up = "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name TEXT);\n";
    write(root, "migrations/2020-01-01-000000_users/up.sql", up);
    write(root, "migrations/2020-01-01-000000_users/down.sql", "DROP TABLE users;\n");
    fs::copy(workspace_root().join("Cargo.lock"), root.join("Cargo.lock")).unwrap();

    let project = Project::find(root, None).unwrap();
    let begun = generate::init(root, &project, &["sqlite".parse().unwrap()]).unwrap();
    for (path, lines) in &begun.to_add {
        add(path, lines);
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let ours = format!("diesel-schema = {{ path = {:?}", workspace_root().join("schema"));
    let version = format!("diesel-schema = {{ version = {:?}", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&version), "{manifest}");
    fs::write(root.join("Cargo.toml"), manifest.replace(&version, &ours)).unwrap();
    // Before the first model, and with the migration that is there.
    cargo(root, &["build", "--offline", "--quiet", "--bins"]);

    let library = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    fs::write(root.join("src/lib.rs"), library.replace("models: []", "models: [User]") + MODEL).unwrap();
    let said = cargo(root, &["run", "--offline", "--quiet", "--bin", "autogenerate", "--", "nothing"]);
    assert!(said.contains("no changes"), "{said}");
    cargo(root, &["run", "--offline", "--quiet", "--bin", "migrate", "--", "upgrade", "--database-url", "app.db"]);
    let said =
        cargo(root, &["run", "--offline", "--quiet", "--bin", "migrate", "--", "check", "--database-url", "app.db"]);
    assert!(said.contains("models and the live schema agree"), "{said}");
}
