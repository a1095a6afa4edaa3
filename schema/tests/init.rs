//! `diesel-schema init` in a project that Diesel alone has served.

use std::path::Path;
use std::process::Command;

fn init(root: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_diesel-schema"))
        .arg("init")
        .args(words)
        .current_dir(root)
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap().replace(&root.display().to_string(), "[root]");
    let text = text.replace(env!("CARGO_PKG_VERSION"), "[version]");
    format!("$ diesel-schema init {}\n{text}exit code {}\n\n", words.join(" "), output.status.code().unwrap_or(-1))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// As `cargo new` and `diesel migration generate` leave it.
fn stock() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"my-app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                    diesel = { version = \"2.3\", features = [\"sqlite\"] }\n";
    write(root.path(), "Cargo.toml", manifest);
    write(root.path(), "src/main.rs", "fn main() {}\n");
    write(root.path(), "migrations/.keep", "");
    write(root.path(), "migrations/2020-01-01-000000_users/up.sql", "CREATE TABLE users (id INTEGER);\n");
    write(root.path(), "migrations/2020-01-01-000000_users/down.sql", "DROP TABLE users;\n");
    root
}

#[test]
fn a_project_of_diesel_gets_what_it_lacks() {
    let root = stock();
    let mut text = init(root.path(), &[]);
    for file in ["src/bin/autogenerate.rs", "src/bin/migrate.rs", "diesel.toml", "migrations/schema.lock"] {
        text += &format!("--- {file}\n{}\n", std::fs::read_to_string(root.path().join(file)).unwrap());
    }
    let manifest = std::fs::read_to_string(root.path().join("Cargo.toml")).unwrap();
    let manifest = manifest.replace("edition =", "default-run = \"my-app\"\nedition =") + "diesel-schema = \"0\"\n";
    write(root.path(), "Cargo.toml", &manifest);
    write(root.path(), "src/lib.rs", "diesel_schema::schema! {\n    pub mod schema;\n}\n");
    write(root.path(), "src/bin/migrate.rs", "fn main() { /* mine */ }\n");
    text += "(the lines are added)\n\n";
    text += &init(root.path(), &[]);
    text += &init(root.path(), &["--json"]);
    assert_eq!(std::fs::read_to_string(root.path().join("src/bin/migrate.rs")).unwrap(), "fn main() { /* mine */ }\n");
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_missing_is_told() {
    let root = tempfile::tempdir().unwrap();
    let mut text = init(root.path(), &[]);
    write(root.path(), "Cargo.toml", "[package]\nname = \"a\"\n");
    text += &init(root.path(), &[]);
    text += &init(root.path(), &["--dialect", "oracle"]);
    text += &init(root.path(), &["--dialect", "postgres", "--dialect", "sqlite", "--json"]);
    write(root.path(), "Cargo.toml", "[package\n");
    text += &init(root.path(), &["--json"]);
    insta::assert_snapshot!(text);
}
