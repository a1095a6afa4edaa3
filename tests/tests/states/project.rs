//! A small project outside of the workspace, in one of three layouts, and `cargo check` of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use diesel_schema_core::revision::{self, Revision};

/// Where its parts are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One package.
    One,
    /// The models in a library, the server and the migrations beside it.
    Library,
    /// Models, migrations and server each in a member.
    Members,
}

pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) layout: Layout,
    target: PathBuf,
}

const MODELS: &str = r#"//! The tables.

use diesel_schema::prelude::*;

/// Somebody.
#[model(table = "users")]
#[index(bio)]
pub struct User {
    #[primary_key]
    pub id: i32,
    #[unique]
    pub email: String,
    pub bio: Option<String>,
    #[default(true)]
    pub active: bool,
    pub tone: Tone,
}

/// What somebody writes.
#[model(table = "posts")]
pub struct Post {
    #[primary_key]
    pub id: i64,
    #[references(User, on_delete = cascade)]
    pub user_id: i32,
    #[check("length(title) > 0")]
    pub title: String,
}

/// How somebody writes.
#[derive(Debug, SqlEnum)]
pub enum Tone {
    Formal,
    Casual,
}
"#;

const LIB: &str = r#"pub mod models;

diesel_schema::prelude::schema! {
    pub mod schema;
    models: [models::User, models::Post],
    enums: [models::Tone],
    sql: ["sql/seen.sql"],
    dialects: [sqlite],
}
"#;

const SQL: &str = "CREATE VIEW seen AS SELECT id FROM users;\n";

const DECLARED: &str = r#"
enum tone values=["formal", "casual"] comment="How somebody writes."

sql "sql/seen.sql" dialects=[] text="CREATE VIEW seen AS SELECT id FROM users;\n"

table posts comment="What somebody writes."
column posts.id type=Int8 identity=by_default
column posts.title type=Text
column posts.user_id type=Int4
primary_key posts columns=[id]
foreign_key posts columns=[user_id] references=users references_columns=[id] on_delete=cascade
check posts expr="length(title) > 0" columns=[title]

table users comment="Somebody."
column users.active type=Bool default=true
column users.bio type=Text null
column users.email type=Text
column users.id type=Int4 identity=by_default
column users.tone type=enum(tone)
primary_key users columns=[id]
unique users columns=[email]
index users keys=[bio]
"#;

/// What cargo said.
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) text: String,
}

