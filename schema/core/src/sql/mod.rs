//! SQL as text: where one statement ends and the next begins.

pub mod split;

/// The line and column, both from 1 and in characters, of a byte of `text`.
#[must_use]
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
