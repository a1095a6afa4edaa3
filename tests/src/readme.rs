//! Sections of the README and of `docs/` that are run: every command of them, with what it prints.
//!
//! Commands stand behind `$ ` in blocks of `console`; a block of `diff` is a change to make; a comment `<!-- set-up: NAME
//! -->` runs the function of that name of the section's shell script, which nobody sees. `TOUR_UPDATE=1` writes what the
//! commands print into the file.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::workspace_root;

/// What stands before each command's output: no command prints it.
const MARK: char = '\u{1e}';

/// Around the name of a function of the set-up.
const SET_UP: (&str, &str) = ("<!-- set-up: ", " -->");

/// A section of a text, and how it is run.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The text, from the root of the project.
    pub file: &'static str,
    /// Its heading, as it is written.
    pub heading: &'static str,
    /// Environment variables of its shell.
    pub variables: Vec<(String, String)>,
    /// What else the text says for a part of a command.
    pub typed: Vec<(&'static str, String)>,
    /// The script that holds the functions which lead from one part to the next.
    pub set_up: Option<PathBuf>,
    /// Whether errors are what it is about: they are shown, and a command may fail.
    pub errors: bool,
}

/// A part of a section.
enum Part {
    Prose(String),
    Console(Vec<String>),
    Diff(String),
    SetUp(String),
}

impl Section {
    /// Runs it in a copy of the project.
    ///
    /// # Panics
    ///
    /// Where a command fails that should not, or prints something else than the text says.
    pub fn check(&self) {
        let whole = self.read();
        let text = self.find(&whole);
        let parts = parts(text);
        let real = said(&parts, self.run(&parts));
        if std::env::var_os("TOUR_UPDATE").is_some() {
            static WRITING: Mutex<()> = Mutex::new(());
            let _alone = WRITING.lock();
            // Another section may have been written since.
            let mended = self.read().replacen(text, &real, 1);
            fs::write(self.path(), mended).unwrap_or_else(|error| panic!("{}: {error}", self.file));
        } else {
            let same = without_ids(text) == without_ids(&real);
            assert!(same, "{}, `{}`, is not what happens, which is:\n{real}", self.file, self.heading);
        }
    }

    fn path(&self) -> PathBuf {
        workspace_root().join(self.file)
    }

    fn read(&self) -> String {
        fs::read_to_string(self.path()).unwrap_or_else(|error| panic!("{}: {error}", self.file))
    }

    fn find<'a>(&self, whole: &'a str) -> &'a str {
        let start = whole.find(self.heading).unwrap_or_else(|| panic!("{} has no `{}`", self.file, self.heading));
        let rest = &whole[start..];
        &rest[..rest.find("\n## ").unwrap_or(rest.len())]
    }

    /// What each command prints, in order.
    fn run(&self, parts: &[Part]) -> Vec<String> {
        let copy = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        copy_project(&workspace_root(), copy.path()).unwrap_or_else(|error| panic!("copying the project: {error}"));
        let mut shell = Command::new("bash");
        as_typed(&mut shell);
        let mut shell = shell
            .current_dir(copy.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("bash: {error}"));
        let script = self.script(parts);
        let input = shell.stdin.take();
        let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(script.as_bytes())));
        let output = shell.wait_with_output().unwrap_or_else(|error| panic!("bash: {error}"));
        let _ = writer.join();
        let (mut stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "a command of `{}` failed; it printed:\n{stdout}\n{stderr}", self.heading);
        stdout = stdout.replace(&copy.path().display().to_string(), "/home/me/app");
        let printed = stdout.split(MARK).skip(1);
        printed
            .map(|text| if text.is_empty() || text.ends_with('\n') { text.into() } else { format!("{text}\n") })
            .collect()
    }

    /// One shell for all, so that a job that one part starts can be ended in another.
    fn script(&self, parts: &[Part]) -> String {
        let mut script = String::from("trap 'kill $(jobs -p) 2>/dev/null' EXIT\nexec 3>&2\n");
        if let Some(set_up) = &self.set_up {
            let _ = writeln!(script, "source '{}' || exit 9", set_up.display());
        }
        let end = if self.errors {
            script.push_str("exec 2>&1\n");
            "true"
        } else {
            "[ $? = 0 ] || exit 9"
        };
        for part in parts {
            match part {
                Part::Prose(_) => {}
                Part::Console(commands) => {
                    for command in commands {
                        let command =
                            self.typed.iter().fold(command.clone(), |text, (what, real)| text.replace(what, real));
                        let _ = writeln!(script, "printf '{MARK}'\n{command}\n{end}");
                    }
                }
                Part::Diff(diff) => _ = writeln!(script, "patch -s -p1 >&3 <<'END' || exit 9\n{diff}END"),
                Part::SetUp(name) => _ = writeln!(script, "{{ set -e; {name}; set +e; }} >&3 2>&3"),
            }
        }
        script
    }
}

