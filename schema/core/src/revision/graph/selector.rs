//! What a user types to name revisions: the grammar, without a graph.
//!
//! ```text
//! selector  =  [branch "@"] point [offset]  |  [branch "@"] offset
//! point     =  "head" | "heads" | "base" | "current" | id | the beginning of an id | label
//! branch    =  label | id | the beginning of an id
//! offset    =  "+" digits | "-" digits
//! range     =  [selector] ":" [selector]
//! ```

use std::fmt;
use std::str::FromStr;

use super::label::strange;

/// Where a selector begins to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// Nothing was typed but an offset: what is applied or, in a range, the range's other end.
    Relative,
    /// `current`: the heads of what is applied.
    Current,
    /// `head`: the only head.
    Head,
    /// `heads`: all of them.
    Heads,
    /// `base`: before the first revision.
    Base,
    /// An id, the beginning of one, or a branch label.
    Name(String),
}

/// One selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// What stands before the `@`.
    pub branch: Option<String>,
    /// Where it begins to count.
    pub point: Point,
    /// How many revisions up, or down where it is negative.
    pub offset: i32,
}

/// `a:b`; an end that is left out is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The lower end; open: the bases.
    pub from: Option<Selector>,
    /// The upper end; open: the heads.
    pub to: Option<Selector>,
}

/// A text that is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// Nothing was typed.
    #[error("an empty text names no revision; type an id, `head`, `heads`, `base`, `current`, a label, `+1` or `-1`")]
    Empty,
    /// Nothing stands before the `@`.
    #[error("nothing stands before the `@` of `{0}`; type a branch label or an id there, as in `label@head`")]
    NoBranch(String),
    /// Nothing stands after the `@`.
    #[error(
        "`{branch}@` says no point of the branch; type `{branch}@head`, `{branch}@base`, `{branch}@+1` or `{branch}@-1`"
    )]
    NoPoint {
        /// What stands before it.
        branch: String,
    },
    /// A second `@`, or a sign or branch where none can be.
    #[error("`{0}` is not understood; a selector is [branch@]point[+N|-N], as in `label@head-1`")]
    Form(String),
    /// What follows `+` is no number, or a number is too large.
    #[error("`{0}` ends in no number of revisions; type how many to count, as in `+1` or `head-2`")]
    Number(String),
    /// A character that no id and no label can hold.
    #[error("`{text}` can't name a revision: no id and no label holds {character:?}")]
    Character {
        /// What was typed.
        text: String,
        /// The character.
        character: char,
    },
    /// A range where one revision is asked for.
    #[error("`{0}` is a range of revisions, and one is asked for here")]
    Range(String),
    /// No range where one is asked for.
    #[error("`{0}` is no range; type `a:b`, `a:` (from a on) or `:b` (up to b)")]
    NoRange(String),
}

impl Selector {
    /// The selector of an id, word or label without more.
    fn of(point: Point) -> Self {
        Self { branch: None, point, offset: 0 }
    }

    /// `heads`.
    #[must_use]
    pub fn heads() -> Self {
        Self::of(Point::Heads)
    }

    /// `base`.
    #[must_use]
    pub fn base() -> Self {
        Self::of(Point::Base)
    }

    /// `current`.
    #[must_use]
    pub fn current() -> Self {
        Self::of(Point::Current)
    }

    /// The selector that is `id`, not parsed.
    #[must_use]
    pub fn id(id: impl Into<String>) -> Self {
        Self::of(Point::Name(id.into()))
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        if text.is_empty() {
            return Err(SelectorError::Empty);
        }
        if text.contains(':') {
            return Err(SelectorError::Range(text.to_owned()));
        }
        let (branch, rest) = match text.split_once('@') {
            Some(("", _)) => return Err(SelectorError::NoBranch(text.to_owned())),
            Some((branch, "")) => return Err(SelectorError::NoPoint { branch: branch.to_owned() }),
            Some((_, rest)) if rest.contains('@') => return Err(SelectorError::Form(text.to_owned())),
            Some((branch, rest)) => (Some(branch), rest),
            None => (None, text),
        };
        let (point, offset) = offset_of(rest).ok_or_else(|| SelectorError::Number(text.to_owned()))?;
        // What can't stand alone can't be counted from: `head-1-0` would be `head-1`.
        if !point.is_empty() && offset_of(point) != Some((point, 0)) {
            return Err(SelectorError::Form(text.to_owned()));
        }
        for name in branch.iter().chain([&point]) {
            if name.contains('+') {
                return Err(SelectorError::Form(text.to_owned()));
            }
            if let Some(character) = name.chars().find(|c| strange(*c)) {
                return Err(SelectorError::Character { text: text.to_owned(), character });
            }
        }
        let point = match point {
            "" => Point::Relative,
            "head" => Point::Head,
            "heads" => Point::Heads,
            "base" => Point::Base,
            "current" => Point::Current,
            name => Point::Name(undated(name)),
        };
        Ok(Self { branch: branch.map(undated), point, offset })
    }
}

impl FromStr for Range {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let Some((from, to)) = text.split_once(':') else { return Err(SelectorError::NoRange(text.to_owned())) };
        let end = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        Ok(Self { from: end(from)?, to: end(to)? })
    }
}

/// The text before the offset, and the offset; `None` where it is no number.
fn offset_of(text: &str) -> Option<(&str, i32)> {
    // The dashes of a date are no signs.
    let date = date(text);
    let Some(sign) = text[date..].rfind(['+', '-']).map(|at| at + date) else { return Some((text, 0)) };
    let (point, offset) = text.split_at(sign);
    let digits = &offset[1..];
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (number, offset.starts_with('-')) {
        (true, _) => offset.parse().ok().map(|offset| (point, offset)),
        // A label may hold dashes: `add-users`.
        (false, true) if !point.is_empty() && !digits.is_empty() => Some((text, 0)),
        (false, _) => None,
    }
}

/// How much of the text's beginning is a date as Diesel writes it: `2025-10-10` or `2025-10-10-122401`.
fn date(text: &str) -> usize {
    let fits = |form: &str| {
        text.len() >= form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, form)| if form == b'-' { byte == b'-' } else { byte.is_ascii_digit() })
            && text.as_bytes().get(form.len()).is_none_or(|byte| !byte.is_ascii_digit())
    };
    ["0000-00-00-000000", "0000-00-00"].into_iter().find(|form| fits(form)).map_or(0, str::len)
}

/// Diesel's folders begin with `2025-10-10-122401`, and its ids have no `-`: either can be typed.
fn undated(name: &str) -> String {
    let (date, rest) = name.split_at(date(name));
    date.replace('-', "") + rest
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(branch) = &self.branch {
            write!(f, "{branch}@")?;
        }
        f.write_str(match &self.point {
            Point::Relative => return write!(f, "{:+}", self.offset),
            Point::Current => "current",
            Point::Head => "head",
            Point::Heads => "heads",
            Point::Base => "base",
            Point::Name(name) => name,
        })?;
        if self.offset == 0 { Ok(()) } else { write!(f, "{:+}", self.offset) }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<Selector>| end.as_ref().map(ToString::to_string).unwrap_or_default();
        write!(f, "{}:{}", end(&self.from), end(&self.to))
    }
}
