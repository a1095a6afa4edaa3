//! One model against one table of the lock.

use super::line::{How, Kind, about_the_same, body, end, field, filled, holes_in, kind, name, says};
use super::text::{Text, is_bare, same, slice};
use crate::def::{FactsDef, HOLE, HoleDef, TypeDef, TypeKind};

/// Whether the holes are what they were taken for when the model's lines were seen in the lock.
pub(super) const fn as_seen(facts: &FactsDef<'_>) -> bool {
    let mut hole = 0;
    while hole < facts.holes.len() && hole < facts.seen.words.len() {
        if !is_word(&facts.holes[hole], facts.seen.words[hole]) {
            return false;
        }
        hole += 1;
    }
    facts.seen.words.len() == facts.holes.len()
}

/// Whether the hole is the word.
const fn is_word(hole: &HoleDef<'_>, word: &str) -> bool {
    if is_plain_word(hole, word.as_bytes()) {
        return true;
    }
    let mut text: Text<512> = Text::new();
    text.push_hole(hole);
    same(text.as_bytes(), word.as_bytes())
}

/// Whether the hole is the word, which is a name without quotes: most are, and to put a text together takes the compiler
/// several times as long.
const fn is_plain_word(hole: &HoleDef<'_>, word: &[u8]) -> bool {
    let (name, word) = match hole {
        HoleDef::Table(None, name) | HoleDef::Columns([name]) => (name, word),
        HoleDef::Type {
            ty: TypeDef { kind, namespace: None, name, modifiers: [], array: 0 },
            nullable: false,
            identity: None,
        } => match (kind, word) {
            (TypeKind::Diesel, word) => (name, word),
            (TypeKind::Enum, [b'e', b'n', b'u', b'm', b'(', word @ .., b')']) => (name, word),
            _ => return false,
        },
        _ => return false,
    };
    same(name.as_bytes(), word) && is_bare(word)
}

/// Whether the model's lines are exactly the lock's: the usual case, found without looking at lines.
pub(super) const fn same_lines(facts: &FactsDef<'_>, lock: &str) -> bool {
    let (mut ours, mut theirs, mut hole) = (facts.lines.as_bytes(), lock.as_bytes(), 0);
    loop {
        while let (Some((a, rest)), Some((b, others))) =
            (ours.split_first_chunk::<16>(), theirs.split_first_chunk::<16>())
        {
            // The lock holds no control characters, so that equal bytes hold no hole.
            if u128::from_ne_bytes(*a) != u128::from_ne_bytes(*b) {
                break;
            }
            (ours, theirs) = (rest, others);
        }
        let Some((first, rest)) = ours.split_first() else { return theirs.is_empty() };
        if *first == HOLE {
            if hole >= facts.holes.len() {
                return false;
            }
            let mut text: Text<512> = Text::new();
            text.push_hole(&facts.holes[hole]);
            let text = text.as_bytes();
            let mut at = 0;
            while at < text.len() {
                match theirs.split_first() {
                    Some((byte, others)) if *byte == text[at] => theirs = others,
                    _ => return false,
                }
                at += 1;
            }
            hole += 1;
        } else {
            match theirs.split_first() {
                Some((byte, others)) if *byte == *first => theirs = others,
                _ => return false,
            }
        }
        ours = rest;
    }
}

/// A line, and where it stands.
#[derive(Clone, Copy)]
struct Line {
    from: usize,
    to: usize,
    /// The number of holes before it.
    holes: usize,
}

/// One thing that models and lock say differently.
#[derive(Clone, Copy)]
pub struct Difference {
    ours: Option<Line>,
    theirs: Option<Line>,
    place: (usize, usize),
}

/// Walks all differences between a model and its table in the lock.
pub struct Differences<'a> {
    facts: FactsDef<'a>,
    lock: &'a [u8],
    how: How,
    ours: usize,
    holes: usize,
    place: usize,
    theirs: usize,
}

impl<'a> Differences<'a> {
    /// From a model's facts and the lines that the lock has for its table. With `guess`, nobody knows what fills the holes,
    /// and anything may stand there.
    #[must_use]
    pub const fn new(facts: FactsDef<'a>, lock: &'a str, comments: bool, guess: bool) -> Self {
        let how = How { comments, guess };
        Self { facts, lock: lock.as_bytes(), how, ours: 0, holes: 0, place: 0, theirs: 0 }
    }

