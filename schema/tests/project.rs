//! `diesel-schema` in a project that has no binary of its own: every command that needs no models.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// What `diesel-schema <words>` prints there.
fn output(root: &Path, words: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diesel-schema"));
    command.args(words).current_dir(root).stdin(Stdio::null());
    for name in ["SCRATCH_POSTGRES_URL", "VISUAL", "EDITOR"] {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", "app.db").output().unwrap()
}

struct Session {
    root: tempfile::TempDir,
    text: String,
}

impl Session {
    fn types(&mut self, words: &[&str]) {
        let root = self.root.path();
        let output = output(root, words);
        let code = output.status.code().unwrap_or(-1);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let text = text.replace(&root.display().to_string(), "[root]");
        let _ = writeln!(self.text, "$ diesel-schema {}\n{text}exit code {code}\n", words.join(" "));
    }
}

/// A folder as Diesel's own command line makes it.
fn stock() -> Session {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "Cargo.toml", "[workspace]\n");
    for (name, up, down) in [
        ("1_users", "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL);", "DROP TABLE users;"),
        ("2_names", "ALTER TABLE users ADD COLUMN name TEXT;", "ALTER TABLE users DROP COLUMN name;"),
    ] {
        write(root.path(), &format!("migrations/{name}/up.sql"), up);
        write(root.path(), &format!("migrations/{name}/down.sql"), down);
    }
    Session { root, text: String::new() }
}

#[test]
fn a_folder_without_models_has_every_command_that_needs_none() {
    let mut session = stock();
    for words in [
        &["upgrade", "1"][..],
        &["current"],
        &["revision", "--empty", "move names", "--rev-id", "3"],
        &["revision", "--empty", "other names", "--rev-id", "4", "--head", "2", "--splice"],
        &["upgrade", "head"],
        &["merge", "heads", "both", "--rev-id", "5"],
        &["upgrade"],
        &["history", "--graph"],
        &["heads"],
        &["branches"],
        &["show", "2"],
        &["prove", "1:2"],
        &["downgrade", "2", "--yes"],
        &["stamp", "3"],
        &["upgrade", "--database-url", "other.db", "1"],
        &["diff", "--from", "other.db", "--to", "app.db"],
        &["diff", "--from", "other.db", "--to", "revisions@2", "--exit-code"],
        &["squash", "1:2", "users with names"],
        &["repair"],
        &["adopt"],
    ] {
        session.types(words);
    }
    session.text += "(and what needs them)\n\n";
    session.types(&["check"]);
    session.types(&["revision", "add users"]);
    session.types(&["diff", "--from", "models", "--to", "app.db"]);
    insta::assert_snapshot!(session.text);
}

#[test]
fn a_shell_completes_its_words() {
    let session = stock();
    let script = String::from_utf8(output(session.root.path(), &["completions", "bash"]).stdout).unwrap();
    for word in ["_diesel__schema()", "upgrade", "init", "--database-url"] {
        assert!(script.contains(word), "{word}");
    }
}
