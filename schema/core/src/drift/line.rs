//! One line of the lock: where its parts end, and whether a model says the same.

use super::text::{Text, same, slice};
use crate::def::{HOLE, HoleDef};

/// Where the line that begins at `from` ends: at its `\n`, or at the text's end.
pub(crate) const fn end(lines: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < lines.len() && lines[at] != b'\n' {
        at += 1;
    }
    at
}

/// The first blank at or after `from` that stands outside of quotes, brackets and parentheses, or the end.
pub(crate) const fn blank(line: &[u8], from: usize) -> usize {
    let (mut at, mut quoted, mut depth) = (from, false, 0_usize);
    while at < line.len() {
        match line[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'[' | b'(' if !quoted => depth += 1,
            b']' | b')' if !quoted => depth = depth.saturating_sub(1),
            b' ' if !quoted && depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    line.len()
}

/// The kinds of lines, and how the sentences call them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    Column,
    PrimaryKey,
    Other(&'static str),
}

pub(crate) const fn kind(line: &[u8]) -> Kind {
    match slice(line, 0, blank(line, 0)) {
        b"table" => Kind::Table,
        b"column" => Kind::Column,
        b"primary_key" => Kind::PrimaryKey,
        b"unique" => Kind::Other("unique constraint"),
        b"foreign_key" => Kind::Other("foreign key"),
        b"check" => Kind::Other("check"),
        _ => Kind::Other("index"),
    }
}

/// The part that says what the line is about, the same before and after a change to it: a column's name, an index's keys.
const fn key(line: &[u8]) -> &[u8] {
    let second = blank(line, blank(line, 0) + 1);
    match kind(line) {
        Kind::Other(_) if second < line.len() => slice(line, 0, blank(line, second + 1)),
        _ => slice(line, 0, second),
    }
}

/// What follows the word and the name of the table or column, without a comment unless `comments`.
pub(super) const fn body(line: &[u8], comments: bool) -> &[u8] {
    let second = blank(line, blank(line, 0) + 1);
    let end = if comments { line.len() } else { without_comment(line) };
    if second >= end { slice(line, end, end) } else { slice(line, second + 1, end) }
}

/// The name of the table, or of the column with its table.
pub(crate) const fn name(line: &[u8]) -> &[u8] {
    let first = blank(line, 0);
    if first >= line.len() { slice(line, first, first) } else { slice(line, first + 1, blank(line, first + 1)) }
}

/// The field that a place names, or nothing. A path may hold blanks, a field's name can't.
pub(crate) const fn field(place: &[u8]) -> &[u8] {
    let mut at = place.len();
    while at > 0 && place[at - 1] != b' ' {
        at -= 1;
    }
    slice(place, at, place.len())
}

/// Where the line ends without its comment, which stands last.
const fn without_comment(line: &[u8]) -> usize {
    const WORD: &[u8] = b" comment=";
    let mut at = blank(line, 0);
    while at < line.len() {
        if at + WORD.len() < line.len() && same(slice(line, at, at + WORD.len()), WORD) {
            return at;
        }
        at = blank(line, at + 1);
    }
    line.len()
}

const fn compared(line: &[u8], comments: bool) -> &[u8] {
    if comments { line } else { slice(line, 0, without_comment(line)) }
}

/// The number of holes in these bytes.
pub(crate) const fn holes_in(line: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < line.len() {
        if line[at] == HOLE {
            count += 1;
        }
        at += 1;
    }
    count
}

/// The line with its holes filled.
pub(crate) const fn filled<const N: usize>(line: &[u8], holes: &[HoleDef<'_>], first: usize) -> Text<N> {
    let mut out = Text::new();
    let (mut from, mut at, mut hole) = (0, 0, first);
    while at < line.len() {
        if line[at] == HOLE && hole < holes.len() {
            out.push_bytes(slice(line, from, at));
            out.push_hole(&holes[hole]);
            hole += 1;
            from = at + 1;
        }
        at += 1;
    }
    out.push_bytes(slice(line, from, at));
    out
}

/// How a line of a model is held against one of the lock.
#[derive(Clone, Copy)]
pub(super) struct How {
    pub(super) comments: bool,
    /// What fills the holes is not known: anything may stand there.
    pub(super) guess: bool,
}

/// Whether they say the same.
pub(super) const fn says(ours: &[u8], holes: &[HoleDef<'_>], first: usize, theirs: &[u8], how: How) -> bool {
    let (ours, theirs) = (compared(ours, how.comments), compared(theirs, how.comments));
    if how.guess {
        return fits(ours, theirs);
    }
    if holes_in(ours) == 0 {
        return same(ours, theirs);
    }
    let text: Text<4096> = filled(ours, holes, first);
    same(text.as_bytes(), theirs)
}

/// Whether `theirs` is `ours` with anything in the holes.
const fn fits(ours: &[u8], theirs: &[u8]) -> bool {
    let mut at = 0;
    while at < ours.len() && ours[at] != HOLE {
        if at >= theirs.len() || ours[at] != theirs[at] {
            return false;
        }
        at += 1;
    }
    if at == ours.len() {
        return theirs.len() == at;
    }
    let (rest, mut from) = (ours.split_at(at + 1).1, at);
    while from <= theirs.len() {
        if fits(rest, theirs.split_at(from).1) {
            return true;
        }
        from += 1;
    }
    false
}

/// Whether both are about the same.
pub(super) const fn about_the_same(ours: &[u8], theirs: &[u8]) -> bool {
    same(key(ours), key(theirs))
}
