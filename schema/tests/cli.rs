//! What a user sees who types something wrong, or whose files or database are wrong: the whole output, as snapshots.
//!
//! The test is its own `autogenerate` binary: with `AS_AUTOGENERATE` set, `main` is the application's.

#[path = "ordinary/mod.rs"]
mod ordinary;
#[path = "cli/rights.rs"]
mod rights;
#[path = "users/mod.rs"]
mod users;

use std::path::Path;
use std::process::{Command, ExitCode};

use diesel_schema::Dialect;
use diesel_schema::def::*;

static SCHEMA: SchemaDef = users::schema(&[&users::USER], &[Dialect::Sqlite]);
static ON_POSTGRES: SchemaDef = users::schema(&[&users::USER], &[Dialect::Postgres]);
static WITH_AN_ARRAY: SchemaDef = users::schema(&[&TAGGED], &[Dialect::Sqlite]);

const TAGGED: ModelDef = ModelDef {
    fields: "id tags",
    facts: FactsDef {
        lines: "table users
column users.id type=Int4
column users.tags type=Text[] null
primary_key users columns=[id]",
        places: "src/models.rs:2:1 
src/models.rs:3:5 id
src/models.rs:4:5 tags
src/models.rs:3:5 id",
        holes: &[],
        seen: SeenDef::NOTHING,
    },
    ..users::USER
};

fn main() -> ExitCode {
    match std::env::var("AS_AUTOGENERATE").as_deref() {
        Ok("array") => return diesel_schema::cli::autogenerate(&WITH_AN_ARRAY),
        Ok("postgres") => return diesel_schema::cli::autogenerate(&ON_POSTGRES),
        Ok(_) => return diesel_schema::cli::autogenerate(&SCHEMA),
        Err(_) => {}
    }
    let cases: &[(&str, fn())] = &[
        ("names", names),
        ("urls", urls),
        ("folders", folders),
        ("locks", locks),
        ("databases", databases),
        ("models", models),
        ("servers", servers),
        ("writing", writing),
        ("a_full_disk", a_full_disk),
        ("out_of_the_box", out_of_the_box),
        ("rights", rights::rights),
        ("encodings", rights::encodings),
    ];
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, case) in cases.iter().filter(|(name, _)| name.contains(&filter)) {
        case();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

/// Types `autogenerate <arguments>` in the folder; gives the exit code and all of the output.
fn autogenerate_as(schema: &str, root: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments);
    output(schema, root, command)
}

fn output(schema: &str, root: &Path, mut command: Command) -> String {
    let output = command
        .current_dir(root)
        .env("AS_AUTOGENERATE", schema)
        .env_remove("DATABASE_URL")
        .env_remove("SCRATCH_POSTGRES_URL")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&root.display().to_string(), "[root]");
    let ids = |text: String| {
        let mut text = text;
        let is_id =
            |at: usize, text: &str| text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count() == 14;
        while let Some(at) = text.match_indices("20").map(|(at, _)| at).find(|at| is_id(*at, &text)) {
            text.replace_range(at..at + 14, "[id]");
        }
        text
    };
    format!(
        "exit code {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().unwrap_or(-1),
        ids(text(&output.stdout)),
        ids(text(&output.stderr))
    )
}

fn autogenerate(root: &Path, arguments: &[&str]) -> String {
    autogenerate_as("plain", root, arguments)
}

fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    root
}

/// Nothing was written besides what the test put there.
fn holds_only(root: &Path, expected: &[&str]) {
    let mut names: Vec<String> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, expected);
}

fn names() {
    let root = project();
    insta::assert_snapshot!("name_empty", autogenerate(root.path(), &[""]));
    insta::assert_snapshot!("name_slash", autogenerate(root.path(), &["a/b"]));
    insta::assert_snapshot!("name_quote", autogenerate(root.path(), &["it's"]));
    insta::assert_snapshot!("name_emoji", autogenerate(root.path(), &["add 🦀"]));
    insta::assert_snapshot!("name_long", autogenerate(root.path(), &[&"x".repeat(300)]));
    insta::assert_snapshot!("name_missing", autogenerate(root.path(), &[]));
    holds_only(root.path(), &["Cargo.toml"]);
}

