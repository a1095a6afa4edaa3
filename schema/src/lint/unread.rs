//! What can't be read, a sentence a statement; and where things stand in a text.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::{Statement, split};
use squawk_syntax::syntax_error::SyntaxError;

use super::{Finding, Level};

/// Where each line begins.
pub(super) struct Lines<'a> {
    text: &'a str,
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let begins = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, begins }
    }

    /// The line and the column of an offset, both from 1, the column in characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.begins.partition_point(|begin| *begin <= offset);
        let begin = line.checked_sub(1).and_then(|at| self.begins.get(at)).copied().unwrap_or_default();
        (line, self.text.get(begin..offset).unwrap_or_default().chars().count() + 1)
    }

    /// The line that an offset is in.
    fn line(&self, offset: usize) -> &'a str {
        let line = self.begins.partition_point(|begin| *begin <= offset);
        let begin = line.checked_sub(1).and_then(|at| self.begins.get(at)).copied().unwrap_or_default();
        self.text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }
}

/// The first thing of each statement that the parser does not understand.
pub(super) fn errors(text: &str, errors: &[SyntaxError]) -> Vec<Finding> {
    if errors.is_empty() {
        return Vec::new();
    }
    let (lines, statements) = (Lines::of(text), split(text, Dialect::Postgres));
    let mut found: Vec<Finding> = Vec::new();
    let mut last = None;
    for error in errors {
        let offset = usize::from(error.range().start());
        // The end of one is where the parser misses something of it.
        let at = statements.partition_point(|it| it.offset + it.sql.len() < offset);
        if last.replace(at) == Some(at) {
            continue;
        }
        let (line, column) = lines.position(offset);
        let (danger, safe) = said(error, lines.line(offset), &statements[..at.min(statements.len())]);
        found.push(Finding {
            rule: "syntax-error",
            level: Level::Warn,
            line,
            column,
            danger,
            safe: safe.to_owned(),
            rewrite: None,
            offset,
            length: usize::from(error.range().len()),
            fix: None,
        });
    }
    found
}

fn said(error: &SyntaxError, line: &str, before: &[Statement<'_>]) -> (String, &'static str) {
    if let Some(command) = line.trim_start().strip_prefix('\\') {
        let command: String = command.chars().take_while(|it| it.is_alphanumeric()).collect();
        return (
            format!("`\\{command}` is a command of psql, which no server knows"),
            "write what it stands for as SQL",
        );
    }
    let fed = before.last().is_some_and(|it| {
        let words: Vec<String> = it.sql.split_whitespace().map(str::to_lowercase).collect();
        words.first().is_some_and(|word| word == "copy") && words.windows(2).any(|pair| pair == ["from", "stdin"])
    });
    if fed {
        return (
            "rows behind COPY .. FROM STDIN are psql's to feed: no server reads them here".to_owned(),
            "write INSERT",
        );
    }
    (error.message().to_owned(), "mend the statement; what follows it may be read wrongly")
}