impl Project {
    /// The project in a state in which everything agrees.
    pub(crate) fn new(test: &str, layout: Layout) -> Self {
        let workspace = diesel_schema_tests::workspace_root();
        let kind = match layout {
            Layout::One => "one",
            Layout::Library => "library",
            Layout::Members => "members",
        };
        // With the features and the profile of the README's tour, so that Diesel is built once for all of them.
        let target = workspace.join("target/tour");
        let root = target.join("states").join(test).join(kind);
        fs::remove_dir_all(&root).ok();
        let project = Self { root, layout, target };
        let ours = format!(
            "diesel = {{ version = \"2.3\", default-features = false, features = [\"sqlite\", \"postgres\", \"r2d2\", \
             \"chrono\", \"returning_clauses_for_sqlite_3_35\"] }}\n\
             diesel-schema = {{ path = {:?}, default-features = false, features = [\"sqlite\", \"postgres\", \"cli\", \
             \"chrono\"] }}\nlibsqlite3-sys = {{ version = \">=0.30, <0.39\", features = [\"bundled\"] }}\n",
            workspace.join("schema")
        );
        let profile = "\n[profile.dev]\ndebug = \"line-tables-only\"\n";
        let workspace_of = |members: &str| format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n{profile}");
        // Cargo tells members of two workspaces apart by name and version only, and both share what is built.
        let package = |name: &str, more: &str| {
            format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0-{test}.{kind}\"\nedition = \"2024\"\n\n[dependencies]\n{ours}{more}"
            )
        };
        let embed = |module: &str| format!("diesel_schema::embed_migrations!(schema: {module}::schema)");
        let server = |migrations: &str| {
            format!(
                "static MIGRATIONS: diesel_schema::upgrade::Migrations = {migrations};\n\n\
                 fn main() {{\n    println!(\"{{MIGRATIONS:?}}\");\n}}\n"
            )
        };
        let typed = |module: &str| {
            ["autogenerate", "migrate"].map(|name| {
                let main = format!("diesel_schema::cli::{name}(&{module}::schema::SCHEMA)");
                (format!("src/bin/{name}.rs"), format!("fn main() -> std::process::ExitCode {{\n    {main}\n}}\n"))
            })
        };
        let build = "fn main() {\n    println!(\"cargo::rerun-if-changed=MIGRATIONS\");\n}\n";
        match layout {
            Layout::One => {
                project.write("Cargo.toml", &(package("one", "") + "\n[workspace]\n" + profile));
                project.write("build.rs", &build.replace("MIGRATIONS", "migrations"));
                project.write("src/bin/server.rs", &server(&embed("one")));
                typed("one").iter().for_each(|(path, text)| project.write(path, text));
            }
            Layout::Library => {
                project.write("Cargo.toml", &workspace_of("\"models\", \"server\""));
                project.write("models/Cargo.toml", &package("models", ""));
                typed("models").iter().for_each(|(path, text)| project.write(&format!("models/{path}"), text));
                project.write("server/Cargo.toml", &package("server", "models = { path = \"../models\" }\n"));
                project.write("server/build.rs", &build.replace("MIGRATIONS", "../migrations"));
                project.write("server/src/main.rs", &server(&embed("models")));
            }
            Layout::Members => {
                project.write("Cargo.toml", &workspace_of("\"models\", \"db\", \"server\""));
                project.write("diesel.toml", "[migrations_directory]\ndir = \"db/migrations/sqlite\"\n");
                project.write("models/Cargo.toml", &package("models", ""));
                typed("models").iter().for_each(|(path, text)| project.write(&format!("models/{path}"), text));
                project.write("db/Cargo.toml", &package("db", "models = { path = \"../models\" }\n"));
                project.write("db/build.rs", &build.replace("MIGRATIONS", "migrations"));
                let migrations = embed("models");
                let migrations = format!("pub static MIGRATIONS: diesel_schema::upgrade::Migrations = {migrations};\n");
                project.write("db/src/lib.rs", &migrations);
                project.write("server/Cargo.toml", &package("server", "db = { path = \"../db\" }\n"));
                project.write("server/src/main.rs", "fn main() {\n    println!(\"{:?}\", db::MIGRATIONS);\n}\n");
            }
        }
        project
            .write("Cargo.lock", &fs::read_to_string(workspace.join("Cargo.lock")).expect("the workspace has a lock"));
        project.write(&project.models("src/models.rs"), MODELS);
        project.write(&project.models("src/lib.rs"), LIB);
        project.write(&project.models("sql/seen.sql"), SQL);
        project.revision("1_all", "[]");
        project.lock();
        project
    }

    /// A path within the package of the models.
    pub(crate) fn models(&self, path: &str) -> String {
        if self.layout == Layout::One { path.to_owned() } else { format!("models/{path}") }
    }

    /// A path within the folder of the migrations.
    pub(crate) fn migrations(&self, path: &str) -> String {
        let folder = if self.layout == Layout::Members { "db/migrations" } else { "migrations" };
        format!("{folder}/{path}")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Replaces a part of a file, which has to be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not hold {from}");
        self.write(path, &text.replace(from, to));
    }

    /// A folder of a revision.
    pub(crate) fn revision(&self, name: &str, parents: &str) {
        let folder = self.migrations(&format!("sqlite/{name}"));
        self.write(&format!("{folder}/up.sql"), "SELECT 1;\n");
        self.write(&format!("{folder}/down.sql"), "SELECT 1;\n");
        let metadata =
            format!("run_in_transaction = true\ndown_revision = {parents}\ndepends_on = []\nbranch_labels = []\n");
        self.write(&format!("{folder}/metadata.toml"), &metadata);
    }

    /// Writes the lock of all revisions that are there, and of the models as they were at first.
    pub(crate) fn lock(&self) {
        let mut text = String::from("version = 1\n\ncomments = false\n\ndialects = [sqlite]\n\n");
        let found = revision::read(&self.root.join(self.migrations("sqlite"))).expect("good revisions");
        for Revision { id, down_revision, checksum, .. } in &found {
            let parents = down_revision.join(", ");
            text += &format!("revision sqlite {id} down_revision=[{parents}] depends_on=[] checksum={checksum}\n");
        }
        self.write(&self.migrations("schema.lock"), &(text + DECLARED));
    }

    /// `cargo` with these words, from a folder of the project.
    pub(crate) fn cargo_in(&self, folder: &str, words: &[&str], drift: Option<&str>) -> Said {
        let mut command = Command::new(env!("CARGO"));
        command.arg("--offline").args(words).current_dir(self.root.join(folder));
        // What cargo sets for this test is not what it shall see there.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_") && name != "CARGO_HOME") {
            command.env_remove(name);
        }
        for name in ["RUSTFLAGS", "DIESEL_SCHEMA_DRIFT", "DATABASE_URL"] {
            command.env_remove(name);
        }
        command.env("CARGO_INCREMENTAL", "0").env("NO_COLOR", "1");
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_TERM_COLOR", "never");
        if let Some(word) = drift {
            command.env("DIESEL_SCHEMA_DRIFT", word);
        }
        let output = command.output().expect("cargo runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).replace(&format!("{}/", self.root.display()), "");
        Said { success: output.status.success(), text }
    }

    /// Runs a binary of the project with these words, as somebody types it who has no database.
    pub(crate) fn run(&self, binary: &str, words: &[&str]) -> Said {
        self.cargo_in("", &[&["run", "--quiet", "--bin", binary, "--"], words].concat(), None)
    }

    /// `cargo check` of all of it.
    pub(crate) fn check(&self) -> Said {
        self.cargo_in("", &["check", "--workspace"], None)
    }

    /// The error of `cargo check`, which has to hold these lines, while the binary that mends it builds.
    pub(crate) fn fails_with(&self, lines: &[&str]) -> String {
        let Said { success, text } = self.check();
        assert!(!success, "it should not build:\n{text}");
        for line in lines {
            assert!(text.contains(line), "`{line}` is not in\n{text}");
        }
        let autogenerate = self.cargo_in("", &["check", "--bin", "autogenerate"], None);
        assert!(autogenerate.success, "autogenerate should build:\n{}", autogenerate.text);
        text
    }

    /// That nothing is said.
    pub(crate) fn is_good(&self) {
        let Said { success, text } = self.check();
        assert!(success && !text.contains("warning"), "{text}");
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("a file")
    }

    /// The ids of the revisions that are there, sorted.
    pub(crate) fn ids(&self) -> Vec<String> {
        let found = revision::read(&self.root.join(self.migrations("sqlite"))).expect("good revisions");
        let mut ids: Vec<String> = found.into_iter().map(|revision| revision.id).collect();
        ids.sort();
        ids
    }

    /// The names of the revisions' folders, each after its parents.
    pub(crate) fn folders(&self) -> Vec<String> {
        let found = revision::read(&self.root.join(self.migrations("sqlite"))).expect("good revisions");
        found.iter().filter_map(|it| Some(it.folder.file_name()?.to_string_lossy().into_owned())).collect()
    }

    /// Removes a file or a folder.
    pub(crate) fn remove(&self, path: &str) {
        let path = self.root.join(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it is there");
    }

    /// Its migrations as they were at first.
    pub(crate) fn restore(&self) {
        self.remove(&self.migrations(""));
        self.revision("1_all", "[]");
        self.lock();
    }

    /// Every file of it, with the time of its last change.
    pub(crate) fn files(&self) -> Vec<(PathBuf, SystemTime)> {
        files(&self.root)
    }

    /// Takes the right to write from every file and folder of it, or gives it back.
    pub(crate) fn set_readonly(&self, readonly: bool) {
        let mut paths: Vec<PathBuf> = self.files().into_iter().map(|(path, _)| path).collect();
        let folders = paths.iter().flat_map(|path| path.ancestors().skip(1)).filter(|it| it.starts_with(&self.root));
        let folders: BTreeSet<PathBuf> = folders.map(Path::to_owned).collect();
        paths.extend(folders);
        for path in paths {
            let mut permissions = path.metadata().expect("it is there").permissions();
            #[allow(clippy::permissions_set_readonly_false, reason = "what was the test's is the test's again")]
            permissions.set_readonly(readonly);
            fs::set_permissions(&path, permissions).expect("rights");
        }
    }

    /// Whether cargo has to check anything of the project again.
    pub(crate) fn is_stale(&self) -> bool {
        self.check().text.contains("Checking ")
    }
}

/// Every file below, with the time of its last change.
fn files(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let changed = path.metadata().and_then(|it| it.modified()).expect("a time");
            found.push((path, changed));
        }
    }
    found.sort();
    found
}
