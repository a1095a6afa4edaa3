//! A project of one test, and the session typed in it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// A folder, the database that is named there, and all that was typed and answered.
pub(crate) struct Session {
    root: tempfile::TempDir,
    schema: &'static str,
    url: Option<String>,
    variables: Vec<(&'static str, String)>,
    hidden: Vec<(String, &'static str)>,
    ordinary: bool,
    pub(crate) text: String,
}

impl Session {
    pub(crate) fn new(schema: &'static str, url: Option<&str>) -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        let hidden = vec![(root.path().display().to_string(), "[root]")];
        Self {
            root,
            schema,
            url: url.map(str::to_owned),
            variables: Vec::new(),
            hidden,
            ordinary: false,
            text: String::new(),
        }
    }

    /// Typed to another of the binaries that `main` knows.
    pub(crate) fn of(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }

    /// Typed by somebody who is not root.
    pub(crate) fn ordinary(mut self) -> Self {
        self.ordinary = true;
        self
    }

    /// The server of PostgreSQL's scratches.
    pub(crate) fn scratch_on(&mut self, url: &str) {
        self.variables.push(("SCRATCH_POSTGRES_URL", url.to_owned()));
    }

    pub(crate) fn editor(&mut self, command: &str) {
        self.variables.retain(|(name, _)| *name != "EDITOR");
        self.variables.push(("EDITOR", command.to_owned()));
    }

    /// What is otherwise each time.
    pub(crate) fn hide(&mut self, what: &str, instead: &'static str) {
        self.hidden.push((what.to_owned(), instead));
    }

    /// What was typed before, in other sessions.
    pub(crate) fn after(mut self, text: String) -> Self {
        self.text = text;
        self
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// A revision of a plain Diesel folder; without `parents` it has no metadata.toml.
    pub(crate) fn revision(&self, name: &str, up: &str, down: &str, metadata: Option<&str>) {
        let folder = self.root().join("migrations").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("up.sql"), up).unwrap();
        if !down.is_empty() {
            std::fs::write(folder.join("down.sql"), down).unwrap();
        }
        if let Some(metadata) = metadata {
            std::fs::write(folder.join("metadata.toml"), format!("run_in_transaction = true\n{metadata}\n")).unwrap();
        }
    }

    /// Types `migrate <words>`.
    pub(crate) fn migrate(&mut self, words: &[&str]) {
        let output = self.output(words);
        let words: Vec<String> = words
            .iter()
            .map(|word| if word.contains(' ') || word.is_empty() { format!("{word:?}") } else { (*word).to_owned() })
            .collect();
        let typed = self.masked(&words.join(" "));
        let _ = writeln!(self.text, "$ migrate {typed}");
        for bytes in [&output.stdout, &output.stderr] {
            let text = self.masked(&String::from_utf8_lossy(bytes));
            self.text.push_str(&text);
        }
        match output.status.code().unwrap_or(-1) {
            0 => self.text.push('\n'),
            code => _ = writeln!(self.text, "exit code {code}\n"),
        }
    }

    pub(crate) fn output(&self, words: &[&str]) -> std::process::Output {
        let mut command = if self.ordinary {
            crate::ordinary::command(self.root())
        } else {
            Command::new(std::env::current_exe().unwrap())
        };
        command.args(words).current_dir(self.root()).env("AS_MIGRATE", self.schema).stdin(Stdio::null());
        for name in ["DATABASE_URL", "SCRATCH_POSTGRES_URL", "MIGRATIONS_LOCK_DEADLINE", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command.envs(self.url.iter().map(|url| ("DATABASE_URL", url)));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("MIGRATIONS_LOCK_DEADLINE", "1").output().unwrap()
    }

    /// A program that reads a script from its standard input.
    pub(crate) fn pipe(&mut self, program: &str, words: &[&str], script: &[u8]) {
        use std::io::Write as _;
        let mut child = Command::new(program)
            .args(words)
            .current_dir(self.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; install it"));
        child.stdin.take().unwrap().write_all(script).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program}: {text}\n{}", String::from_utf8_lossy(script));
        let _ = writeln!(self.text, "(the script went to {program})\n");
    }

    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(self.text, "({text})\n");
    }

    fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (what, instead) in &self.hidden {
            text = text.replace(what, instead);
        }
        let lines: Vec<String> = text.split('\n').map(without_when).collect();
        let mut text = lines.join("\n");
        let is_id =
            |at: usize, text: &str| text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count() == 14;
        while let Some(at) = text.match_indices("20").map(|(at, _)| at).find(|at| is_id(*at, &text)) {
            text.replace_range(at..at + 14, "[id]");
        }
        text
    }
}

/// A line of the history without its time and its place.
fn without_when(line: &str) -> String {
    let direction = ["up", "down", "stamp", "unstamp", "repair"]
        .into_iter()
        .find(|it| line.trim_start().strip_prefix(it).is_some_and(|rest| rest.starts_with(" 2")));
    match (direction, line.split_once(", by ").and_then(|(_, rest)| rest.split_once(": "))) {
        (Some(direction), Some((_, outcome))) => format!("  {direction} [when], by [whom]: {outcome}"),
        _ => line.to_owned(),
    }
}

/// A plain Diesel folder of three revisions on an SQLite file.
pub(crate) fn chain() -> Session {
    let session = Session::new("sqlite", Some("app.db"));
    session.revision("1_users", "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL);", "DROP TABLE users;", None);
    let (up, down) = ("ALTER TABLE users ADD COLUMN name TEXT;", "ALTER TABLE users DROP COLUMN name;");
    session.revision("2_names", up, down, None);
    let (up, down) = ("CREATE INDEX users_name ON users (name);", "DROP INDEX users_name;");
    session.revision("3_index", up, down, None);
    session
}

/// `1`, on which the branches `2` (left) and `3` (right) stand.
pub(crate) fn fork() -> Session {
    let session = Session::new("sqlite", Some("app.db"));
    session.revision("1_base", "CREATE TABLE base (id INTEGER);", "DROP TABLE base;", Some("down_revision = []"));
    for (name, table, label) in [("2_left", "l", "left"), ("3_right", "r", "right")] {
        let metadata = format!("down_revision = [\"1\"]\nbranch_labels = [\"{label}\"]");
        let (up, down) = (format!("CREATE TABLE {table} (id INTEGER);"), format!("DROP TABLE {table};"));
        session.revision(name, &up, &down, Some(&metadata));
    }
    session
}
