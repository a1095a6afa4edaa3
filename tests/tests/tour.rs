//! Takes the README's tour: every command and every change of it, in a copy of the project, with the outputs compared.
//!
//! `TOUR_UPDATE=1 tests/run tour` writes what the commands print into the README.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use diesel_schema_tests::workspace_root;

/// Where the tour begins, and where it ends.
const HEADINGS: (&str, &str) = ("## Five-minute tour", "\n## ");

/// What stands before each command's output: no command prints it.
const MARK: char = '\u{1e}';

/// A fenced block of the README.
enum Block {
    /// Commands behind `$ `, each with what it prints.
    Console(Vec<(String, String)>),
    /// A change to make.
    Diff(String),
}

#[test]
fn every_command_of_the_readme_prints_what_stands_there() {
    let root = workspace_root();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let start = readme.find(HEADINGS.0).unwrap_or_else(|| panic!("README.md has no `{}`", HEADINGS.0));
    let length = readme[start + 1..].find(HEADINGS.1).map_or(readme.len() - start, |at| at + 1);
    let tour = &readme[start..start + length];
    let blocks = blocks(tour);
    let printed = take(&root, &blocks);

    let mut real = String::new();
    let mut printed = printed.into_iter();
    let mut rest = tour;
    for block in &blocks {
        let Block::Console(commands) = block else { continue };
        let (before, after) = rest.split_once("```console\n").unwrap();
        let (_, after) = after.split_once("```").unwrap();
        writeln!(real, "{before}```console").unwrap();
        for (command, _) in commands {
            write!(real, "$ {command}\n{}", printed.next().unwrap()).unwrap();
        }
        real.push_str("```");
        rest = after;
    }
    real.push_str(rest);
    if std::env::var_os("TOUR_UPDATE").is_some() {
        fs::write(root.join("README.md"), readme.replacen(tour, &real, 1)).unwrap();
    } else {
        assert!(without_ids(tour) == without_ids(&real), "the README's tour is not what happens, which is:\n{real}");
    }
}

fn blocks(tour: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut parts = tour.split("```");
    parts.next();
    while let (Some(block), Some(_prose)) = (parts.next(), parts.next()) {
        let (language, text) = block.split_once('\n').unwrap();
        match language {
            "console" => {
                let mut commands: Vec<(String, String)> = Vec::new();
                for line in text.lines() {
                    match line.strip_prefix("$ ") {
                        Some(command) => commands.push((command.to_owned(), String::new())),
                        None => {
                            let (command, output) = commands.last_mut().unwrap_or_else(|| panic!("no command: {line}"));
                            writeln!(output, "{line}").unwrap_or_else(|_| panic!("{command}"));
                        }
                    }
                }
                blocks.push(Block::Console(commands));
            }
            "diff" => blocks.push(Block::Diff(text.to_owned())),
            other => panic!("a block of the tour is `{other}`, neither `console` nor `diff`"),
        }
    }
    blocks
}

/// What each command prints, in order.
fn take(root: &Path, blocks: &[Block]) -> Vec<String> {
    let copy = tempfile::tempdir().unwrap();
    copy_project(root, copy.path());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();

    // One shell for all, so that a job that one block starts can be ended in another.
    let mut script = String::from("trap 'kill $(jobs -p) 2>/dev/null' EXIT\n");
    for block in blocks {
        match block {
            Block::Console(commands) => {
                for (command, _) in commands {
                    let command = command.replace("localhost:3000", &format!("localhost:{port}"));
                    writeln!(script, "printf '{MARK}'\n{command}\n[ $? = 0 ] || exit 9").unwrap();
                }
            }
            Block::Diff(diff) => writeln!(script, "patch -s -p1 >&2 <<'END' || exit 9\n{diff}END").unwrap(),
        }
    }
    let mut shell = Command::new("bash");
    for (name, _) in std::env::vars() {
        // What cargo sets for a test would have everything be built once more.
        if ["CARGO", "DATABASE_URL", "SCRATCH_", "PG", "RUST"].iter().any(|prefix| name.starts_with(prefix))
            && name != "CARGO_HOME"
            && name != "RUSTUP_HOME"
        {
            shell.env_remove(name);
        }
    }
    let mut shell = shell
        .current_dir(copy.path())
        .env("CARGO_TARGET_DIR", root.join("target/tour"))
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shell.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
    let output = shell.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "a command of the tour failed; it printed:\n{stdout}\n{stderr}");
    stdout
        .split(MARK)
        .skip(1)
        .map(|text| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") })
        .collect()
}

/// All but what is built, and databases.
fn copy_project(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let name = name.to_str().unwrap();
        if ["target", ".git", ".env"].contains(&name) || name.contains(".db") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(to.join(name)).unwrap();
            copy_project(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// The text with `[id]` for every revision's id that is a time: fourteen digits.
fn without_ids(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() == 14 { "[id]" } else { &digits });
        digits.clear();
        out.push(c);
    }
    out
}