    const fn line(&self, line: Line) -> &'a [u8] {
        slice(self.facts.lines.as_bytes(), line.from, line.to)
    }

    const fn locked(&self, line: Line) -> &'a [u8] {
        slice(self.lock, line.from, line.to)
    }

    /// The next one: first what the model says, in its order, then what only the lock does.
    pub const fn next(&mut self) -> Option<Difference> {
        let lines = self.facts.lines.as_bytes();
        while self.ours < lines.len() {
            let line = Line { from: self.ours, to: end(lines, self.ours), holes: self.holes };
            let place = (self.place, end(self.facts.places.as_bytes(), self.place));
            self.holes += holes_in(self.line(line));
            (self.ours, self.place) = (line.to + 1, place.1 + 1);
            if self.in_lock(line).is_none() {
                return Some(Difference { ours: Some(line), theirs: self.other_in_lock(line), place });
            }
        }
        while self.theirs < self.lock.len() {
            let line = Line { from: self.theirs, to: end(self.lock, self.theirs), holes: 0 };
            self.theirs = line.to + 1;
            if !self.in_model(line) {
                let place = (0, end(self.facts.places.as_bytes(), 0));
                return Some(Difference { ours: None, theirs: Some(line), place });
            }
        }
        None
    }

    const fn in_lock(&self, ours: Line) -> Option<Line> {
        let mut from = 0;
        while from < self.lock.len() {
            let line = Line { from, to: end(self.lock, from), holes: 0 };
            if says(self.line(ours), self.facts.holes, ours.holes, self.locked(line), self.how) {
                return Some(line);
            }
            from = line.to + 1;
        }
        None
    }

    /// What the lock says of the same thing.
    const fn other_in_lock(&self, ours: Line) -> Option<Line> {
        let mut from = 0;
        while from < self.lock.len() {
            let line = Line { from, to: end(self.lock, from), holes: 0 };
            if about_the_same(self.line(ours), self.locked(line)) && !self.said_by_model(line) {
                return Some(line);
            }
            from = line.to + 1;
        }
        None
    }

    const fn said_by_model(&self, theirs: Line) -> bool {
        self.find_in_model(theirs, false)
    }

    /// Whether the model says the same, or something else of the same thing, which was told as a change.
    const fn in_model(&self, theirs: Line) -> bool {
        self.find_in_model(theirs, true)
    }

    const fn find_in_model(&self, theirs: Line, or_changed: bool) -> bool {
        let lines = self.facts.lines.as_bytes();
        let (mut from, mut holes) = (0, 0);
        while from < lines.len() {
            let line = Line { from, to: end(lines, from), holes };
            holes += holes_in(self.line(line));
            if says(self.line(line), self.facts.holes, line.holes, self.locked(theirs), self.how)
                || or_changed && about_the_same(self.line(line), self.locked(theirs)) && self.in_lock(line).is_none()
            {
                return true;
            }
            from = line.to + 1;
        }
        false
    }

    /// Where the difference is, as `file:line:column`.
    #[must_use]
    pub const fn at(&self, difference: &Difference) -> &'a str {
        self.place_of(difference).0
    }

    /// The field, or nothing where it is not one field's.
    #[must_use]
    pub const fn field(&self, difference: &Difference) -> &'a str {
        self.place_of(difference).1
    }

    const fn place_of(&self, difference: &Difference) -> (&'a str, &'a str) {
        let place = slice(self.facts.places.as_bytes(), difference.place.0, difference.place.1);
        let field = field(place);
        if place.len() == field.len() {
            return ("", "");
        }
        (text(slice(place, 0, place.len() - field.len() - 1)), text(field))
    }

    /// Says it: ``"`User.bio` is `Text NULL`; no revision adds it"``.
    pub const fn say<const N: usize>(&self, out: &mut Text<N>, model: &str, difference: &Difference) {
        out.push("`");
        out.push(model);
        let any = match (difference.ours, difference.theirs) {
            (Some(line), _) => self.line(line),
            (None, Some(line)) => self.locked(line),
            (None, None) => return,
        };
        if difference.ours.is_some() && !self.field(difference).is_empty() {
            out.push(".");
            out.push(self.field(difference));
        }
        match (kind(any), difference.ours.is_some()) {
            (Kind::Table, _) => out.push("` is a table with `"),
            (Kind::Column, true) => out.push("` is `"),
            (Kind::Column, false) => {
                out.push("` has no field for the column `");
                out.push_bytes(name(any));
                out.push("`; no revision drops it");
                return;
            }
            (Kind::PrimaryKey, _) => out.push("` has the primary key `"),
            (Kind::Other(what), true) => {
                out.push("` has the ");
                out.push(what);
                out.push(" `");
            }
            (Kind::Other(what), false) => {
                out.push("` has no ");
                out.push(what);
                out.push(" `");
            }
        }
        if let Some(line) = difference.ours {
            let whole: Text<4096> = filled(self.line(line), self.facts.holes, line.holes);
            says_body(out, whole.as_bytes(), self.how.comments);
            out.push("`; ");
        }
        match difference.theirs {
            None => out.push("no revision adds it"),
            Some(line) if difference.ours.is_some() => {
                out.push("the revisions make it `");
                says_body(out, self.locked(line), self.how.comments);
                out.push("`");
            }
            Some(line) => {
                says_body(out, self.locked(line), self.how.comments);
                out.push("`; no revision drops it");
            }
        }
    }
}

/// What a line says, in the words of SQL where they are shorter than the lock's.
const fn says_body<const N: usize>(out: &mut Text<N>, line: &[u8], comments: bool) {
    let (body, column) = (body(line, comments), matches!(kind(line), Kind::Column));
    let (mut from, mut at, mut quoted) = (0, 0, false);
    if let (true, Some((b"type=", _))) = (column, body.split_first_chunk::<5>()) {
        (from, at) = (5, 5);
    }
    while at < body.len() {
        match body[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b' ' if column && !quoted => {
                let rest = body.split_at(at).1;
                let (length, word) = match rest.split_first_chunk::<5>() {
                    Some((b" null", after)) if after.is_empty() || after[0] == b' ' => (5, " NULL"),
                    _ => match rest.split_first_chunk::<9>() {
                        Some((b" default=", _)) => (9, " DEFAULT "),
                        _ => (0, ""),
                    },
                };
                if length > 0 {
                    out.push_bytes(slice(body, from, at));
                    out.push(word);
                    at += length;
                    from = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let at = if at > body.len() { body.len() } else { at };
    out.push_bytes(slice(body, from, at));
}

const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
