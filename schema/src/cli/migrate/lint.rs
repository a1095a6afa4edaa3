//! `migrate lint [REV.. | --since REV | FILE..]`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use diesel_schema_core::Dialect;
use diesel_schema_core::revision::graph::Selector;

use super::context::{Context, say};
use super::error::Error;
use crate::cli::print;
use crate::generate::{self, Line, LintReport, LintRequest, Mended, Tone, Which, lint_levels};
use crate::lint::report::{self, InFile};
use crate::lint::{Finding, Level};

/// Say what revisions or SQL files would do to a database that is in use
///
/// Where a database is named, its sizes, types and constraints decide what is worth a word; else every table that the same
/// transaction did not make is taken to be large and in use. Where a metadata.toml stands beside a file, its
/// run_in_transaction holds. A finding is allowed by a comment above its statement:
/// -- lint: allow(rule) because ..
///
/// Exit code 1 where a finding is an error.
#[derive(Debug, Args)]
#[group(id = "lint")]
pub(super) struct Arguments {
    /// Which: revisions (ids or their beginnings, labels, ranges a:b), SQL files, or folders of revisions; else all revisions
    #[arg(value_name = "REV|FILE", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Revisions that this one does not need
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    since: Option<String>,
    /// Those of this dialect only, and that of files whose folder does not say it: postgres, sqlite or mysql
    #[arg(long)]
    dialect: Option<Dialect>,
    /// Write the safe form into the files wherever it does the same for sure
    #[arg(long)]
    fix: bool,
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
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

fn level(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or_else(|| "write it as in: ban-drop-table=warn".to_owned())?;
    Ok((rule.to_owned(), level.parse()?))
}

/// Files are told from revisions by being there, or by their ending.
fn is_file(text: &str) -> bool {
    let path = Path::new(text);
    path.exists() || path.extension().is_some_and(|it| it.eq_ignore_ascii_case("sql")) || path.components().count() > 1
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<ExitCode, Error> {
    let (files, revisions): (Vec<&String>, Vec<&String>) = arguments.targets.iter().partition(|text| is_file(text));
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    let which: Vec<Which> = revisions.into_iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let since = arguments.since.as_deref().map(Selector::from_str).transpose()?;
    let levels = lint_levels(&context.project, &arguments.level)?;
    let url = context.url()?;
    let request = LintRequest {
        dialect: arguments.dialect.map_or_else(|| context.dialect(), Ok)?,
        project: &context.project,
        which: &which,
        since: since.as_ref(),
        files: &files,
        in_transaction: arguments.in_transaction,
        database: url.as_ref(),
        levels: &levels,
    };
    let mut report = generate::lint_each(&request)?;
    let mut mended = Vec::new();
    if arguments.fix {
        mended = generate::mend(&context.project, &report)?;
        if !mended.is_empty() {
            report = generate::lint_each(&request)?;
        }
    }
    let format = if context.json { Format::Json } else { arguments.format };
    show(&report, &mended, format, &context.directory);
    let failed = report.files.iter().flat_map(|it| &it.findings).any(|finding| finding.level == Level::Error);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(report: &LintReport, mended: &[Mended], format: Format, directory: &Path) {
    let names: Vec<String> = report.files.iter().map(|it| name(&it.path, directory)).collect();
    let files = || report.files.iter().zip(&names);
    let found = || files().flat_map(|(it, file)| it.findings.iter().map(move |finding| InFile { file, finding }));
    match format {
        Format::Json => print::json(&found().collect::<Vec<_>>()),
        Format::Sarif => print::json(&report::sarif(&found().collect::<Vec<_>>())),
        Format::Github => found().for_each(|it| say(Tone::Plain, report::github(&it))),
        Format::Text => {
            for mended in mended {
                say(Tone::Good, mended_line(mended, directory));
            }
            let mut lines: Vec<Line> = files()
                .flat_map(|(it, file)| it.findings.iter().flat_map(move |finding| snippet(file, &it.text, finding)))
                .collect();
            if lines.is_empty() {
                lines.push(Line { tone: Tone::Good, text: "nothing found".to_owned() });
            }
            let assumed = report.assumed.iter().map(|text| Line { tone: Tone::Plain, text: format!("note: {text}") });
            lines.extend(assumed);
            print::lines(&lines);
        }
    }
}

fn name(path: &Path, directory: &Path) -> String {
    path.strip_prefix(directory).unwrap_or(path).display().to_string()
}

fn mended_line(mended: &Mended, directory: &Path) -> String {
    let left = if mended.left_transaction { "; it runs outside a transaction now" } else { "" };
    format!("mended {}: {}{left}", name(&mended.path, directory), mended.rules.join(", "))
}

/// The finding with the line that it is about.
fn snippet(file: &str, text: &str, finding: &Finding) -> Vec<Line> {
    let Finding { rule, line, column, danger, safe, .. } = finding;
    let (tone, word) = if finding.level == Level::Error { (Tone::Warning, "error") } else { (Tone::Plain, "warning") };
    let begin = text.get(..finding.offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let source = text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let rest = source.chars().count().saturating_sub(column - 1);
    let span = text.get(finding.offset..finding.offset + finding.length).unwrap_or_default();
    let width = span.lines().next().unwrap_or_default().chars().count().min(rest).max(1);
    // A tab before the mark is as wide as it is above it.
    let pad: String = source.chars().take(column - 1).map(|it| if it == '\t' { '\t' } else { ' ' }).collect();
    let margin = " ".repeat(line.to_string().len());
    let plain = |text: String| Line { tone: Tone::Plain, text };
    let mut lines = vec![
        Line { tone, text: format!("{word}[{rule}]: {danger}") },
        plain(format!("{margin}--> {file}:{line}:{column}")),
        Line { tone: Tone::Sql, text: format!("{line} | {source}") },
        Line { tone, text: format!("{margin} | {pad}{}", "^".repeat(width)) },
        plain(format!("{margin} = instead: {safe}")),
    ];
    if let Some(rewrite) = &finding.rewrite {
        lines.push(plain(format!("{margin} = `--fix` writes:")));
        lines.extend(rewrite.lines().map(|it| Line { tone: Tone::Sql, text: format!("{margin}     {it}") }));
    }
    lines.push(plain(String::new()));
    lines
}
