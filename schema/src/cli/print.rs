//! Lines and errors on the terminal, coloured where one reads them.

use std::borrow::Cow;
use std::io::Write;
use std::process::ExitCode;
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};

use crate::generate::{Error, Line, Tone};

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Heading => Style::new().bold(),
        Tone::Sql => AnsiColor::Cyan.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
    }
}

/// Prints a report to stdout. A reader that went away is no error.
pub(super) fn lines(lines: &[Line]) {
    let mut out = anstream::stdout().lock();
    for line in lines {
        let style = style(line.tone);
        if writeln!(out, "{style}{}{style:#}", line.text).is_err() {
            return;
        }
    }
}

/// Prints a text that ends its own lines, without colours.
pub(super) fn text(text: &str) {
    // A reader that went away is no error.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

static PROGRAM: OnceLock<&str> = OnceLock::new();

/// Has messages name this program where they say `migrate`.
pub(super) fn as_program(name: &'static str) {
    // The first name stays: a process is one program.
    let _ = PROGRAM.set(name);
}

fn typed(text: &str) -> Cow<'_, str> {
    PROGRAM.get().map_or(Cow::Borrowed(text), |name| text.replace("`migrate ", &format!("`{name} ")).into())
}

/// Prints `error: ..` and its `hint: ..`s to stderr: one sentence each.
pub(super) fn error(error: &Error) -> ExitCode {
    failure(error, &error.hints());
    ExitCode::from(if error.is_usage() { 2 } else { 1 })
}

/// The same for what has no [`Error`].
pub(super) fn failure(error: &dyn std::fmt::Display, hints: &[String]) {
    let mut err = anstream::stderr().lock();
    let (red, blue) = (AnsiColor::Red.on_default().bold(), AnsiColor::Blue.on_default().bold());
    let _ = writeln!(err, "{red}error{red:#}: {}", typed(&error.to_string()));
    for hint in hints {
        let _ = writeln!(err, "{blue}hint{blue:#}: {}", typed(hint));
    }
}

#[derive(serde::Serialize)]
struct Said<'a> {
    error: &'a str,
    hints: &'a [String],
}

/// Prints an error and its hints to stderr, for machines where `json` says so.
pub(super) fn said(error: &dyn std::fmt::Display, hints: &[String], json: bool) {
    if !json {
        return failure(error, hints);
    }
    let error = error.to_string();
    aside(&serde_json::to_string_pretty(&Said { error: &error, hints }).unwrap_or_else(|_| error.clone()));
}

/// Prints a line to stderr, beside what a command is asked for.
pub(super) fn aside(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", typed(text));
}

/// Prints a value for machines.
pub(super) fn json(value: &impl serde::Serialize) {
    // Text, numbers and lists of them always make JSON.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    lines(&[Line { tone: Tone::Plain, text }]);
}