fn urls() {
    let root = project();
    for (name, url) in [
        ("url_malformed", "postgres://localhost:port/db"),
        ("url_scheme", "oracle://localhost/db"),
        ("url_mysql", "mysql://localhost/db"),
        ("url_missing_file", "sqlite://missing.db"),
        ("url_of_a_folder", "."),
        ("url_missing_folder", "sqlite://no/such/folder/x.db"),
        ("url_in_memory", ":memory:"),
        ("url_undecodable", "postgres://postgres:secret%zz@127.0.0.1:1/db"),
        ("url_foreign_dialect", "postgres://postgres:secret@127.0.0.1:1/db"),
    ] {
        insta::assert_snapshot!(name, autogenerate(root.path(), &["x", "--database-url", url]));
    }
    holds_only(root.path(), &["Cargo.toml"]);
}

fn folders() {
    let root = project();
    std::fs::write(root.path().join("migrations"), "a file").unwrap();
    insta::assert_snapshot!("folder_is_a_file", autogenerate(root.path(), &["x"]));
    let root = project();
    std::fs::create_dir_all(root.path().join("migrations/sqlite/_x")).unwrap();
    insta::assert_snapshot!("folder_without_id", autogenerate(root.path(), &["x"]));
    let root = project();
    std::fs::create_dir_all(root.path().join("migrations/sqlite/1_x")).unwrap();
    insta::assert_snapshot!("folder_without_up", autogenerate(root.path(), &["x"]));
    let root = project();
    std::fs::write(root.path().join("diesel.toml"), "[print_schema\n").unwrap();
    insta::assert_snapshot!("diesel_toml_broken", autogenerate(root.path(), &["x"]));
    let root = project();
    std::fs::write(root.path().join(".env"), "# the database\nDATABASE_URL=\"unterminated\n").unwrap();
    insta::assert_snapshot!("dotenv_broken", autogenerate(root.path(), &["x"]));
    holds_only(root.path(), &[".env", "Cargo.toml"]);
}

fn locks() {
    let root = project();
    std::fs::create_dir_all(root.path().join("migrations/sqlite")).unwrap();
    let text = "version = 1\n<<<<<<< HEAD\nnobody understands this\n=======\n>>>>>>> other\n";
    std::fs::write(root.path().join("migrations/schema.lock"), text).unwrap();
    insta::assert_snapshot!("lock_conflict", autogenerate(root.path(), &["x"]));
    assert_eq!(std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap(), text);
    // What only one side is needed for is written anew, as the models and the revisions have it.
    std::fs::remove_file(root.path().join("migrations/schema.lock")).unwrap();
    autogenerate(root.path(), &["first"]);
    let lock = std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap();
    let column = lock.lines().find(|line| line.starts_with("column ")).unwrap();
    let conflict = format!("<<<<<<< HEAD\n{column} null\n=======\n{column}\n>>>>>>> other");
    std::fs::write(root.path().join("migrations/schema.lock"), lock.replacen(column, &conflict, 1)).unwrap();
    insta::assert_snapshot!("lock_conflict_mended", autogenerate(root.path(), &["merge"]));
    assert_eq!(std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap(), lock);
    // Without a server only the lock knows what the revisions add up to.
    let root = project();
    autogenerate_as("postgres", root.path(), &["first"]);
    let lock = std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap();
    let conflict = lock.replacen(column, &conflict, 1);
    std::fs::write(root.path().join("migrations/schema.lock"), &conflict).unwrap();
    insta::assert_snapshot!("lock_conflict_without_a_server", autogenerate_as("postgres", root.path(), &["merge"]));
    assert_eq!(std::fs::read_to_string(root.path().join("migrations/schema.lock")).unwrap(), conflict);
}