/// Takes away the environment that a test has and a person's shell does not.
pub fn as_typed(command: &mut Command) {
    for (name, _) in std::env::vars() {
        // What cargo sets for a test would have everything be built once more.
        let not_theirs = ["CARGO", "DATABASE_URL", "SCRATCH_", "MIGRATIONS_", "PG", "RUST", "GIT_"];
        // Without its own variables rustup may take another toolchain, or fetch one.
        let needed = name == "CARGO_HOME" || name.starts_with("RUSTUP_");
        if not_theirs.iter().any(|prefix| name.starts_with(prefix)) && !needed {
            command.env_remove(name);
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.split_inclusive('\n');
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        let set_up = line.trim_end().strip_prefix(SET_UP.0).and_then(|rest| rest.strip_suffix(SET_UP.1));
        let block = line.trim_end().strip_prefix("```");
        if set_up.is_none() && block.is_none() {
            prose.push_str(line);
            continue;
        }
        parts.push(Part::Prose(std::mem::take(&mut prose)));
        if let Some(name) = set_up {
            parts.push(Part::SetUp(name.to_owned()));
            continue;
        }
        let inner: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != "```").collect();
        parts.push(match block.unwrap_or_default() {
            "diff" => Part::Diff(inner.concat()),
            "console" => {
                let commands = inner.iter().filter_map(|line| line.strip_prefix("$ "));
                Part::Console(commands.map(|line| line.trim_end().to_owned()).collect())
            }
            other => panic!("a block of the section is `{other}`, neither `console` nor `diff`"),
        });
    }
    parts.push(Part::Prose(prose));
    parts
}

/// The section as it would be with what was really printed.
fn said(parts: &[Part], printed: Vec<String>) -> String {
    let mut printed = printed.into_iter();
    let mut real = String::new();
    for part in parts {
        let _ = match part {
            Part::Prose(text) => write!(real, "{text}"),
            Part::Diff(text) => writeln!(real, "```diff\n{text}```"),
            Part::SetUp(name) => writeln!(real, "{}{name}{}", SET_UP.0, SET_UP.1),
            Part::Console(commands) => {
                let of = |command: &String| format!("$ {command}\n{}", printed.next().unwrap_or_default());
                let all: String = commands.iter().map(of).collect();
                writeln!(real, "```console\n{all}```")
            }
        };
    }
    real
}

/// All but what is built, and databases.
fn copy_project(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if ["target", ".git", ".env"].contains(&&*text) || text.contains(".db") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::create_dir(to.join(&name))?;
            copy_project(&entry.path(), &to.join(&name))?;
        } else {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}

/// The text with `[id]` for every revision's id that is a time: fourteen digits.
fn without_ids(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (digits, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(if digits.len() == 14 { "[id]" } else { digits });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_written_back_as_it_was_but_for_what_is_printed() {
        let text = "## A\n\nSay:\n\n<!-- set-up: there -->\n\n```console\n$ a\nold\n$ b\n```\n\nthen\n\n```diff\n+c\n```\nend\n";
        let parts = parts(text);
        let real = said(&parts, vec!["new\n".to_owned(), "more\n".to_owned()]);
        assert_eq!(real, text.replace("old", "new").replace("$ b\n", "$ b\nmore\n"));
        assert_eq!(without_ids("20261201090000_a 2026"), "[id]_a 2026");
    }
}
