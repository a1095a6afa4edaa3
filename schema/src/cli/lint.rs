//! What `migrate lint` and `diesel-schema lint` do alike.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::print;
use crate::generate::{Line, Tone};
use crate::lint::{self, Finding, Level, Settings};

/// Say what a migration would do to a PostgreSQL database that is in use
///
/// No database is asked: a table that the same transaction did not make is taken to be large and in use. Where a
/// metadata.toml stands beside a file, its run_in_transaction holds. A finding is allowed by a comment above its
/// statement: -- lint: allow(rule) because ..
#[derive(Debug, Args)]
#[group(id = "lint")]
pub(super) struct Arguments {
    /// SQL files, or folders of revisions: each up.sql in them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What a rule weighs: error, warn or off; `all` is every rule that is not named
    #[arg(long, value_name = "RULE=LEVEL", value_parser = level)]
    level: Vec<(String, Level)>,
    /// Take files to run in a transaction that they do not begin
    #[arg(long)]
    in_transaction: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// A list of findings
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// What stops it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}; name an SQL file, or a folder that has some")]
    Read(#[from] std::io::Error),
    #[error("no rule is called `{name}`; there are {}", known.join(", "))]
    UnknownRule { name: String, known: Vec<&'static str> },
    #[error("{} is no metadata.toml: {reason}; mend it", path.display())]
    Metadata { path: PathBuf, reason: String },
}

#[derive(Serialize)]
struct Shown<'a> {
    file: String,
    #[serde(flatten)]
    finding: &'a Finding,
}

fn level(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or_else(|| "write it as in: ban-drop-table=warn".to_owned())?;
    Ok((rule.to_owned(), level.parse()?))
}

/// Lints the files; exit code 1 where a finding is an error.
pub(super) fn run(arguments: &Arguments, json: bool) -> Result<ExitCode, Error> {
    let levels: BTreeMap<String, Level> = arguments.level.iter().cloned().collect();
    let known: Vec<&'static str> = lint::all().iter().map(|rule| rule.name).collect();
    if let Some(name) = levels.keys().find(|name| *name != "all" && !known.contains(&name.as_str())) {
        return Err(Error::UnknownRule { name: name.clone(), known });
    }
    let mut texts = Vec::new();
    for path in files(&arguments.files)? {
        let text = fs_err::read_to_string(&path)?;
        let in_transaction = arguments.in_transaction || says_transaction(&path)?;
        let findings = lint::lint(&text, &Settings { levels: levels.clone(), in_transaction });
        texts.push((path, text, findings));
    }
    let format = if json { Format::Json } else { arguments.format };
    let all = || texts.iter().flat_map(|(path, text, found)| found.iter().map(move |it| (path, text, it)));
    match format {
        Format::Json => {
            let shown = all().map(|(path, _, finding)| Shown { file: path.display().to_string(), finding });
            print::json(&shown.collect::<Vec<_>>());
        }
        Format::Github => {
            let lines = all().map(|(path, _, finding)| Line { tone: Tone::Plain, text: github(path, finding) });
            print::lines(&lines.collect::<Vec<_>>());
        }
        Format::Text => {
            let mut lines: Vec<Line> = all().flat_map(|(path, text, finding)| snippet(path, text, finding)).collect();
            if lines.is_empty() {
                lines.push(Line { tone: Tone::Good, text: "nothing found".to_owned() });
            }
            print::lines(&lines);
        }
    }
    let failed = all().any(|(_, _, finding)| finding.level == Level::Error);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The files, and each `up.sql` of the folders.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs_err::read_dir(path)? {
            let entry = entry?.path();
            if entry.is_dir() || entry.file_name().is_some_and(|name| name == "up.sql") {
                inside.push(entry);
            }
        }
        inside.sort();
        found.extend(files(&inside)?);
    }
    Ok(found)
}

/// What the metadata.toml beside a file says; Diesel takes a missing key for false.
fn says_transaction(file: &Path) -> Result<bool, Error> {
    let path = file.with_file_name("metadata.toml");
    if !path.is_file() {
        return Ok(false);
    }
    let text = fs_err::read_to_string(&path)?;
    let failed = |error: toml::de::Error| Error::Metadata { path, reason: error.message().to_owned() };
    let table: toml::Table = toml::from_str(&text).map_err(failed)?;
    Ok(table.get("run_in_transaction").and_then(toml::Value::as_bool).unwrap_or(false))
}

fn github(path: &Path, finding: &Finding) -> String {
    let kind = if finding.level == Level::Error { "error" } else { "warning" };
    let Finding { rule, line, column, danger, safe, .. } = finding;
    let escaped = format!("{danger}; {safe}").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("::{kind} file={},line={line},col={column},title={rule}::{escaped}", path.display())
}

/// The finding with the line that it is about.
fn snippet(path: &Path, text: &str, finding: &Finding) -> Vec<Line> {
    let Finding { rule, line, column, danger, safe, .. } = finding;
    let (tone, word) = if finding.level == Level::Error { (Tone::Warning, "error") } else { (Tone::Plain, "warning") };
    let source = text.lines().nth(line - 1).unwrap_or_default();
    let rest = source.chars().count().saturating_sub(column - 1);
    let span = text.get(finding.offset..finding.offset + finding.length).unwrap_or_default();
    let width = span.lines().next().unwrap_or_default().chars().count().min(rest).max(1);
    // A tab before the mark is as wide as it is above it.
    let pad: String = source.chars().take(column - 1).map(|it| if it == '\t' { '\t' } else { ' ' }).collect();
    let margin = " ".repeat(line.to_string().len());
    let plain = |text: String| Line { tone: Tone::Plain, text };
    vec![
        Line { tone, text: format!("{word}[{rule}]: {danger}") },
        plain(format!("{margin}--> {}:{line}:{column}", path.display())),
        Line { tone: Tone::Sql, text: format!("{line} | {source}") },
        Line { tone, text: format!("{margin} | {pad}{}", "^".repeat(width)) },
        plain(format!("{margin} = instead: {safe}")),
        plain(String::new()),
    ]
}