fn databases() {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;
    let root = project();
    autogenerate(root.path(), &["first"]);
    let path = root.path().join("app.db");
    let mut connection = diesel::SqliteConnection::establish(&path.display().to_string()).unwrap();
    insta::assert_snapshot!("database_behind", autogenerate(root.path(), &["x", "--database-url", "app.db"]));
    let ahead = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); INSERT INTO __diesel_schema_migrations (version) VALUES ('abc')";
    connection.batch_execute(ahead).unwrap();
    insta::assert_snapshot!("database_ahead", autogenerate(root.path(), &["x", "--database-url", "app.db"]));
    std::fs::write(root.path().join("text.db"), "this is no database, but long enough to be looked at".repeat(20))
        .unwrap();
    insta::assert_snapshot!("database_is_none", autogenerate(root.path(), &["x", "--database-url", "text.db"]));
}

fn models() {
    let root = project();
    insta::assert_snapshot!("model_unsupported", autogenerate_as("array", root.path(), &["x"]));
    holds_only(root.path(), &["Cargo.toml"]);
}

fn writing() {
    let root = project();
    std::fs::write(root.path().join("diesel.toml"), "[migrations_directory]\ndir = \"Cargo.toml/migrations\"\n")
        .unwrap();
    insta::assert_snapshot!("folder_below_a_file", autogenerate(root.path(), &["x"]));
    let root = project();
    std::fs::create_dir_all(root.path().join("migrations/schema.lock/in_the_way")).unwrap();
    insta::assert_snapshot!("lock_is_a_folder", autogenerate(root.path(), &["x"]));
    holds_only(&root.path().join("migrations"), &["schema.lock"]);
}

fn servers() {
    let root = project();
    let refused = "postgres://postgres:secret@127.0.0.1:1/db";
    insta::assert_snapshot!(
        "server_refuses",
        autogenerate_as("postgres", root.path(), &["x", "--database-url", refused])
    );
    let server = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let (place, _) = server.rsplit_once('/').unwrap();
    let (_, address) = place.rsplit_once('@').unwrap();
    let missing = format!("{place}/no_such_database");
    let said = autogenerate_as("postgres", root.path(), &["x", "--database-url", &missing]);
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "5432"));
    let said =
        said.replace(&format!("port {port}"), "port [port]").replace(address, "[address]").replace(host, "[host]");
    insta::assert_snapshot!("server_lacks_database", said);
    // Only a statement that needs a server to be proven asks for one.
    for (name, url) in [
        ("scratch_of_no_dialect", "garbage://u:secret@h/d"),
        ("scratch_refuses", "postgres://postgres:secret@127.0.0.1:1/db"),
    ] {
        let mut command = Command::new("env");
        command
            .arg(format!("SCRATCH_POSTGRES_URL={url}"))
            .arg(std::env::current_exe().unwrap())
            .args(["x", "--dry-run"]);
        insta::assert_snapshot!(name, output("postgres", root.path(), command));
    }
    holds_only(root.path(), &["Cargo.toml"]);
}

/// No byte can be written to any file, as on a disk that is full: every write fails after its file was made.
fn a_full_disk() {
    let root = project();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" 'Add users'"]).arg(std::env::current_exe().unwrap());
    insta::assert_snapshot!("full_disk", output("plain", root.path(), command));
    let left = walk(root.path());
    assert_eq!(left, ["Cargo.toml"], "something half-written is left");
}

/// Every file below the folder.
fn walk(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

fn out_of_the_box() {
    let root = project();
    insta::assert_snapshot!("dry_run", autogenerate(root.path(), &["Add users", "--dry-run"]));
    holds_only(root.path(), &["Cargo.toml"]);
    insta::assert_snapshot!("first", autogenerate(root.path(), &["Add users"]));
    insta::assert_snapshot!("no_changes", autogenerate(root.path(), &["again"]));
}
