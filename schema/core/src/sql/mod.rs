//! SQL as text: where one statement ends and the next begins.

pub mod split;

/// A file's text without the byte order mark that some editors begin it with, and that PostgreSQL takes for a word.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// The line and column, both from 1 and in characters, of a byte of `text`.
#[must_use]
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
